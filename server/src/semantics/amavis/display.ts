/** Values for people, as they would be written in a configuration. */
import type { Unknown } from "./configuration.js";
import type { ArrayCell, Cell, HashCell, Value } from "./value.js";

const DEEPEST = 4;
const MOST_ITEMS = 40;
const LONGEST = 300;

/** A value as a configuration would have it; parts that are not known show as `?`. */
export function displayValue(value: Value): string | Unknown {
  if (value.kind === "unknown" && value.pieces === undefined)
    return { kind: "unknown", reason: value.reason };
  return print(value, 0);
}

/** The whole of a variable: a scalar's value, or a list or hash in parentheses. */
export function displayCell(cell: Cell): string | Unknown {
  if (cell.kind === "scalar") return displayValue(cell.value);
  if (cell.kind === "array") {
    const [only] = cell.items;
    const open = cell.items.length === 1 && only?.value.kind === "unknown" && only.value.list;
    if (open && only.value.kind === "unknown") return { kind: "unknown", reason: only.value.reason };
    return `(${printItems(cell, 0)})`;
  }
  if (cell.open !== undefined && cell.entries.size === 0)
    return { kind: "unknown", reason: cell.open.reason };
  return `(${printEntries(cell, 0)})`;
}

function print(value: Value, depth: number): string {
  switch (value.kind) {
    case "undef":
      return "undef";
    case "text":
      return /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(value.text) ? value.text : quoted(value.text);
    case "opaque":
      return value.display;
    case "unknown":
      return value.pieces === undefined ? "?" : quoted(value.pieces.join("?"));
    case "ref":
      return printReference(value.cell, depth);
  }
}

function quoted(text: string): string {
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
  return `'${cut.replace(/([\\'])/g, "\\$1")}'`;
}

function printReference(cell: Cell, depth: number): string {
  if (cell.name !== undefined) return `\\${cell.name}`;
  if (depth >= DEEPEST) return "...";
  if (cell.kind === "array") return `[${printItems(cell, depth + 1)}]`;
  if (cell.kind === "hash") return `{ ${printEntries(cell, depth + 1)} }`;
  return `\\${print(cell.value, depth + 1)}`;
}

function printItems(cell: ArrayCell, depth: number): string {
  const shown = cell.items.slice(0, MOST_ITEMS).map((item) => print(item.value, depth));
  if (cell.items.length > MOST_ITEMS) shown.push("...");
  return shown.join(", ");
}

function printEntries(cell: HashCell, depth: number): string {
  const keys = [...cell.entries.keys()];
  const shown = keys.slice(0, MOST_ITEMS).map((key) => {
    const entry = cell.entries.get(key);
    const name = /^[A-Za-z_]\w*$/.test(key) ? key : quoted(key);
    return `${name} => ${entry === undefined ? "undef" : print(entry.value, depth)}`;
  });
  if (keys.length > MOST_ITEMS) shown.push("...");
  if (cell.open !== undefined) shown.push("?");
  return shown.join(", ");
}
