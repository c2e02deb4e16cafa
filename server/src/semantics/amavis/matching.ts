/** Patterns on known texts: `=~`, `s///`, `tr///`, `split`, and what `$1` is afterwards. */
import type { Expression, Pattern, StringPart } from "../../syntax/amavis/tree.js";
import type { Range } from "../../syntax/text.js";
import { evaluate } from "./expressions.js";
import { scalarTarget } from "./lvalues.js";
import type { Machine, Wanted } from "./machine.js";
import { concatenate } from "./operators.js";
import { type Translated, translatePattern } from "./regex.js";
import { partValues } from "./strings.js";
import { taintTarget } from "./taint.js";
import { transliterate } from "./transliteration.js";
import { text, textOf, undef, type Value } from "./value.js";

/** One search may take so many steps. */
const MOST_WORK = 2_000_000;

const STEPS_OF_REPLACEMENT = 30;

/** The text of a pattern with its variables filled in; undefined when they are not known. */
export function patternSource(machine: Machine, node: Pattern): string | undefined {
  const inBody = node.parts.filter((part) => part.end <= node.body.end && part.start >= node.body.start);
  let source = "";
  let quoting = false;
  let at = node.body.start;
  const add = (piece: string): void => {
    for (const part of piece.split(/(\\[QE])/)) {
      if (part === "\\Q" || part === "\\E") quoting = part === "\\Q";
      else source += quoting ? part.replace(/([^A-Za-z0-9_])/g, "\\$1") : part;
    }
  };
  for (const part of inBody) {
    if (part.kind !== "expression") continue;
    add(machine.textOf({ start: at, end: part.start }));
    const value = concatenate(machine, partValues(machine, [part]), part);
    if (value.kind !== "text") return undefined;
    source += quoting ? value.text.replace(/([^A-Za-z0-9_])/g, "\\$1") : value.text;
    at = part.end;
  }
  add(machine.textOf({ start: at, end: node.body.end }));
  // A pattern with other changes of case is not followed.
  return /\\[LUFlu]/.test(machine.textOf(node.body)) ? undefined : source;
}

function compiled(machine: Machine, pattern: Expression, subject: string): Translated | undefined {
  const value = pattern.kind === "pattern" ? undefined : evaluate(machine, pattern);
  const source =
    pattern.kind === "pattern"
      ? patternSource(machine, pattern)
      : value?.kind === "opaque" && value.name === "qr" && typeof value.detail === "string"
        ? value.detail
        : textOf(value);
  // The empty pattern means the last one that fitted.
  if (source === undefined || source === "") return undefined;
  const object = /^\(\?\^([a-z]*):([\s\S]*)\)$/.exec(source);
  const whole = object !== null && pattern.kind !== "pattern";
  const flags = whole ? (object[1] ?? "") : pattern.kind === "pattern" ? pattern.flags : "";
  const translated = translatePattern(whole ? (object[2] ?? "") : source, flags.replace(/[gcore]/g, ""));
  if (translated === undefined) return undefined;
  // A search begins at each character in turn, and each repetition may end at each.
  const work = (subject.length + 2) ** (translated.unbounded + 1);
  return subject.length < 5000 && work <= MOST_WORK && machine.mayWork(work) ? translated : undefined;
}

/** Notes what `$1` and `$&` are from now on. */
function remember(machine: Machine, match: RegExpExecArray): void {
  const names = new Map<string, Value>();
  for (const [name, found] of Object.entries(match.groups ?? {}))
    if (found !== undefined) names.set(name, text(found));
  machine.match = { groups: [...match].map((found) => (found === undefined ? undef() : text(found))), names };
}

/** The value of `$1`, `$&`; undefined when no pattern has fitted yet. */
export function matchVariable(machine: Machine, name: string): Value | undefined {
  const { match } = machine;
  if (match === undefined || "kind" in match) return match;
  return match.groups[name === "&" ? 0 : Number(name)] ?? undef();
}

function notKnown(machine: Machine, place: Range): Value {
  const reason = machine.unknown("the result of a pattern", place);
  machine.match = reason;
  return reason;
}

/** `$x =~ ...` and `$x !~ ...`, or a pattern alone, which looks at `$_`. */
export function bound(
  machine: Machine,
  subject: Expression | undefined,
  pattern: Expression,
  negated: boolean,
  wanted: Wanted,
): Value[] {
  if (
    pattern.kind === "pattern" &&
    (pattern.replacement !== undefined || pattern.operator === "transliterate")
  )
    return [changed(machine, subject, pattern, negated)];
  const value = subject === undefined ? topic(machine) : evaluate(machine, subject);
  const known = textOf(value);
  const translated = known === undefined ? undefined : compiled(machine, pattern, known);
  const flags = pattern.kind === "pattern" ? pattern.flags : "";
  if (known === undefined || translated === undefined) return [notKnown(machine, pattern)];
  const { regex } = translated;
  if (flags.includes("g") && wanted === "scalar") return [nextMatch(machine, subject, pattern, known, regex)];
  if (wanted === "list" && !negated) return matchList(machine, known, regex, flags);
  regex.lastIndex = 0;
  const found = regex.exec(known);
  if (found !== null) remember(machine, found);
  return [text((found !== null) !== negated ? "1" : "", machine.at(pattern))];
}

/** A match with /g that is asked for a scalar goes on behind the one before. */
function nextMatch(
  machine: Machine,
  subject: Expression | undefined,
  pattern: Expression,
  known: string,
  regex: RegExp,
): Value {
  const cell = subject === undefined ? machine.store.global("$_") : scalarTarget(machine, subject);
  if (cell.kind === "unknown") return notKnown(machine, pattern);
  const before = machine.positions.get(cell);
  regex.lastIndex = before?.text === known ? before.at : 0;
  const found = regex.exec(known);
  if (found === null) machine.positions.delete(cell);
  // Nothing may match twice at the same place.
  else if (found[0] === "") return notKnown(machine, pattern);
  else {
    machine.positions.set(cell, { text: known, at: regex.lastIndex });
    remember(machine, found);
  }
  return text(found === null ? "" : "1", machine.at(pattern));
}

function matchList(machine: Machine, subject: string, regex: RegExp, flags: string): Value[] {
  const all = [...subject.matchAll(regex)];
  const matches = flags.includes("g") ? all : all.slice(0, 1);
  const last = matches.at(-1);
  if (last === undefined) return [];
  remember(machine, last);
  if (last.length === 1) return flags.includes("g") ? matches.map(([whole]) => text(whole)) : [text("1")];
  return matches.flatMap((match) =>
    match.slice(1).map((group) => (group === undefined ? undef() : text(group))),
  );
}

function topic(machine: Machine): Value {
  const cell = machine.store.global("$_");
  return cell.kind === "scalar" ? cell.value : undef();
}

/** s/// and tr/// */
function changed(
  machine: Machine,
  subject: Expression | undefined,
  pattern: Pattern,
  negated: boolean,
): Value {
  const keeps = pattern.flags.includes("r");
  const target = subject === undefined ? machine.store.global("$_") : subjectCell(machine, subject, keeps);
  const old = target.kind === "scalar" ? target.value : undef();
  const known = textOf(old);
  const result =
    known === undefined
      ? undefined
      : pattern.operator === "transliterate"
        ? transliterate(
            machine.textOf(pattern.body),
            textIn(machine, pattern.replacement),
            pattern.flags,
            known,
          )
        : substitute(machine, pattern, known);
  if (result === undefined) {
    const reason = notKnown(machine, pattern);
    if (!keeps && subject !== undefined)
      taintTarget(machine, subject, machine.unknown("the result of a pattern", pattern));
    else if (!keeps && target.kind === "scalar") target.set(reason, machine.at(pattern));
    return reason;
  }
  if (keeps && result.count === 0 && pattern.operator === "substitute") return old;
  if (keeps) return text(result.text, machine.at(pattern));
  if (result.changed && target.kind === "scalar")
    target.set(text(result.text, machine.at(pattern)), machine.at(pattern));
  const count = result.count === 0 && pattern.operator === "substitute" ? "" : String(result.count);
  return text(negated ? (result.count > 0 ? "" : "1") : count, machine.at(pattern));
}

function subjectCell(machine: Machine, subject: Expression, keeps: boolean) {
  if (!keeps) return scalarTarget(machine, subject);
  return { kind: "scalar", value: evaluate(machine, subject), set: () => undefined } as const;
}

function textIn(machine: Machine, range: Range | undefined): string {
  return range === undefined ? "" : machine.textOf(range);
}

export interface Changed {
  readonly text: string;
  readonly count: number;
  readonly changed: boolean;
}

function substitute(machine: Machine, pattern: Pattern, subject: string): Changed | undefined {
  const { replacement, flags } = pattern;
  const translated = compiled(machine, pattern, subject);
  if (translated === undefined || replacement === undefined || flags.includes("e")) return undefined;
  const parts = pattern.parts.filter((part) => part.start >= replacement.start);
  const all = [...subject.matchAll(translated.regex)];
  const matches = flags.includes("g") ? all : all.slice(0, 1);
  if (!machine.mayWork(matches.length * STEPS_OF_REPLACEMENT)) return undefined;
  let result = "";
  let at = 0;
  for (const match of matches) {
    remember(machine, match);
    const value = replacementText(machine, pattern, parts);
    if (value === undefined) return undefined;
    result += subject.slice(at, match.index) + value;
    at = match.index + match[0].length;
  }
  const count = matches.length;
  return { text: result + subject.slice(at), count, changed: count > 0 };
}

function replacementText(
  machine: Machine,
  pattern: Pattern,
  parts: readonly StringPart[],
): string | undefined {
  // Between single quotes nothing interpolates.
  if (parts.length === 0) return textIn(machine, pattern.replacement).replace(/\\([^\w])/g, "$1");
  const value = concatenate(machine, partValues(machine, parts), pattern);
  return value.kind === "text" ? value.text : undefined;
}

/** Splits a text at a pattern; undefined when the pattern is not known. */
export function splitAt(
  machine: Machine,
  pattern: Expression,
  subject: string,
  limit: number,
): (string | undefined)[] | undefined {
  const empty = pattern.kind === "pattern" && pattern.body.start === pattern.body.end;
  const regex = empty ? /(?:)/dg : compiled(machine, pattern, subject)?.regex;
  if (regex === undefined) return undefined;
  const parts: (string | undefined)[] = [];
  let at = 0;
  for (const match of subject.matchAll(regex)) {
    const [{ length }] = match;
    // Nothing is split off before the first character by a match of nothing, nor behind the last one.
    if (length === 0 && (match.index === 0 || match.index >= subject.length)) continue;
    if (limit > 0 && parts.length >= limit - 1) break;
    parts.push(subject.slice(at, match.index), ...match.slice(1));
    at = match.index + length;
  }
  parts.push(subject.slice(at));
  return parts;
}
