/** Settings that a later statement replaces before anybody reads them, and old names that newer tables pass over. */
import { amavisVariable, amavisVariables } from "../../../knowledge/amavisVariables.js";
import type { AmavisAssignment, AmavisProblem } from "../configuration.js";
import type { UsedFile } from "../names.js";
import type { ArrayCell } from "../value.js";
import type { Evaluated } from "./settingFaults.js";
import { wholeLines } from "./textFaults.js";

export function overridden(evaluated: Evaluated): AmavisProblem[] {
  return [...replaced(evaluated), ...passedOver(evaluated)];
}

/** The files that Debian and Ubuntu bring; local files are there to override them. */
export const PACKAGED =
  /\/(?:01-debian|05-domain_id|05-node_id|15-av_scanners|15-content_filter_mode|20-debian_defaults|21-ubuntu_defaults|25-amavis_helpers|30-template_localization|40-policy_banks)$/;

function replaced({ machine, used }: Evaluated): AmavisProblem[] {
  const order = new Map(used.map(({ source }, index) => [source.path, index]));
  const readsBy = readPlaces(used);
  const problems: AmavisProblem[] = [];
  for (const [name, assignments] of machine.assignments.all()) {
    if (assignments.length < 2 || !isWhole(name)) continue;
    assignments.forEach((first, index) => {
      const later = assignments[index + 1];
      if (later === undefined || !isAfter(later, first) || !replaces(used, later, name)) return;
      if (PACKAGED.test(first.file) && later.file !== first.file) return;
      const variable = name.replace(/\{.*/s, "");
      if (readsBy.get(variable)?.some((read) => between(read, first, later, order)) === true) return;
      problems.push(report(used, name, first, later));
    });
  }
  return problems;
}

interface Place {
  readonly file: string;
  readonly start: number;
}

function readPlaces(used: readonly UsedFile[]): Map<string, Place[]> {
  const places = new Map<string, Place[]>();
  for (const { source, found } of used)
    for (const { name, range, access } of found.uses) {
      // An element or a push that is written in between needs the value too, but for the assignments themselves.
      if (access === "write" && source.tree.text.slice(range.start, range.end) === name && !/^%/.test(name)) {
        if (/^\s*(?:=(?![~=])|$)/.test(source.tree.text.slice(range.end, range.end + 200))) continue;
      }
      const list = places.get(name);
      const place = { file: source.path, start: range.start };
      if (list === undefined) places.set(name, [place]);
      else list.push(place);
    }
  return places;
}

/** Scalars and lists of amavisd as a whole, and whole banks. */
function isWhole(name: string): boolean {
  return (
    (!name.includes("{") && name !== "%policy_bank" && amavisVariable(name) !== undefined) ||
    /^%policy_bank\{[^{}]+\}$/.test(name)
  );
}

function isAfter(later: AmavisAssignment, first: AmavisAssignment): boolean {
  return later.file !== first.file || later.range.start >= first.range.end;
}

/** Only a plain `name = ...` leaves nothing of what was there. */
function replaces(used: readonly UsedFile[], assignment: AmavisAssignment, name: string): boolean {
  const text = used.find(({ source }) => source.path === assignment.file)?.source.tree.text ?? "";
  const before = text.slice(assignment.range.start, assignment.valueRange.start);
  const target = name.startsWith("%policy_bank{") ? "$policy_bank" : name;
  return before.trimStart().startsWith(target) && /[^=!<>.+\-*/%|&^x~]\s*=\s*$/.test(before);
}

function between(
  read: Place,
  first: AmavisAssignment,
  later: AmavisAssignment,
  order: ReadonlyMap<string, number>,
): boolean {
  const at = order.get(read.file) ?? 0;
  const from = order.get(first.file) ?? 0;
  const to = order.get(later.file) ?? 0;
  const afterFirst = at > from || (at === from && read.start >= first.range.end);
  const beforeLater = at < to || (at === to && read.start < later.range.end);
  const isTarget = at === to && read.start === later.range.start;
  return afterFirst && beforeLater && !isTarget;
}

function report(
  used: readonly UsedFile[],
  name: string,
  first: AmavisAssignment,
  later: AmavisAssignment,
): AmavisProblem {
  const source = used.find(({ source: { path } }) => path === later.file)?.source;
  const line = (source?.tree.text.slice(0, later.range.start).split("\n").length ?? 1).toString();
  const where =
    later.file === first.file
      ? `line ${line}`
      : `${later.file.slice(later.file.lastIndexOf("/") + 1)} line ${line}`;
  const text = used.find(({ source: { path } }) => path === first.file)?.source.tree.text ?? "";
  const shown = name.replace(/^%(policy_bank\{.*)$/s, "$$$1");
  const alone = text.slice(first.range.start, first.valueRange.start).split("=").length === 2;
  return {
    file: first.file,
    range: first.range,
    kind: "overridden-later",
    message: `${shown} is set again in ${where} before anything reads it: what is set here has no effect.`,
    fatal: false,
    severity: "information",
    related: [{ file: later.file, range: later.range, message: "the assignment that counts" }],
    fix: alone
      ? { title: "Delete this assignment", range: wholeLines(text, first.range), newText: "", certain: false }
      : undefined,
  };
}

let tables: ReadonlyMap<string, string> | undefined;

/** Old names with the table whose default refers to them. */
function tablesByOldName(): ReadonlyMap<string, string> {
  if (tables !== undefined) return tables;
  const found = new Map<string, string>();
  for (const { name, default: initial } of amavisVariables().values()) {
    if (!name.startsWith("@") || !name.endsWith("_maps") || !Array.isArray(initial)) continue;
    for (const item of initial) {
      const old = typeof item === "object" && item !== null && !Array.isArray(item) ? item.$ref : undefined;
      if (typeof old === "string" && amavisVariable(old)?.legacy === true) found.set(old, name);
    }
  }
  tables = found;
  return tables;
}

/** `$sa_kill_level_deflt` beside `@spam_kill_level_maps = (6)`: the table does not ask for it. */
function passedOver({ machine, used }: Evaluated): AmavisProblem[] {
  const problems: AmavisProblem[] = [];
  for (const [name, assignments] of machine.assignments.all()) {
    const table = tablesByOldName().get(name);
    const last = assignments.at(-1);
    const cell = table === undefined ? undefined : machine.store.peek(table);
    if (table === undefined || last === undefined || cell?.kind !== "array" || cell.origin === undefined)
      continue;
    if (refersTo(cell, name) || isRead(used, name)) continue;
    problems.push({
      file: last.file,
      range: last.range,
      kind: "legacy-variable",
      message: `${table} is set and does not refer to ${name}: the table decides, and what is set here has no effect.`,
      fatal: false,
      severity: "information",
      related: [{ ...cell.origin, message: `${table}, which decides` }],
    });
  }
  return problems;
}

function refersTo(cell: ArrayCell, name: string): boolean {
  return cell.items.some(
    ({ value }) => value.kind === "unknown" || (value.kind === "ref" && value.cell.name === name),
  );
}

function isRead(used: readonly UsedFile[], name: string): boolean {
  return used.some(({ found }) => found.uses.some((use) => use.name === name && use.access === "read"));
}
