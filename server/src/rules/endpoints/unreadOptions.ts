/** The options of master.cf that their program never looks at, worked out once for the rules about them. */

import type { Flow } from "../../flow/flow.js";
import { type ParameterFacts, parameterFacts } from "../../knowledge/parameters.js";
import { programFacts } from "../../knowledge/services.js";
import { mayRead, mayUse, mentionedNames } from "../../semantics/postfix/readers.js";
import type { Service } from "../../semantics/postfix/services.js";
import { readsParameter, type Setting } from "../../semantics/postfix/settings.js";
import { Memo } from "../../syntax/memo.js";
import { hasPlaceholder } from "../../syntax/postfix/words.js";
import type { Fix, TextEdit } from "../finding.js";
import type { RuleContext } from "../rule.js";

export interface UnreadOption {
  readonly kind: "wrong-client" | "postscreen" | "not-read" | "not-used";
  readonly setting: Setting;
  readonly service: Service;
  readonly facts: ParameterFacts;
  /** True when what the option asks for is so anyway. */
  readonly redundant: boolean;
}

const known = new Memo<Flow, readonly UnreadOption[]>();

export function unreadOptions({
  system,
  flow,
}: Pick<RuleContext, "system" | "flow">): readonly UnreadOption[] {
  let options = known.get(flow);
  if (options) return options;
  const mentioned = mentionedNames(system.parameters, system.services);
  options = system.settings.flatMap((setting): UnreadOption[] => {
    const { service, name, definition } = setting;
    if (!service || service.uncertain || definition.source !== "option" || mentioned.has(name)) return [];
    if (hasPlaceholder(name) || !programFacts(service.program)) return [];
    const kind = unreadKind(service.program, name);
    if (kind === undefined) return [];
    const { facts } = setting;
    if (!facts) return [];
    const { text, unknown } = system.environment.value(name);
    // Mail that smtpd takes passes no non_smtpd_milters anyway: whoever switches them off there has what is wanted.
    const idle = name === "non_smtpd_milters" && service.program === "smtpd" && setting.value.text === "";
    const redundant = idle || (unknown === undefined && text === setting.value.text);
    return [{ kind, setting, service, facts, redundant }];
  });
  known.set(flow, options);
  return options;
}

/** What is wrong with an option depends on the program and the name alone: there are few pairs, and many keystrokes. */
const kinds = new Map<string, UnreadOption["kind"] | undefined>();

export function unreadKind(program: string, name: string): UnreadOption["kind"] | undefined {
  const key = `${program} ${name}`;
  if (!kinds.has(key)) {
    if (kinds.size > 5000) kinds.clear();
    kinds.set(key, kindOf(program, name));
  }
  return kinds.get(key);
}

function kindOf(program: string, name: string): UnreadOption["kind"] | undefined {
  const facts = parameterFacts(name);
  if (!facts || facts.removed || facts.perService || facts.readOnly || facts.readBy.length === 0)
    return undefined;
  if (facts.readBy.includes("*")) {
    const matters = (by: string, other: ParameterFacts) =>
      readsParameter(by, other) && (!other.readBy.includes("*") || mayUse(by, other));
    return mayUse(program, facts) || mayRead(program, facts, matters) ? undefined : "not-used";
  }
  if (mayRead(program, facts)) return undefined;
  if (pairOf(program, name)) return "wrong-client";
  return program === "postscreen" && name.startsWith("smtpd_") ? "postscreen" : "not-read";
}

/** lmtp_X for smtp_X and the other way round, when the program would read that one; undefined for other names. */
export function pairOf(program: string, name: string): string | undefined {
  if (program !== "smtp" && program !== "lmtp") return undefined;
  const match = /^(smtp|lmtp)(_.*)$/.exec(name);
  if (!match || match[1] === program) return undefined;
  const pair = `${program}${match[2]}`;
  return parameterFacts(pair)?.readBy.includes(program) ? pair : undefined;
}

/** Deletes an option, every time that its service has it, with its line when nothing else is on it. */
export function deleteOptionFix(context: RuleContext, service: Service, name: string): Fix {
  const { file } = service.location;
  const text = context.text(file);
  const edits = service.options
    .filter((option) => option.name === name)
    .map(({ range }): TextEdit => {
      let { start } = range;
      while (text[start - 1] === " " || text[start - 1] === "\t") start--;
      const rest = /^[ \t]*(?=\r?\n|$)/.exec(text.slice(range.end));
      // The line goes with its own end; the one before keeps its.
      if (text[start - 1] !== "\n" || !rest) return { file, range: { start, end: range.end }, newText: "" };
      start -= text[start - 2] === "\r" ? 2 : 1;
      return { file, range: { start, end: range.end + rest[0].length }, newText: "" };
    });
  return { title: `Delete -o ${name}`, edits };
}

/** The programs that do look, as words for a message. */
export function showReaders({ readBy, usedIn }: ParameterFacts): string {
  const programs = (readBy.includes("*") ? usedIn : readBy).filter((name) => name !== "oqmgr");
  const shown = programs.slice(0, 4).map((name) => (/[()]/.test(name) ? name : `${name}(8)`));
  return `${shown.join(", ")}${programs.length > 4 ? " and others" : ""}`;
}
