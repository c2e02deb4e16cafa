/**
 * The entries of master.cf as postconf(1) takes them apart (its module for master.cf; measured with 3.7.11).
 *
 * postconf is not the daemon: it knows no option letter but `-o`, stops at the first word that is none, and
 * breaks an option word at every `o` in it, so that `-ocontent_filter=x` becomes `-o c -o ntent_filter=x`. The
 * model of a service (services.ts) has what the daemon reads; this is what postconf prints.
 */
import { isBlank, LogicalText } from "../../syntax/postfix/lines.js";
import {
  COLUMNS,
  type MasterEntry,
  type MasterOption,
  type MasterTree,
} from "../../syntax/postfix/master.js";
import { closingBrace, extractBraces, splitWords, type Word } from "../../syntax/postfix/words.js";

/** One word behind the columns, in postconf's canonical form. */
export interface PostconfArgument {
  readonly text: string;
  /** Where it was written. */
  readonly word: Word;
}

export interface PostconfEntry {
  readonly entry: MasterEntry;
  /** The eight columns as written. */
  readonly fields: readonly string[];
  readonly arguments: readonly PostconfArgument[];
  /** `-o` with the argument behind it, in the order of the line. */
  readonly options: readonly MasterOption[];
  /** What postconf says about braces, as it says it. */
  readonly warnings: readonly string[];
}

/** The entries with all columns; what postconf would refuse is left out. */
export function postconfEntries(tree: MasterTree): PostconfEntry[] {
  return tree.entries.flatMap((entry) => {
    if (entry.stray) return [];
    // Here braces keep words together in the columns too.
    const braced = entry.words.slice(0, COLUMNS.length).some((word) => word.text.includes("{"));
    const words = braced ? splitWords(new LogicalText(tree.text, entry.pieces)) : entry.words;
    if (words.length < COLUMNS.length) return [];
    const warnings: string[] = [];
    const args = canonicalArguments(words.slice(COLUMNS.length), warnings);
    const fields = words.slice(0, COLUMNS.length).map((word) => word.text);
    return [{ entry, fields, arguments: args, options: optionsOf(args), warnings }];
  });
}

/** The name of an entry's own parameters, such as smtp/inet; entries of one name share them. */
export function namespaceOf({ fields }: PostconfEntry): string {
  return `${fields[0]}/${fields[1]}`;
}

function isOption(text: string): boolean {
  return text.startsWith("-") && text !== "--";
}

function canonicalArguments(words: readonly Word[], warnings: string[]): PostconfArgument[] {
  const left = words.map((word) => ({ text: word.text, word }));
  const done: PostconfArgument[] = [];
  for (let next = left.shift(); next; next = left.shift()) {
    if (!isOption(next.text)) {
      left.unshift(next);
      break;
    }
    const { word } = next;
    const split = next.text.indexOf("o", 2);
    let text = next.text;
    if (split > 0) {
      left.unshift({ text: `-${text.slice(split)}`, word });
      text = text.slice(0, split);
    }
    if (text[1] !== "o") {
      done.push({ text, word });
      continue;
    }
    if (text.length > 2) {
      left.unshift({ text: text.slice(2), word });
      text = "-o";
    }
    done.push({ text, word });
    const value = left.shift();
    if (value)
      done.push(value.text.startsWith("{") ? { ...value, text: unwrapped(value.text, warnings) } : value);
  }
  for (const { text, word } of left)
    done.push({ text: text.startsWith("{") ? contents(text, warnings) : text, word });
  return done;
}

/** What stands in braces, with a word about braces that do not fit. */
function contents(text: string, warnings: string[]): string {
  const end = closingBrace(text);
  if (end < 0) warnings.push(`master.cf: missing '}' in "${text}"`);
  else if (end < text.length - 1) warnings.push(`master.cf: syntax error after '}' in "${text}"`);
  return extractBraces(text, true);
}

/** `{ name = value }` becomes `name=value`. */
function unwrapped(text: string, warnings: string[]): string {
  const inner = contents(text, warnings);
  const pair = splitNameValue(inner);
  if (pair) return `${pair.name}=${pair.value}`;
  const fault = /^[ \t-\r]*(?:=|$)/.test(inner)
    ? "missing attribute name"
    : "missing '=' after attribute name";
  warnings.push(`master.cf: ${fault}: "${inner}"`);
  return inner;
}

/** Splits NAME = VALUE; undefined when the name or the `=` is missing (split_nameval(3)). */
function splitNameValue(text: string): { name: string; value: string; valueStart: number } | undefined {
  let at = 0;
  const skip = (wanted: (code: number) => boolean) => {
    while (at < text.length && wanted(text.charCodeAt(at))) at++;
  };
  skip(isBlank);
  const nameStart = at;
  skip((code) => !isBlank(code) && code !== 0x3d);
  const name = text.slice(nameStart, at);
  skip(isBlank);
  if (name === "" || text[at] !== "=") return undefined;
  at++;
  skip(isBlank);
  let end = text.length;
  while (end > at && isBlank(text.charCodeAt(end - 1))) end--;
  return { name, value: text.slice(at, end), valueStart: at };
}

function optionsOf(args: readonly PostconfArgument[]): MasterOption[] {
  const options: MasterOption[] = [];
  for (let index = 0; index < args.length; index++) {
    const text = args[index]?.text ?? "";
    if (!isOption(text)) break;
    const value = args[index + 1];
    if (text[1] !== "o" || !value) continue;
    index++;
    const pair = text === "-o" ? splitNameValue(value.text) : undefined;
    if (!pair) continue;
    const { range } = value.word;
    options.push({
      name: pair.name,
      value: pair.value,
      range,
      nameRange: range,
      valueRange: range,
      valuePart: () => range,
      form: "separate",
      valid: true,
    });
  }
  return options;
}

const SEPARATOR = /[ \t\r\n]+/;

/** The blanks of a value as postconf prints them: one between words, none at the ends. */
export function normalised(value: string): string {
  return value
    .split(SEPARATOR)
    .filter((word) => word !== "")
    .join(" ");
}

/** Where the columns of a line should begin. */
const COLUMN_GOALS = [0, 11, 17, 25, 33, 41, 49, 57];

/**
 * The entry in one line, as `postconf -M` prints it.
 * @param expand gives the value of an option its expanded form (`-Mx`)
 */
export function entryLine(entry: PostconfEntry, expand = (value: string) => value): string {
  let line = "";
  entry.fields.forEach((field, index) => {
    if (index > 0) line = `${line} `.padEnd(COLUMN_GOALS[index] ?? 0);
    line += field;
  });
  return [line, ...argumentTexts(entry, expand)].join(" ");
}

/** The command with its arguments, as `postconf -F` prints that field. */
export function commandText(entry: PostconfEntry, expand = (value: string) => value): string {
  return [entry.fields[7], ...argumentTexts(entry, expand)].join(" ");
}

function argumentTexts({ arguments: args }: PostconfEntry, expand: (value: string) => string): string[] {
  const grouped = (text: string) => (SEPARATOR.test(text) ? `{${text}}` : text);
  const texts: string[] = [];
  let inOptions = true;
  for (let index = 0; index < args.length; index++) {
    const text = args[index]?.text ?? "";
    if (inOptions && !isOption(text)) {
      // The first word that is no option stands as it is; only those behind it get their braces back.
      inOptions = false;
      texts.push(text);
      continue;
    }
    if (!inOptions) {
      texts.push(grouped(text));
      continue;
    }
    texts.push(text);
    const value = args[index + 1];
    if (text[1] !== "o" || !value) continue;
    texts.push(grouped(text === "-o" ? expand(value.text) : value.text));
    index++;
  }
  return texts;
}
