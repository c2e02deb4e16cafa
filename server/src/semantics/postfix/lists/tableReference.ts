/**
 * References to lookup tables in values: type:name, proxy:type:name, unionmap:{ type:name ... },
 * { type:name, option = value }. The complaints were observed with smtpd, trivial-rewrite and proxymap 3.7.11.
 */
import { mapTypeFacts } from "../../../knowledge/mapTypes.js";
import { insideBraces, type ListItem, listItems } from "./items.js";

export type TableFault =
  /** Neither type nor colon, or nothing behind the colon: the program that opens it stops. */
  | { readonly kind: "no-type" }
  | { readonly kind: "no-name" }
  /** A type that no release has. */
  | { readonly kind: "unknown-type" }
  /** The text behind unionmap:, pipemap:, randmap: or inline: is not what the type reads. */
  | { readonly kind: "syntax"; readonly log: string };

export interface TableReference {
  /** As written, expanded. */
  readonly text: string;
  readonly type: string;
  readonly name: string;
  /** Offsets into the value. */
  readonly start: number;
  readonly end: number;
  readonly typeEnd: number;
  readonly nameStart: number;
  readonly fault: TableFault | undefined;
  /** Tables that this one looks up in. */
  readonly inner: readonly TableReference[];
}

/** @param item one item of a map list, or of the braces of another table. */
export function readTableReference(item: ListItem, depth = 0): TableReference {
  const outer = insideBraces(item.text);
  if (outer) {
    // { type:name, search_order = ... }: the table comes first.
    const [first] = listItems(outer.text, item.start + outer.at);
    if (first && depth < MAX_DEPTH) return readTableReference(first, depth + 1);
  }
  const { text, start, end } = item;
  const colon = text.indexOf(":");
  const typeEnd = colon < 0 ? end : start + colon;
  const nameStart = colon < 0 ? end : typeEnd + 1;
  const type = colon < 0 ? "" : text.slice(0, colon);
  const name = colon < 0 ? "" : text.slice(colon + 1);
  const base = { text, type, name, start, end, typeEnd, nameStart, inner: [] };
  if (colon <= 0) return { ...base, fault: { kind: "no-type" } };
  if (name === "" && mapTypeFacts(type)) return { ...base, fault: { kind: "no-name" } };
  if (!mapTypeFacts(type)) return { ...base, fault: { kind: "unknown-type" } };
  if (type === "proxy" || type === "debug") {
    if (depth >= MAX_DEPTH) return { ...base, fault: undefined };
    const inner = readTableReference({ ...item, text: name, start: nameStart }, depth + 1);
    return { ...base, fault: undefined, inner: [inner] };
  }
  return { ...base, ...contents(type, name, nameStart, depth) };
}

const MAX_DEPTH = 10;
const NEEDS: Readonly<Record<string, string>> = {
  unionmap: "unionmap:{type:name...}",
  pipemap: "pipemap:{type:name...}",
  inline: "inline:{name=value...}",
  randmap: "randmap:{value...}",
};

function contents(
  type: string,
  name: string,
  at: number,
  depth: number,
): Pick<TableReference, "fault" | "inner"> {
  const needs = NEEDS[type];
  if (needs === undefined) return { fault: undefined, inner: [] };
  const bad = (what: string): Pick<TableReference, "fault" | "inner"> => ({
    fault: { kind: "syntax", log: `${what}: "${type}:${name}"; need "${needs}"` },
    inner: [],
  });
  const inside = insideBraces(name);
  const items = inside ? listItems(inside.text, at + inside.at) : [];
  if (items.length === 0) return bad("bad syntax");
  if (type === "randmap") return { fault: undefined, inner: [] };
  if (type === "inline") {
    const pair = (text: string) => insideBraces(text)?.text ?? text;
    if (items.some((item) => !pair(item.text).includes("="))) return bad("missing '=' after attribute name");
    return { fault: undefined, inner: [] };
  }
  if (items.some(({ text }) => !text.includes(":"))) return bad("bad syntax");
  if (depth >= MAX_DEPTH) return { fault: undefined, inner: [] };
  return { fault: undefined, inner: items.map((item) => readTableReference(item, depth + 1)) };
}

/** A reference and all that it looks up in. */
export function* tablesWithin(reference: TableReference): Generator<TableReference> {
  yield reference;
  for (const inner of reference.inner) yield* tablesWithin(inner);
}
