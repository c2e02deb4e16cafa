/**
 * List values as items with their places: commas and blanks separate, braces keep together what they hold
 * (POSTFIX 1.5). An item that holds what cannot be known here keeps its place and is opaque.
 */
import { Memo } from "../../../syntax/memo.js";
import { LogicalText } from "../../../syntax/postfix/lines.js";
import { hasPlaceholder, splitWords } from "../../../syntax/postfix/words.js";
import type { Location } from "../../located.js";
import type { Environment, Value } from "../parameters.js";

export interface ListItem {
  readonly text: string;
  /** Offsets into the value that was split. */
  readonly start: number;
  readonly end: number;
  /** True when a `{` of the item has no partner. */
  readonly unclosed: boolean;
  /** True when the item's text cannot be known from the files: nothing may be said about it. */
  readonly opaque: boolean;
}

/** A list as one daemon sees it. */
export interface ListValue {
  readonly items: readonly ListItem[];
  /** True when items may be missing or differ from what the daemon will read. */
  readonly uncertain: boolean;
  /** Where an item was written; undefined when it stands in a built-in default. */
  locate(start: number, end: number): Location | undefined;
}

/** @param within offset of `text` in the value, for what stands inside braces. */
export function listItems(text: string, within = 0): ListItem[] {
  const logical = new LogicalText(text, [{ start: 0, end: text.length }]);
  return splitWords(logical, { commas: true }).map((word) => ({
    text: word.text,
    start: within + word.at,
    end: within + word.at + word.text.length,
    unclosed: word.unclosed,
    opaque: false,
  }));
}

/** What stands inside the braces of an item, with the offset where it begins; undefined without a pair. */
export function insideBraces(text: string): { readonly text: string; readonly at: number } | undefined {
  return text.length > 1 && text.startsWith("{") && text.endsWith("}")
    ? { text: text.slice(1, -1), at: 1 }
    : undefined;
}

/**
 * The items of a parameter. Where a `$name` of the value is unknown its own text is split instead, and the items
 * with a `$` are opaque; where a template fills in anything no item is certain.
 */
export function listValue(environment: Environment, name: string): ListValue {
  const value = environment.value(name);
  let list = lists.get(value);
  if (!list) {
    list = readList(environment, name, value);
    lists.set(value, list);
  }
  return list;
}

/** Services share the values that none of their options changes, and so the lists that are made of them. */
const lists = new Memo<Value, ListValue>();

function readList(environment: Environment, name: string, value: Value): ListValue {
  if (value.unknown === undefined)
    return {
      items: listItems(value.text),
      uncertain: false,
      locate: (start, end) => environment.locate(name, start, end),
    };
  const { definition } = value;
  const raw = definition?.source === "default" ? "" : (definition?.raw ?? "");
  const items = hasPlaceholder(raw) ? [] : listItems(raw);
  return {
    items: items.map((item) => (item.text.includes("$") ? { ...item, opaque: true } : item)),
    uncertain: true,
    locate: (start, end) => definition?.part?.(start, end),
  };
}
