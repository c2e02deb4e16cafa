/** Lookup tables as far as their text is at hand: static, inline, and files inside the system's folders. */
import type { Location } from "../semantics/located.js";
import { insideBraces, listItems } from "../semantics/postfix/lists/items.js";
import { readTableReference, type TableReference } from "../semantics/postfix/lists/tableReference.js";
import type { Environment } from "../semantics/postfix/parameters.js";
import { parseTable, type TableEntry, TEXT_TYPES } from "../syntax/postfix/table.js";
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

  const actionsOf = ({ type, name, fault, inner }: TableReference): readonly FilterAction[] => {
    if (fault) return [];
    if (type === "static") return inlineActions([insideBraces(name)?.text ?? name]);
    if (type === "inline") return inlineActions(inlineValues(name));
    // What the last table makes of the answers of those before it is the answer of all.
    if (type === "pipemap") return inner.slice(-1).flatMap(actionsOf);
    if (inner.length > 0) return inner.flatMap(actionsOf);
    const file = TEXT_TYPES.has(type) ? files.get(name) : undefined;
    if (!file) return [];
    return entriesOf(file, type).flatMap((entry) => fileAction(entry, file.path));
  };

  return {
    filterActions: (map) =>
      listItems(map)
        .slice(0, 1)
        .flatMap((item) => actionsOf(readTableReference(item))),
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
function inlineValues(name: string): string[] {
  return listItems(insideBraces(name)?.text ?? "").map(({ text }) => {
    const pair = insideBraces(text)?.text ?? text;
    return pair.slice(pair.indexOf("=") + 1).trim();
  });
}
