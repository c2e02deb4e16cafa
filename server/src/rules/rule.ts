import type { Flow } from "../flow/flow.js";
import type { Location } from "../semantics/located.js";
import type { LineIndex } from "../syntax/text.js";
import type { MailSystem } from "../system/system.js";
import type { Finding, Fix, RelatedPlace, Severity } from "./finding.js";

/**
 * One mistake that people make. The examples are its tests and its documentation page alike: each is a
 * small mail system in one text, files divided by lines such as `-- master.cf --`, findings marked
 * under the line (`#  ^^^^ error`). A right example has no finding of this rule.
 */
export interface Rule {
  /** Stable, kebab-case; part of the interface. */
  readonly code: string;
  /** The severity it usually has; `report` may lower it where less is certain. */
  readonly severity: Severity;
  /** One line: what is wrong. */
  readonly summary: string;
  /** What happens to mail, with the line that the log will show. */
  readonly why: string;
  /** How to mend it. */
  readonly remedy: string;
  /** Why no edit can mend it; a rule without this offers a fix in each of its wrong examples. */
  readonly unfixable?: string;
  readonly wrong: readonly Example[];
  readonly right: readonly Example[];
  check(context: RuleContext): void;
}

export interface Example {
  readonly title: string;
  readonly text: string;
}

export interface RuleContext {
  readonly system: MailSystem;
  readonly flow: Flow;
  report(found: Found): void;
  /** "master.cf line 12", for messages and related places. */
  place(location: Location): string;
  text(file: string): string;
  lines(file: string): LineIndex;
}

export interface Found {
  readonly at: Location;
  readonly message: string;
  readonly severity?: Severity;
  readonly related?: readonly RelatedPlace[];
  readonly fixes?: () => readonly Fix[];
}

/**
 * Runs rules in order. All of them share one context, and most have nothing to report: what a report needs is made
 * when there is one.
 */
export function runRules(rules: readonly Rule[], context: Omit<RuleContext, "report">): Finding[] {
  const findings: Finding[] = [];
  let current: Rule | undefined;
  // Several services may lead to one place (content_filter in main.cf): it is said once.
  let said: Set<string> | undefined;
  const shared: RuleContext = {
    ...context,
    report({ at, message, severity, related, fixes }) {
      if (!current) return;
      const key = `${at.file}:${at.range.start}-${at.range.end} ${message}`;
      said ??= new Set();
      if (said.has(key)) return;
      said.add(key);
      findings.push({
        code: current.code,
        severity: severity ?? current.severity,
        message,
        file: at.file,
        range: at.range,
        related: distinct(related ?? [], at),
        fixes: fixes ?? NO_FIXES,
      });
    },
  };
  for (const rule of rules) {
    current = rule;
    said = undefined;
    rule.check(shared);
  }
  return findings;
}

const NO_FIXES = () => [];

/** One place is named once, and the finding's own place not at all. */
function distinct(related: readonly RelatedPlace[], at: Location): RelatedPlace[] {
  const seen = new Set([`${at.file}:${at.range.start}`]);
  return related.filter(({ file, range }) => {
    const key = `${file}:${range.start}`;
    return !seen.has(key) && seen.add(key);
  });
}
