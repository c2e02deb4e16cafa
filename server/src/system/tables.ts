/** Lookup tables as far as their text is at hand: static, inline, and files inside the system's folders. */
import type { Location } from "../semantics/located.js";
import type { Environment } from "../semantics/postfix/parameters.js";
import { parseTable, type TableEntry } from "../syntax/postfix/table.js";
import { splitList } from "../syntax/postfix/words.js";
import type { SourceFile } from "./source.js";

export interface FilterAction {
  /** transport:nexthop behind the word FILTER. */
  readonly text: string;
  /** Place in the table's file; undefined when the action stands in the parameter's own value. */
  readonly location: Location | undefined;
  readonly part: ((start: number, end: number) => Location) | undefined;
}

export interface LookupTables {
  /** The FILTER actions that looking up in `map` ("type:name", as in a parameter value) can give. */
  filterActions(map: string, environment: Environment): readonly FilterAction[];
}

const FILTER = /^FILTER\s+(\S.*)$/i;

/** @param files tables by the path that a parameter names. */
export function lookupTables(files: ReadonlyMap<string, SourceFile>): LookupTables {
  const parsed = new Map<string, readonly TableEntry[]>();
  const entriesOf = (file: SourceFile, type: string) => {
    const key = `${type}:${file.path}`;
    let entries = parsed.get(key);
    if (!entries) {
      entries = parseTable(file.text, type);
      parsed.set(key, entries);
    }
    return entries;
  };

  const lookUp = (map: string): readonly FilterAction[] => {
    const colon = map.indexOf(":");
    if (colon < 0) return [];
    const type = map.slice(0, colon).toLowerCase();
    const name = map.slice(colon + 1);
    if (type === "proxy") return lookUp(name);
    if (type === "static") return inlineActions([unwrap(name)]);
    if (type === "inline" || type === "unionmap" || type === "pipemap" || type === "randmap")
      return type === "inline" ? inlineActions(inlineValues(unwrap(name))) : nested(unwrap(name));
    const file = files.get(name);
    if (!file) return [];
    return entriesOf(file, type).flatMap((entry) => fileAction(entry, file.path));
  };
  const nested = (list: string): readonly FilterAction[] =>
    splitList(list).flatMap((item) => lookUp(unwrap(item)));

  return {
    filterActions: (map) => (map.startsWith("{") ? lookUp(splitList(unwrap(map))[0] ?? "") : lookUp(map)),
  };
}

function fileAction(entry: TableEntry, file: string): FilterAction[] {
  const text = FILTER.exec(entry.value)?.[1];
  if (text === undefined) return [];
  const start = entry.valueRange.end - text.length;
  return [
    {
      text,
      location: { file, range: { start, end: entry.valueRange.end } },
      part: (from, to) => ({ file, range: { start: start + from, end: start + to } }),
    },
  ];
}

function inlineActions(values: readonly string[]): FilterAction[] {
  return values.flatMap((value) => {
    const text = FILTER.exec(value.trim())?.[1];
    return text === undefined ? [] : [{ text, location: undefined, part: undefined }];
  });
}

/** Values of inline:{ key=value, { key = value with blanks } }. */
function inlineValues(text: string): string[] {
  return splitList(text).map((item) => {
    const pair = unwrap(item);
    return pair.slice(pair.indexOf("=") + 1).trim();
  });
}

function unwrap(text: string): string {
  const trimmed = text.trim();
  return trimmed.startsWith("{") && trimmed.endsWith("}") ? trimmed.slice(1, -1).trim() : trimmed;
}
