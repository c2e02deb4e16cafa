import type { Location } from "../semantics/located.js";
import type { Range } from "../syntax/text.js";

/**
 * error: mail is lost, bounced, deferred, looped, unfiltered or relayed openly, or a program does not
 * start. warning: it works, but not as written or not always. information: worth knowing. hint: style.
 */
export type Severity = "error" | "warning" | "information" | "hint";

/** Another place that the finding is about. */
export interface RelatedPlace extends Location {
  readonly message: string;
}

/** One replacement in one file; an insertion has an empty range. */
export interface TextEdit {
  readonly file: string;
  readonly range: Range;
  readonly newText: string;
}

/** Another name for a file, in the same folder; nothing that is there is ever overwritten. */
export interface Rename {
  readonly file: string;
  /** Absolute path. */
  readonly to: string;
}

/** A change that mends a finding; its edits do not overlap and may touch other files than the finding's. */
export interface Fix {
  /** What the change does, as a command: "Add the reinjection service 127.0.0.1:20025". */
  readonly title: string;
  readonly edits: readonly TextEdit[];
  /** Done after the edits. A fix with one is never preferred: what the file says comes into force by it. */
  readonly rename?: Rename;
  /** True for the one fix that `check --fix` and "fix all" may take without asking. */
  readonly preferred?: boolean;
}

/** What a rule has to say about one place. Plain data but for `fixes`, which is worked out when asked for. */
export interface Finding extends Location {
  /** Stable, kebab-case: "reinjection-missing". */
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly related: readonly RelatedPlace[];
  /** Worked out on demand, because most findings are shown many times before one is mended. */
  readonly fixes: () => readonly Fix[];
}
