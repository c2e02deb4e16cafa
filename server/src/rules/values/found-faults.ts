/** What the rules about single values share: the faults of a system, who fails at them, and the edit that mends one. */

import type { Location } from "../../semantics/located.js";
import type { Environment } from "../../semantics/postfix/parameters.js";
import type { Setting } from "../../semantics/postfix/settings.js";
import { type SettingFault, settingFaults } from "../../semantics/postfix/values/settingFaults.js";
import type { ValueFaultKind } from "../../semantics/postfix/values/values.js";
import { Memo } from "../../syntax/memo.js";
import type { MailSystem } from "../../system/system.js";
import type { Fix, Severity } from "../finding.js";
import { nearest } from "../nearest.js";
import type { RuleContext } from "../rule.js";

const known = new Memo<MailSystem, readonly SettingFault[]>();

/** The faults of all values; worked out once a system, for all rules. */
function faultsIn(system: MailSystem): readonly SettingFault[] {
  let faults = known.get(system);
  if (!faults) {
    faults = settingFaults(system.settings, system.services, (file) => {
      const { main, master } = system.source;
      return (file === main?.path ? main : file === master?.path ? master : undefined)?.template ?? false;
    });
    known.set(system, faults);
  }
  return faults;
}

export interface ReportOptions {
  /** Which of the kind's faults belong to the rule. */
  readonly when?: (found: SettingFault) => boolean;
  /** The severity where the program goes on without a loss. */
  readonly milder?: Severity;
}

/** Reports the faults of some kinds, with the words that all of them have in common. */
export function reportFaults(
  context: RuleContext,
  kinds: readonly ValueFaultKind[],
  { when = () => true, milder = "warning" }: ReportOptions = {},
): void {
  for (const found of faultsIn(context.system)) {
    if (!kinds.includes(found.fault.kind) || !when(found)) continue;
    context.report({
      at: found.at,
      message: describe(context.system, found),
      severity: fails(context.system, found) ? "error" : milder,
      fixes: () => mend(context, found),
    });
  }
}

/** Programs that are part of every mail system, so that what they read is read wherever Postfix runs. */
const EVERYWHERE = ["smtpd", "cleanup", "qmgr", "trivial-rewrite", "bounce", "smtp", "local", "pickup"];

function fails(system: MailSystem, found: SettingFault): boolean {
  const { fault, readers, setting } = found;
  if (fault.effect === "warn" || fault.effect === "silent") return false;
  if (!inUse(found)) return false;
  if (readers.every || readers.services.length > 0 || readers.others.length > 0) return true;
  // Without a whole master.cf nobody can say that no service reads it.
  return system.masterOpen !== undefined && EVERYWHERE.some((name) => setting.facts?.readBy.includes(name));
}

/** Whether what the value belongs to is switched on in the environment of a program that reads it. */
function inUse({ fault, readers, setting }: SettingFault): boolean {
  const environments = [setting.environment, ...readers.services.map((service) => service.environment)];
  if (fault.effect === "refuse" && /_tls_mandatory_/.test(setting.name))
    return environments.some((one) => requiresTls(setting.name, one));
  const { onlyWith, onlyWithout } = fault;
  if (onlyWithout && environments.every((one) => isSet(one, onlyWithout))) return false;
  if (!onlyWith) return true;
  return environments.some((environment) =>
    onlyWith.some((name) => {
      const { text, unknown } = environment.value(name);
      return unknown === undefined && text !== "" && text.toLowerCase() !== "no";
    }),
  );
}

function isSet(environment: Environment, name: string): boolean {
  const source = environment.definition(name)?.source;
  return source === "main" || source === "option";
}

/** Whether a security level above "may", or wrapper mode, makes TLS a must for the program with that prefix. */
function requiresTls(name: string, environment: Environment): boolean {
  const prefix = name.replace(/_tls_.*/, "_tls");
  const value = (suffix: string) => environment.value(`${prefix}_${suffix}`);
  return (
    !["", "none", "may"].includes(value("security_level").text.toLowerCase()) ||
    value("wrappermode").text.toLowerCase() === "yes"
  );
}

function describe(system: MailSystem, found: SettingFault): string {
  const { fault, setting } = found;
  const { name } = setting;
  const what =
    fault.text === ""
      ? `${name} is empty: it takes ${fault.expected}, and an empty value is not the default`
      : `${name} takes ${fault.expected}, not "${fault.text}"`;
  if (fault.effect === "silent") return `${what}: ${fault.consequence ?? ""}${suffix(fault.log)}.`;
  const who = programs(system, found);
  const more = fault.consequence ? ` ${fault.consequence}` : "";
  if (fault.effect === "fatal") return `${what}: ${who.stops} with "fatal: ${fault.log}"${who.when}.`;
  if (fault.effect === "fatal-in-use")
    return `${what}: ${who.stops} with "fatal: ${fault.log}" when the value is needed.`;
  return fault.log === ""
    ? `${what}.`
    : `${what}: ${who.warns} "warning: ${fault.log}"${more}${effectOfTls(fault.kind)}.`;
}

const suffix = (log: string) => (log === "" ? ", without a word in the log" : "");
const effectOfTls = (kind: ValueFaultKind) => (kind === "tls-protocols" ? ", so that there is no TLS" : "");

interface Who {
  readonly stops: string;
  readonly warns: string;
  readonly when: string;
}

function programs(system: MailSystem, { readers, setting }: SettingFault): Who {
  if (readers.every)
    return { stops: "every program of Postfix stops", warns: "every program of Postfix logs", when: "" };
  const names = [...new Set([...readers.services.map((service) => service.program), ...readers.others])];
  if (names.length === 0) {
    const reader = setting.facts?.readBy.filter((one) => one !== "library").join(" and ") || "no program";
    const none =
      system.masterOpen === undefined
        ? `no service here runs ${reader}, which would stop`
        : `${reader} stops`;
    return { stops: none, warns: `${reader} logs`, when: "" };
  }
  const [first = ""] = names;
  const joined = names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : first;
  const one = names.length === 1;
  const daemons = readers.services.length > 0;
  return {
    stops: `${joined} ${one ? "stops" : "stop"}`,
    warns: `${joined} ${one ? "logs" : "log"}`,
    when: daemons ? ` as soon as ${one ? "it is" : "they are"} needed, while the port stays open` : "",
  };
}

function mend(context: RuleContext, { fault, setting, at }: SettingFault): Fix[] {
  if (fault.text === "") return [removeSetting(context, setting, true)];
  // What does not stand there letter by letter (a $name with text around it) cannot be replaced.
  const written = context.text(at.file).slice(at.range.start, at.range.end);
  if (written !== fault.text) return [];
  const to = (newText: string, title: string, preferred: boolean): Fix => ({
    title,
    edits: [{ file: at.file, range: at.range, newText }],
    preferred,
  });
  const { suggestion, candidates } = fault;
  if (fault.kind === "time-trailing") {
    const value = { file: at.file, range: { start: at.range.start - fault.start, end: at.range.end } };
    const text = context.text(at.file).slice(value.range.start, value.range.end);
    if (suggestion === undefined || text !== setting.value.text) return [];
    return [{ title: `Write ${suggestion}`, edits: [{ ...value, newText: suggestion }], preferred: true }];
  }
  const guess = suggestion ?? nearest(fault.text.toLowerCase(), candidates ?? []);
  if (guess !== undefined) return [to(guess, `Write ${guess}`, !UNSURE.has(fault.kind))];
  const few = candidates && candidates.length <= 4 ? candidates : [];
  const words = few.map((word) => to(word, `Write ${word}`, false));
  if (fault.text === setting.value.text) return [...words, removeSetting(context, setting, false)];
  return [...words, removeItem(context, at, fault.text)];
}

/** Kinds for which what is offered is one possibility among several. */
const UNSURE: ReadonlySet<ValueFaultKind> = new Set(["range", "user"]);

/** Takes one item out of a list, with the separator before or behind it. */
function removeItem(context: RuleContext, { file, range }: Location, item: string): Fix {
  const text = context.text(file);
  const before = /[, \t]*,[, \t]*$|[ \t]+$/.exec(text.slice(0, range.start))?.[0] ?? "";
  const first = /[=\n]\s*$/.test(text.slice(0, range.start));
  const behind = first ? (/^[, \t]+/.exec(text.slice(range.end))?.[0].length ?? 0) : 0;
  const start = first ? range.start : range.start - before.length;
  return {
    title: `Remove ${item}`,
    edits: [{ file, range: { start, end: range.end + behind }, newText: "" }],
  };
}

/** Takes the setting out, so that the default holds. */
export function removeSetting(context: RuleContext, setting: Setting, preferred: boolean): Fix {
  const { service, name, definition, nameLocation, valueLocation } = setting;
  const { file } = nameLocation;
  const text = context.text(file);
  if (definition.source === "option" && service) {
    const option = service.options.filter((one) => one.valid && one.name === name).at(-1);
    const range = option?.range ?? nameLocation.range;
    const start = range.start - (/[ \t\r\n]*$/.exec(text.slice(0, range.start))?.[0].length ?? 0);
    return {
      title: `Remove -o ${name}=, so that the value of main.cf or the default holds`,
      edits: [{ file, range: { start, end: range.end }, newText: "" }],
    };
  }
  const end = text.indexOf("\n", Math.max(nameLocation.range.end, valueLocation.range.end));
  return {
    title: `Remove ${name}, so that the default holds`,
    edits: [
      { file, range: { start: nameLocation.range.start, end: end < 0 ? text.length : end + 1 }, newText: "" },
    ],
    preferred,
  };
}
