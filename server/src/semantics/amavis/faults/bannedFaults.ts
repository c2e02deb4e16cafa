/** Names of rules for attachments that lead nowhere (check_for_banned_names in amavisd's Unpackers/Validity.pm). */

import type { Location } from "../../located.js";
import type { AmavisFix, AmavisProblem } from "../configuration.js";
import type { Machine } from "../machine.js";
import { resolved, settingOf } from "../methods.js";
import { namedBanks } from "../policyBanks.js";
import { nearestName } from "../spelling.js";
import { type HashCell, type ScalarCell, textOf } from "../value.js";
import { bypassedForAll, perRecipient } from "./checks.js";
import type { Evaluated } from "./settingFaults.js";

interface Asked {
  readonly name: string;
  readonly at: Location | undefined;
  /** The whole text in which the name stands. */
  readonly written: string;
  /** The policy bank that asks; undefined for the global setting. */
  readonly bank: string | undefined;
}

export function bannedFaults(evaluated: Evaluated): AmavisProblem[] {
  const { machine } = evaluated;
  const rules = machine.store.peek("%banned_rules");
  if (rules?.kind !== "hash" || rules.open !== undefined || bypassedForAll(machine, "banned")) return [];
  const asked = askedNames(machine);
  const global = asked.filter(({ bank }) => bank === undefined);
  const none = global.every(({ name }) => rules.get(name) === undefined);
  return [
    ...asked.flatMap((one) => missing(evaluated, rules, one, one.bank !== undefined || none)),
    ...tooEarly(evaluated, rules),
  ];
}

/** Every name that some mail asks for: results of @banned_filename_maps, of the banks too. */
function askedNames(machine: Machine): Asked[] {
  const asked: Asked[] = [];
  const add = (cell: ScalarCell, bank: string | undefined) => {
    const { value, origin } = resolved(cell.value, cell.origin);
    if (value.kind === "text")
      for (const name of value.text.split(/[, ]+/))
        if (name !== "") asked.push({ name, at: value.origin ?? origin, written: value.text, bank });
    if (value.kind === "ref" && value.cell.kind === "hash")
      for (const entry of value.cell.entries.values()) if (entry.value.kind === "text") add(entry, bank);
  };
  const maps = machine.store.global("@banned_filename_maps");
  if (maps.kind === "array") for (const item of maps.items) add(item, undefined);
  for (const [name, bank] of namedBanks(machine)) {
    const value = bank.get("banned_filename_maps")?.value;
    if (value?.kind === "ref" && value.cell.kind === "array")
      for (const item of value.cell.items) add(item, name);
  }
  return asked;
}

function missing(evaluated: Evaluated, rules: HashCell, asked: Asked, nothing: boolean): AmavisProblem[] {
  const { name, bank } = asked;
  if (rules.get(name) !== undefined) return [];
  // With SQL or LDAP the names come from there, and a default for the others may not be wanted.
  if (asked.at === undefined && perRecipient(evaluated.machine)) return [];
  const first = rules.entries.values().next().value;
  const at = asked.at ?? rules.origin ?? first?.keyOrigin ?? first?.origin;
  if (at === undefined) return [];
  const whose = bank === undefined ? "@banned_filename_maps" : `banned_filename_maps of the bank ${bank}`;
  const consequence = nothing
    ? "no attachment is stopped by name or type"
    : "the rules that it should name do not apply";
  return [
    {
      ...at,
      kind: "banned-rule-missing",
      message: `${whose} asks for the rule ${name}${asked.at === undefined ? " (its default)" : ""}, which %banned_rules does not have: amavisd logs "unknown banned table name ${name}" (level 2), and ${consequence}.`,
      fatal: false,
      severity: nothing ? "error" : "warning",
      absence: true,
      related:
        asked.at === undefined || rules.origin === undefined
          ? []
          : [{ ...rules.origin, message: "%banned_rules" }],
      fix: asked.at === undefined ? addDefault(evaluated, rules) : nearest(rules, asked),
    },
  ];
}

function nearest(rules: HashCell, { name, at, written }: Asked): AmavisFix | undefined {
  const keys = rules.keys();
  const known = (one: string) => one.replace(/[-_]/g, "").toLowerCase();
  const same = keys.find((key) => known(key) === known(name));
  const found = same ?? nearestName(name, keys);
  if (found === undefined || at === undefined || written !== name) return undefined;
  const newText = `'${found}'`;
  return {
    title: `Change to ${found}`,
    file: at.file,
    range: at.range,
    newText,
    certain: same !== undefined,
  };
}

/** DEFAULT is made of $banned_filename_re only while %banned_rules is empty. */
function addDefault({ machine }: Evaluated, rules: HashCell): AmavisFix | undefined {
  const table = settingOf(machine.store.global("$banned_filename_re")).value;
  const last = [...machine.assignments.all()]
    .flatMap(([name, assignments]) => (/^%banned_rules(?:\{|$)/.test(name) ? assignments : []))
    .at(-1);
  const [only, ...others] = rules.keys();
  if (last === undefined) return undefined;
  const statement =
    table.kind !== "undef"
      ? "$banned_rules{'DEFAULT'} = \\$banned_filename_re;"
      : only !== undefined && others.length === 0
        ? `@banned_filename_maps = ('${only}');`
        : undefined;
  if (statement === undefined) return undefined;
  return {
    title: `Add ${statement}`,
    file: last.file,
    range: { start: last.range.end, end: last.range.end },
    newText: `\n${statement}`,
    certain: false,
  };
}

/** `%banned_rules = (DEFAULT => $banned_filename_re)` above the line that sets $banned_filename_re. */
function tooEarly({ machine, used }: Evaluated, rules: HashCell): AmavisProblem[] {
  const table = settingOf(machine.store.peek("$banned_filename_re"));
  if (table.origin === undefined || table.value.kind === "undef") return [];
  return [...rules.entries].flatMap(([name, entry]): AmavisProblem[] => {
    const at = entry.value.kind === "undef" ? emptyTable(used, entry) : undefined;
    if (at === undefined) return [];
    return [
      {
        ...at,
        kind: "banned-rule-missing",
        message: `$banned_filename_re has no value yet where the rule ${name} is made of it: the rule stays empty, and amavisd passes over it without a word.`,
        fatal: false,
        severity: "error",
        related: table.origin === undefined ? [] : [{ ...table.origin, message: "it is set only here" }],
        fix: { title: "Refer to it", range: at.range, newText: "\\$banned_filename_re" },
      },
    ];
  });
}

/** Where an entry is made of $banned_filename_re: behind its key, or as the whole right side. */
function emptyTable(used: Evaluated["used"], { origin, keyOrigin }: ScalarCell): Location | undefined {
  const text = used.find(({ source }) => source.path === origin?.file)?.source.tree.text;
  if (origin === undefined || text === undefined) return undefined;
  const { start, end } = origin.range;
  const written = /^(\s*(?:=>|,)?\s*)\$banned_filename_re\b/;
  for (const from of [start, keyOrigin?.range.end ?? start]) {
    const found = from < end ? written.exec(text.slice(from, end)) : null;
    const at = from + (found?.[1]?.length ?? 0);
    if (found !== null) return { file: origin.file, range: { start: at, end: from + found[0].length } };
  }
  return undefined;
}

/** Whether the configuration has rules for attachments. */
export function hasBannedRules(machine: Machine): boolean {
  const rules = machine.store.global("%banned_rules");
  return (
    textOf(settingOf(machine.store.global("$banned_filename_re")).value) !== "" ||
    (rules.kind === "hash" && [...rules.entries.values()].some(({ value }) => value.kind !== "undef"))
  );
}
