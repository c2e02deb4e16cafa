/** What stands at an offset of main.cf or master.cf. */
import type { Service } from "../semantics/postfix/services.js";
import { isBlank } from "../syntax/postfix/lines.js";
import { COLUMNS, type MasterEntry } from "../syntax/postfix/master.js";
import type { Range } from "../syntax/text.js";
import type { MailSystem } from "../system/system.js";
import type { MacroPlace, PostfixPlace, TypedWord, ValuePlace } from "./position.js";

interface Line extends Range {
  readonly text: string;
  /** "entry" begins in column 1, "more" continues the entry before it. */
  readonly kind: "empty" | "comment" | "entry" | "more";
}

export function mainPlace(system: MailSystem, offset: number): PostfixPlace | undefined {
  const { main, environment } = system;
  if (!main) return undefined;
  const { text } = main;
  const line = lineAt(text, offset);
  if (line.kind === "comment" || isControl(main.trivia, offset)) return undefined;
  if (line.kind === "empty")
    return { kind: "name", word: { typed: "", range: { start: offset, end: offset } }, rest: "" };
  const entry = lastBefore(main.entries, line.kind === "entry" ? offset : line.start);
  if (!entry || entry.stray || (line.kind === "more" && offset === line.start)) return undefined;
  const { nameRange, equals } = entry;
  if (line.kind === "entry" && offset <= nameRange.end) {
    const word = wordBetween(text, nameRange.start, offset, nameRange.end);
    return { kind: "name", word, rest: text.slice(word.range.end, line.end) };
  }
  if (equals === undefined || offset <= equals) return undefined;
  const value = logicalAround(text, entry.pieces, equals + 1, offset);
  const place = { parameter: entry.name, environment, service: undefined, form: "main" as const };
  return valueOrMacro(text, offset, { ...place, ...value });
}

export function masterPlace(system: MailSystem, offset: number): PostfixPlace | undefined {
  const { master } = system;
  if (!master) return undefined;
  const { text } = master;
  const line = lineAt(text, offset);
  if (line.kind === "comment" || isControl(master.trivia, offset)) return undefined;
  const empty = { typed: "", range: { start: offset, end: offset } };
  if (line.kind === "empty")
    return { kind: "column", column: "service", words: [], word: empty, last: true, entry: undefined };
  const entry = lastBefore(master.entries, line.kind === "entry" ? offset : line.start);
  if (!entry || entry.stray || (line.kind === "more" && offset === line.start)) return undefined;
  const lost = entry.words[0]?.text.startsWith("-") === true;
  // An option line that lost its indentation is meant for the entry above it.
  const owner = lost ? lastBefore(master.entries, entry.range.start - 1) : entry;
  if (!owner) return undefined;
  const current = entry.words.find(({ range }) => range.start <= offset && offset <= range.end);
  const before = entry.words.filter(({ range }) => range.end < offset && range !== current?.range);
  const skipped = lost ? 0 : COLUMNS.length;
  const column = lost ? undefined : COLUMNS[before.length];
  if (column !== undefined) {
    const word = current ? wordBetween(text, current.range.start, offset, current.range.end) : empty;
    const seen = before.length + (current ? 1 : 0);
    const words = before.map((one) => one.text);
    return { kind: "column", column, words, word, last: entry.words.length <= seen, entry };
  }
  const start = current?.range.start ?? offset;
  const behind = before.slice(skipped).map((one) => one.text);
  return argumentPlace(system, text, owner, behind, start, offset, current?.range.end ?? offset);
}

function argumentPlace(
  system: MailSystem,
  text: string,
  entry: MasterEntry,
  before: readonly string[],
  start: number,
  offset: number,
  end: number,
): PostfixPlace | undefined {
  const service = system.services.find((candidate) => candidate.entry === entry);
  const program = service?.program ?? entry.columns.command?.text.split("/").pop() ?? "";
  const { expects, operands } = optionState(before);
  const typed = text.slice(start, offset);
  if (expects === "o") return optionPlace(system, text, entry, service, program, typed, offset, end);
  if (expects !== undefined) return undefined;
  if (operands.length === 0 && /^-o./.test(typed))
    return optionPlace(system, text, entry, service, program, typed.slice(2), offset, end);
  const word = wordBetween(text, start, offset, end);
  const started = operands.some((one) => one.startsWith("argv=")) || typed.startsWith("argv=");
  if (started) {
    const macro = macroAt(text, offset, typed);
    if (macro) return { ...macro, parameter: "argv", service, argumentOf: program };
  }
  return { kind: "argument", program, service, entry, word, operands };
}

/** The letters of the daemons' skeletons that take an argument. */
const WITH_ARGUMENT = "imnorst";

/** What getopt waits for behind some words: the argument of a letter, or none; and the words behind the options. */
function optionState(words: readonly string[]): { expects: string | undefined; operands: readonly string[] } {
  let expects: string | undefined;
  for (const [index, word] of words.entries()) {
    if (expects !== undefined) {
      expects = undefined;
      continue;
    }
    if (word === "--") return { expects, operands: words.slice(index + 1) };
    if (!word.startsWith("-") || word.length < 2) return { expects, operands: words.slice(index) };
    const letter = [...word.slice(1)].findIndex((one) => WITH_ARGUMENT.includes(one));
    if (letter >= 0 && letter === word.length - 2) expects = word[letter + 1];
  }
  return { expects, operands: [] };
}

/** @param typed what stands of `NAME=VALUE` or `{ NAME = VALUE }` before the cursor */
function optionPlace(
  system: MailSystem,
  text: string,
  entry: MasterEntry,
  service: Service | undefined,
  program: string,
  typed: string,
  offset: number,
  end: number,
): PostfixPlace | undefined {
  const braces = typed.startsWith("{");
  const inner = braces ? typed.slice(1) : typed;
  const equals = inner.indexOf("=");
  if (equals < 0) {
    const name = inner.trimStart();
    if (/\s/.test(name)) return undefined;
    const rest = /^[A-Za-z0-9_-]*/.exec(text.slice(offset, end))?.[0].length ?? 0;
    const word = wordBetween(text, offset - name.length, offset, offset + rest);
    const lineEnd = lineAt(text, offset).end;
    const behind = text.slice(word.range.end, lineEnd);
    return { kind: "option-name", program, service, entry, word, rest: behind };
  }
  const after = text.slice(offset, end).replace(braces ? /\s*\}$/ : /$/, "");
  return valueOrMacro(text, offset, {
    parameter: inner.slice(0, equals).trim(),
    environment: service?.environment ?? system.environment,
    service,
    form: braces ? "braces" : "separate",
    before: inner.slice(equals + 1),
    after,
  });
}

function valueOrMacro(
  text: string,
  offset: number,
  value: Omit<ValuePlace, "kind" | "word">,
): ValuePlace | MacroPlace {
  const { parameter, service } = value;
  const macro = macroAt(text, offset, value.before);
  if (macro) return { ...macro, parameter, service, argumentOf: undefined };
  const typed = value.before.slice(itemStart(value.before));
  const length = /^[^\s,{}]*/.exec(value.after)?.[0].length ?? 0;
  const word = wordBetween(text, offset - typed.length, offset, offset + length);
  return { kind: "value", ...value, word };
}

/** An unfinished `$name`, `${name` or `$(name` right before the cursor; `$$` is a dollar sign. */
function macroAt(
  text: string,
  offset: number,
  before: string,
): Pick<MacroPlace, "kind" | "opening" | "word" | "closed"> | undefined {
  const match = /(?<!\$)(?:\$\$)*\$([{(]?)([A-Za-z0-9_]*)$/.exec(before);
  if (!match) return undefined;
  const [, bracket = "", name = ""] = match;
  const behind = /^[A-Za-z0-9_]*/.exec(text.slice(offset, offset + 200))?.[0] ?? "";
  const word = wordBetween(text, offset - name.length, offset, offset + behind.length);
  const closing = bracket === "{" ? /^\s*[}?:]/ : /^\s*[)?:]/;
  const closed = bracket !== "" && closing.test(text.slice(word.range.end, word.range.end + 20));
  return { kind: "macro", opening: `$${bracket}` as MacroPlace["opening"], word, closed };
}

/** Where the last item of a value begins: behind a separator or an open brace, but not inside a closed `${name}`. */
export function itemStart(before: string): number {
  let start = 0;
  for (let at = 0; at < before.length; at++) {
    const sign = before[at] ?? "";
    if (sign === "$" && (before[at + 1] === "{" || before[at + 1] === "(")) {
      const end = before.indexOf(before[at + 1] === "{" ? "}" : ")", at);
      if (end >= 0) at = end;
      else {
        // In the branch of a condition: ${name?text or ${name:text.
        const branch = /[?:]\{?/.exec(before.slice(at));
        if (branch) {
          at += branch.index + branch[0].length - 1;
          start = at + 1;
        }
      }
    } else if (/[\s,{}]/.test(sign)) start = at + 1;
  }
  return start;
}

function wordBetween(text: string, start: number, offset: number, end: number): TypedWord {
  return {
    typed: text.slice(start, offset),
    range: { start, end: offset > start ? Math.max(end, offset) : offset },
  };
}

/** The value up to the cursor and behind it, as the program will join its lines. */
function logicalAround(
  text: string,
  pieces: readonly Range[],
  from: number,
  offset: number,
): { before: string; after: string } {
  let before = "";
  let after = "";
  let inside = false;
  for (const piece of pieces) {
    const start = Math.max(piece.start, from);
    if (start > piece.end) continue;
    if (offset >= start && offset <= piece.end) {
      inside = true;
      before += text.slice(start, offset);
      after += text.slice(offset, piece.end);
    } else if (piece.end < offset) before += text.slice(start, piece.end);
    else after += text.slice(start, piece.end);
  }
  // On a line that is still blank the value goes on with a new item.
  return { before: inside ? before : `${before} `, after };
}

function lineAt(text: string, offset: number): Line {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const next = text.indexOf("\n", offset);
  const end = next < 0 ? text.length : next;
  const line = text.slice(start, end).replace(/\r$/, "");
  const first = line.trimStart();
  const indented = line !== "" && isBlank(line.charCodeAt(0));
  if (first.startsWith("#")) return { start, end, text: line, kind: "comment" };
  if (line === "" || (first === "" && offset === start)) return { start, end, text: line, kind: "empty" };
  return { start, end, text: line, kind: indented ? "more" : "entry" };
}

function isControl(trivia: readonly { kind: string; range: Range }[], offset: number): boolean {
  return trivia.some(({ kind, range }) => kind === "control" && range.start <= offset && offset < range.end);
}

/** The last of the entries, which are in order, that begins at or before an offset. */
function lastBefore<Entry extends { readonly range: Range }>(
  entries: readonly Entry[],
  offset: number,
): Entry | undefined {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries[middle]?.range.start ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return entries[low - 1];
}
