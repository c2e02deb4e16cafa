/**
 * Asking a lookup table as Postfix does, as far as its text is at hand: static, inline, unionmap, pipemap, and
 * files inside the system's folders. Databases, sockets and files that are not there answer "unknown".
 * Sources: DATABASE_README, cidr_table(5), regexp_table(5), pcre_table(5); dict_fold of postmap(1).
 */
import type { Location } from "../semantics/located.js";
import { networkContains, normaliseAddress } from "../semantics/postfix/address.js";
import { insideBraces, listItems } from "../semantics/postfix/lists/items.js";
import { readTableReference, type TableReference } from "../semantics/postfix/lists/tableReference.js";
import type { Environment } from "../semantics/postfix/parameters.js";
import { KEYED_TYPES, parseTable, type TableEntry } from "../syntax/postfix/table.js";
import type { SourceFile } from "./source.js";

export type Answer =
  /** `location` is the value's place in the table's file; undefined when it stands in the parameter. */
  | { readonly kind: "found"; readonly value: string; readonly location: Location | undefined }
  | { readonly kind: "none" }
  | { readonly kind: "unknown"; readonly reason: string };

export interface TableLookup {
  /**
   * Asks the tables of a list parameter in order, each with the keys in order, until one answers.
   * An unknown answer before a found one makes the whole unknown.
   */
  maps(environment: Environment, parameter: string, keys: readonly string[]): Answer;
  /** Asks one table, "type:name" as it stands in a value. */
  table(reference: string, keys: readonly string[]): Answer;
}

const NONE: Answer = { kind: "none" };

/** @param files tables by the path that a parameter names. */
export function tableLookup(files: ReadonlyMap<string, SourceFile>): TableLookup {
  const indexes = new Map<string, ReadonlyMap<string, TableEntry>>();
  const patterns = new Map<string, readonly TableEntry[]>();

  const ask = (reference: TableReference, key: string): Answer => {
    const { type, name, fault, inner } = reference;
    if (fault) return { kind: "unknown", reason: `${type}:${name} cannot be read` };
    switch (type) {
      case "static":
        return { kind: "found", value: insideBraces(name)?.text.trim() ?? name, location: undefined };
      case "inline":
        return askInline(name, key);
      case "proxy":
      case "debug":
        return inner[0] ? ask(inner[0], key) : NONE;
      case "unionmap":
        return union(inner.map((table) => ask(table, key)));
      case "pipemap":
        return pipe(inner, key);
      default:
        return askFile(type, name, key);
    }
  };
  const pipe = (tables: readonly TableReference[], key: string): Answer => {
    let answer: Answer = { kind: "found", value: key, location: undefined };
    for (const table of tables) {
      if (answer.kind !== "found") return answer;
      answer = ask(table, answer.value);
    }
    return answer;
  };
  const askFile = (type: string, name: string, key: string): Answer => {
    const file = files.get(name);
    if (!file) return { kind: "unknown", reason: `${type}:${name} is not among the files` };
    if (KEYED_TYPES.has(type)) return found(index(file).get(key.toLowerCase()), file);
    if (type === "cidr") return askNetworks(entries(file, type), key, file);
    if (type === "regexp" || type === "pcre") return askPatterns(entries(file, type), key, file);
    return { kind: "unknown", reason: `${type}: tables are not read` };
  };
  const index = (file: SourceFile) => {
    let known = indexes.get(file.path);
    if (!known) {
      known = new Map(parseTable(file.text, "hash").map((entry) => [entry.key.toLowerCase(), entry]));
      indexes.set(file.path, known);
    }
    return known;
  };
  const entries = (file: SourceFile, type: string) => {
    const at = `${type}:${file.path}`;
    let known = patterns.get(at);
    if (!known) {
      known = parseTable(file.text, type);
      patterns.set(at, known);
    }
    return known;
  };
  const inOrder = (tables: readonly TableReference[], keys: readonly string[]): Answer => {
    for (const table of tables)
      for (const key of keys) {
        const answer = ask(table, key);
        if (answer.kind !== "none") return answer;
      }
    return NONE;
  };
  return {
    table: (reference, keys) =>
      inOrder(
        listItems(reference).map((item) => readTableReference(item)),
        keys,
      ),
    maps(environment, parameter, keys) {
      const value = environment.value(parameter);
      if (value.unknown !== undefined) return { kind: "unknown", reason: value.unknown };
      return inOrder(
        listItems(value.text).map((item) => readTableReference(item)),
        keys,
      );
    },
  };
}

function found(entry: TableEntry | undefined, file: SourceFile): Answer {
  if (!entry) return NONE;
  return { kind: "found", value: entry.value, location: { file: file.path, range: entry.valueRange } };
}

/** inline:{ key=value, { key = value with blanks } }. */
function askInline(name: string, key: string): Answer {
  const inside = insideBraces(name);
  for (const item of inside ? listItems(inside.text) : []) {
    const pair = insideBraces(item.text)?.text ?? item.text;
    const equals = pair.indexOf("=");
    if (pair.slice(0, equals).trim().toLowerCase() === key.toLowerCase())
      return { kind: "found", value: pair.slice(equals + 1).trim(), location: undefined };
  }
  return NONE;
}

/** All answers together, divided by commas (unionmap). */
function union(answers: readonly Answer[]): Answer {
  const unknown = answers.find((answer) => answer.kind === "unknown");
  if (unknown) return unknown;
  const values = answers.flatMap((answer) => (answer.kind === "found" ? [answer] : []));
  const [first] = values;
  if (!first) return NONE;
  return { kind: "found", value: values.map(({ value }) => value).join(","), location: first.location };
}

function askNetworks(entries: readonly TableEntry[], key: string, file: SourceFile): Answer {
  const address = normaliseAddress(key);
  if (address === undefined) return NONE;
  for (const entry of entries) {
    if (/^(?:if|endif)$/i.test(entry.key)) return { kind: "unknown", reason: "if of a cidr table" };
    const negated = entry.key.startsWith("!");
    const contained = networkContains(negated ? entry.key.slice(1) : entry.key, address);
    if (contained !== undefined && contained !== negated) return found(entry, file);
  }
  return NONE;
}

function askPatterns(entries: readonly TableEntry[], key: string, file: SourceFile): Answer {
  for (const entry of entries) {
    const match = readPattern(entry.key);
    if (!match) return { kind: "unknown", reason: `the pattern ${entry.key} is not read here` };
    if (match.pattern.test(key) === match.negated) continue;
    // What `$1` stands for is worked out by the table; here it would only be needed for values that use it.
    if (/\$\{?\d|\$\(\d/.test(entry.value))
      return { kind: "unknown", reason: "the value uses a part of the pattern" };
    return found(entry, file);
  }
  return NONE;
}

/** Things that JavaScript reads otherwise than POSIX or PCRE, and repetitions inside repetitions, which may not end. */
const NOT_ALIKE = /\[[:.=]|\\[QEGAZzKRXhHNvp<>`]|\(\?[^:=!]|\(\*|[*+}]\)[*+{]|\\[0-9]|[*+?}][+]/;

/** /pattern/flags as a regular expression; undefined when it may not mean the same here. Case is ignored unless `i` stands behind. */
function readPattern(text: string): { readonly pattern: RegExp; readonly negated: boolean } | undefined {
  const negated = text.startsWith("!");
  const delimiter = text[negated ? 1 : 0] ?? "";
  const end = text.lastIndexOf(delimiter);
  const body = text.slice(negated ? 2 : 1, end);
  const flags = text.slice(end + 1);
  if (delimiter === "" || end < 1 || NOT_ALIKE.test(body) || /[^i]/.test(flags)) return undefined;
  try {
    // A second `i` would switch back; more than one is rare enough to be left alone.
    return { pattern: new RegExp(body, flags === "" ? "i" : ""), negated };
  } catch {
    return undefined;
  }
}
