/**
 * master.cf: eight columns, then arguments for the daemon. Arguments are split at blanks outside braces
 * and read by the daemon's getopt(3), which stops at the first word that is no option (POSTFIX 1.6).
 * A broken entry keeps whatever could be read of it, and never hides the entries after it.
 */
import type { Range, SyntaxProblem } from "../text.js";
import { isBlank, type LogicalLine, LogicalText, splitLines, type Trivia } from "./lines.js";
import { fillGaps, type Leaf } from "./main.js";
import { splitWords, type Word } from "./words.js";

export const COLUMNS = [
  "service",
  "type",
  "private",
  "unprivileged",
  "chroot",
  "wakeup",
  "maxproc",
  "command",
] as const;
export type Column = (typeof COLUMNS)[number];

/** One `-o NAME=VALUE` of an entry, in whatever form it was written. */
export interface MasterOption {
  readonly name: string;
  /** As the daemon reads it: blanks at both ends removed. */
  readonly value: string;
  /** From `-o` to the end of the value. */
  readonly range: Range;
  readonly nameRange: Range;
  readonly valueRange: Range;
  /** Place in the file of a stretch of `value`. */
  readonly valuePart: (start: number, end: number) => Range;
  readonly form: "separate" | "glued" | "braces";
  /** False when `=` is missing: the daemon dies at its start. */
  readonly valid: boolean;
}

/** A letter of an option word such as `-v`. */
export interface OptionLetter {
  readonly letter: string;
  readonly range: Range;
}

export interface MasterEntry {
  readonly range: Range;
  readonly words: readonly Word[];
  readonly columns: Readonly<Partial<Record<Column, Word>>>;
  /** Words behind the eight columns. */
  readonly arguments: readonly Word[];
  readonly options: readonly MasterOption[];
  /** Option letters other than `o`, as the daemon's getopt comes upon them. */
  readonly letters: readonly OptionLetter[];
  /** Words behind the options: what pipe(8), spawn(8) and smtp(8) take; errors for the others. */
  readonly operands: readonly Word[];
  /**
   * Options of a line that begins with `-o` in column 1: Postfix takes it for an entry of its own, people
   * mean it for the entry above (n13-option-not-indented).
   */
  readonly lostOptions: readonly MasterOption[];
  /** Only eight columns or more make an entry that Postfix takes. */
  readonly complete: boolean;
  readonly stray: boolean;
  readonly pieces: readonly Range[];
}

export interface MasterTree {
  readonly text: string;
  readonly entries: readonly MasterEntry[];
  readonly trivia: readonly Trivia[];
  readonly problems: readonly SyntaxProblem[];
}

export function parseMaster(text: string, template = false): MasterTree {
  const { lines, trivia } = splitLines(text, template);
  const problems: SyntaxProblem[] = [];
  const entries = lines.map((line): MasterEntry => {
    const logical = new LogicalText(text, line.pieces);
    const words = splitWords(logical, { plainWords: COLUMNS.length, template });
    const entry = readEntry(words, logical, line);
    problems.push(...problemsOf(entry));
    return entry;
  });
  return { text, entries, trivia, problems };
}

function readEntry(words: Word[], logical: LogicalText, line: LogicalLine): MasterEntry {
  const columns: Partial<Record<Column, Word>> = {};
  COLUMNS.forEach((column, index) => {
    const word = words[index];
    if (word) columns[column] = word;
  });
  const rest = words.slice(COLUMNS.length);
  const { options, letters, operands } = readArguments(rest, logical);
  return {
    range: line.range,
    words,
    columns,
    arguments: rest,
    options,
    letters,
    operands,
    lostOptions: words[0]?.text.startsWith("-o") ? readArguments(words, logical).options : [],
    complete: words.length >= COLUMNS.length,
    stray: line.stray,
    pieces: line.pieces,
  };
}

/** Option letters of the daemons' common skeletons that take an argument (getopt "+cdDi:lm:n:o:r:s:St:uvVz"). */
const WITH_ARGUMENT = "imnorst";

/** Reads the words behind the columns as the daemon's getopt would. */
function readArguments(
  words: readonly Word[],
  logical: LogicalText,
): { options: MasterOption[]; letters: OptionLetter[]; operands: Word[] } {
  const options: MasterOption[] = [];
  const letters: OptionLetter[] = [];
  let index = 0;
  for (; index < words.length; index++) {
    const word = words[index];
    if (!word?.text.startsWith("-") || word.text.length < 2) break;
    if (word.text === "--") {
      index++;
      break;
    }
    index += readOptionWord(word, words[index + 1], logical, options, letters);
  }
  return { options, letters, operands: words.slice(index) };
}

/** Reads one word of option letters; returns how many further words it used up. */
function readOptionWord(
  word: Word,
  next: Word | undefined,
  logical: LogicalText,
  options: MasterOption[],
  letters: OptionLetter[],
): number {
  for (let at = 1; at < word.text.length; at++) {
    const letter = word.text[at] ?? "";
    if (letter !== "o") letters.push({ letter, range: logical.rangeToFile(word.at + at, word.at + at + 1) });
    if (!WITH_ARGUMENT.includes(letter)) continue;
    const glued = at + 1 < word.text.length;
    const text = glued ? word.text.slice(at + 1) : (next?.text ?? "");
    const start = glued ? word.at + at + 1 : (next?.at ?? word.at + word.text.length);
    if (letter === "o") options.push(readOption(text, start, word, glued, logical));
    return glued || !next ? 0 : 1;
  }
  return 0;
}

/** Splits NAME=VALUE; inside braces blanks round name, `=` and value are dropped. */
function readOption(
  text: string,
  start: number,
  word: Word,
  glued: boolean,
  logical: LogicalText,
): MasterOption {
  const braces = text.startsWith("{");
  const from = braces ? 1 : 0;
  const to = braces && text.endsWith("}") ? text.length - 1 : text.length;
  const equals = text.slice(0, to).indexOf("=", from);
  const name = trimmed(text, from, equals < 0 ? to : equals);
  const value = equals < 0 ? { start: to, end: to } : trimmed(text, equals + 1, to);
  return {
    name: text.slice(name.start, name.end),
    value: text.slice(value.start, value.end),
    range: logical.rangeToFile(word.at, start + text.length),
    nameRange: logical.rangeToFile(start + name.start, start + name.end),
    valueRange: logical.rangeToFile(start + value.start, start + value.end),
    valuePart: (from, to) => logical.rangeToFile(start + value.start + from, start + value.start + to),
    form: braces ? "braces" : glued ? "glued" : "separate",
    valid: equals >= 0 && name.end > name.start,
  };
}

/** A stretch without the blanks at its ends; an empty one stays at its start. */
function trimmed(text: string, start: number, end: number): Range {
  let from = start;
  let to = end;
  while (to > from && isBlank(text.charCodeAt(to - 1))) to--;
  while (from < to && isBlank(text.charCodeAt(from))) from++;
  return from < to ? { start: from, end: to } : { start, end: start };
}

function problemsOf(entry: MasterEntry): SyntaxProblem[] {
  const problems: SyntaxProblem[] = [];
  if (entry.stray)
    problems.push({
      kind: "stray-continuation",
      message:
        "a line that begins with blank continues the entry before it, and there is none: Postfix drops this text",
      range: entry.range,
    });
  for (const word of entry.arguments)
    if (word.unclosed)
      problems.push({ kind: "unclosed-brace", message: "a '{' has no '}'", range: word.range });
  return problems;
}

/** Every character of the text, in order, each in exactly one leaf. */
export function masterLeaves(tree: MasterTree): Leaf[] {
  const leaves: Leaf[] = [];
  for (const entry of tree.entries)
    for (const word of entry.words) leaves.push(...wordLeaves(word, tree.trivia));
  return fillGaps(tree.text, tree.trivia, leaves);
}

/** A braced word may span lines with comments between them; those stay leaves of their own. */
function wordLeaves(word: Word, trivia: readonly Trivia[]): Leaf[] {
  if (word.range.end - word.range.start === word.text.length) return [{ kind: "word", range: word.range }];
  const leaves: Leaf[] = [];
  let at = word.range.start;
  for (const piece of trivia) {
    if (piece.range.start < word.range.start || piece.range.end > word.range.end) continue;
    leaves.push({ kind: "word", range: { start: at, end: piece.range.start } });
    at = piece.range.end;
  }
  leaves.push({ kind: "word", range: { start: at, end: word.range.end } });
  return leaves;
}
