/**
 * main.cf: NAME = VALUE entries (split_nameval(3)). Parsing never fails; what Postfix would refuse is a
 * problem beside the tree, and every character of the text belongs to exactly one leaf.
 */
import type { Range, SyntaxProblem } from "../text.js";
import { isBlank, LogicalText, splitLines, type Trivia } from "./lines.js";

export interface MainEntry {
  readonly range: Range;
  readonly name: string;
  readonly nameRange: Range;
  /** Offset of the `=`; undefined when it is missing. */
  readonly equals: number | undefined;
  /** The value as Postfix reads it: continuation lines joined, blanks at both ends removed. */
  readonly value: string;
  /** Where the value stands; empty and behind the `=` when the value is empty. */
  readonly valueRange: Range;
  /** Place in the file of a stretch of `value`. */
  readonly valuePart: (start: number, end: number) => Range;
  /** False for an entry that Postfix drops or refuses. */
  readonly valid: boolean;
  /** True for an entry that begins with a blank and has none before it: Postfix drops it. */
  readonly stray: boolean;
  /** For printing: the physical pieces. */
  readonly pieces: readonly Range[];
}

export interface MainTree {
  readonly text: string;
  readonly entries: readonly MainEntry[];
  readonly trivia: readonly Trivia[];
  readonly problems: readonly SyntaxProblem[];
}

export interface Leaf {
  readonly kind: "comment" | "blank" | "control" | "name" | "equals" | "value" | "word" | "space";
  readonly range: Range;
}

export function parseMain(text: string, template = false): MainTree {
  const { lines, trivia } = splitLines(text, template);
  const problems: SyntaxProblem[] = [];
  const entries: MainEntry[] = [];
  for (const line of lines) {
    const entry = parseEntry(new LogicalText(text, line.pieces), line.range, line.pieces, line.stray);
    entries.push(entry);
    const problem = problemOf(entry, line.stray);
    if (problem) problems.push(problem);
  }
  return { text, entries, trivia, problems };
}

function parseEntry(logical: LogicalText, range: Range, pieces: readonly Range[], stray: boolean): MainEntry {
  const { text } = logical;
  let at = 0;
  while (at < text.length && isBlank(text.charCodeAt(at))) at++;
  const nameStart = at;
  while (at < text.length && !isBlank(text.charCodeAt(at)) && text[at] !== "=") at++;
  const nameEnd = at;
  while (at < text.length && isBlank(text.charCodeAt(at))) at++;
  const hasEquals = text[at] === "=";
  let start = hasEquals ? at + 1 : at;
  let end = text.length;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  // An empty value stays right behind the `=`, where an edit would write it.
  const afterEquals = start;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  if (start >= end) start = end = afterEquals;
  const valueStart = start;
  return {
    range,
    pieces,
    name: text.slice(nameStart, nameEnd),
    nameRange: logical.rangeToFile(nameStart, nameEnd),
    equals: hasEquals ? logical.toFile(at) : undefined,
    value: text.slice(start, end),
    valueRange: logical.rangeToFile(start, end),
    valuePart: (from, to) => logical.rangeToFile(valueStart + from, valueStart + to),
    valid: hasEquals && nameEnd > nameStart && !stray,
    stray,
  };
}

function problemOf(entry: MainEntry, stray: boolean): SyntaxProblem | undefined {
  if (stray)
    return {
      kind: "stray-continuation",
      message:
        "a line that begins with blank continues the entry before it, and there is none: Postfix drops this text",
      range: entry.range,
    };
  if (entry.name === "")
    return { kind: "missing-name", message: "missing parameter name before '='", range: entry.range };
  if (entry.equals === undefined)
    return {
      kind: "missing-equals",
      message: `missing '=' after the parameter name "${entry.name}"`,
      range: entry.nameRange,
    };
  return undefined;
}

/** Every character of the text, in order, each in exactly one leaf. */
export function mainLeaves(tree: MainTree): Leaf[] {
  const leaves: Leaf[] = [];
  for (const entry of tree.entries) {
    leaves.push({ kind: "name", range: entry.nameRange });
    if (entry.equals !== undefined)
      leaves.push({ kind: "equals", range: { start: entry.equals, end: entry.equals + 1 } });
    const from = Math.max(entry.nameRange.end, entry.equals === undefined ? 0 : entry.equals + 1);
    for (const piece of entry.pieces)
      leaves.push({ kind: "value", range: { start: Math.max(from, piece.start), end: piece.end } });
  }
  return fillGaps(tree.text, tree.trivia, leaves);
}

/** Puts leaves and trivia in order and makes what lies between them (blanks and line ends) leaves of their own. */
export function fillGaps(text: string, trivia: readonly Trivia[], leaves: readonly Leaf[]): Leaf[] {
  const known: Leaf[] = [...trivia, ...leaves]
    .filter((leaf) => leaf.range.end > leaf.range.start)
    .sort((a, b) => a.range.start - b.range.start);
  const all: Leaf[] = [];
  let at = 0;
  for (const leaf of known) {
    if (leaf.range.start > at) all.push({ kind: "space", range: { start: at, end: leaf.range.start } });
    all.push(leaf);
    at = leaf.range.end;
  }
  if (at < text.length) all.push({ kind: "space", range: { start: at, end: text.length } });
  return all;
}
