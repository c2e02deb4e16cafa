/**
 * Source text of lookup tables: `key value` lines (access(5), texthash, cidr) and `/pattern/flags value`
 * lines (regexp_table(5), pcre_table(5), header_checks(5)). Logical lines as in main.cf.
 */
import type { Range } from "../text.js";
import { isBlank, LogicalText, splitLines } from "./lines.js";

export interface TableEntry {
  readonly key: string;
  readonly value: string;
  readonly range: Range;
  readonly valueRange: Range;
}

/** Table types whose keys are patterns between delimiters. */
const PATTERN_TYPES: ReadonlySet<string> = new Set(["regexp", "pcre"]);

/** Table types whose source is text with `key value` lines, indexed first or read as it is; keys are folded to lower case. */
export const KEYED_TYPES: ReadonlySet<string> = new Set([
  ...["hash", "btree", "lmdb", "cdb", "dbm", "sdbm"],
  "texthash",
]);

/** Every table type whose source parseTable reads. */
export const TEXT_TYPES: ReadonlySet<string> = new Set([...KEYED_TYPES, ...PATTERN_TYPES, "cidr"]);

/** Reads a table's source; lines without a value are left out. */
export function parseTable(text: string, type: string): TableEntry[] {
  const entries: TableEntry[] = [];
  for (const line of splitLines(text).lines) {
    const logical = new LogicalText(text, line.pieces);
    const keyEnd = PATTERN_TYPES.has(type) ? patternEnd(logical.text) : wordEnd(logical.text, 0);
    let start = keyEnd;
    while (start < logical.text.length && isBlank(logical.text.charCodeAt(start))) start++;
    const value = logical.text.slice(start).trimEnd();
    if (keyEnd === 0 || value === "") continue;
    entries.push({
      key: logical.text.slice(0, keyEnd),
      value,
      range: line.range,
      valueRange: logical.rangeToFile(start, start + value.length),
    });
  }
  return entries;
}

function wordEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && !isBlank(text.charCodeAt(at))) at++;
  return at;
}

/** End of `/pattern/flags` (any delimiter, `!` in front allowed); `if` and `endif` lines have no value. */
function patternEnd(text: string): number {
  if (/^(?:if|endif)\b/i.test(text)) return text.length;
  const start = text.startsWith("!") ? 1 : 0;
  const delimiter = text[start];
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === delimiter) return wordEnd(text, at);
  }
  return text.length;
}
