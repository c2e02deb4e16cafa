/**
 * All variables as plain JSON, in the notation in which amavisd's own reading is recorded: null is undef,
 * texts are texts, `{"$ref":"@x"}` a reference to a variable, `{"$re":...}`, `{"$code":...}`, `{"$obj":...}`.
 */
import { amavisVariables } from "../../knowledge/amavisVariables.js";
import type { Machine } from "./machine.js";
import type { ArrayCell, Cell, HashCell, Opaque, Value } from "./value.js";

export interface VariablesInOracleNotation {
  /** By name with sigil. `{"$unknown":reason}` stands for parts that are not known. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** Variables of which nothing is known, with the reason. */
  readonly unknown: Readonly<Record<string, string>>;
}

const DEEPEST = 12;

/** @param only the names to show; undefined for all */
export function variablesInOracleNotation(
  machine: Machine,
  only: ReadonlySet<string> | undefined,
): VariablesInOracleNotation {
  const variables: Record<string, unknown> = {};
  const unknown: Record<string, string> = {};
  for (const name of amavisVariables().keys()) {
    if (only !== undefined && !only.has(name)) continue;
    const cell = machine.store.global(name);
    const reason = whollyUnknown(cell);
    if (reason === undefined) variables[name] = ofCell(cell, 0);
    else unknown[name] = reason;
  }
  return { variables, unknown };
}

function whollyUnknown(cell: Cell): string | undefined {
  if (cell.kind === "scalar") return cell.value.kind === "unknown" ? cell.value.reason : undefined;
  if (cell.kind === "hash")
    return cell.open !== undefined && cell.entries.size === 0 ? cell.open.reason : undefined;
  const [only] = cell.items;
  if (cell.items.length !== 1 || only?.value.kind !== "unknown") return undefined;
  return only.value.list ? only.value.reason : undefined;
}

function ofCell(cell: Cell, depth: number): unknown {
  if (depth > DEEPEST) return { $limit: 1 };
  if (cell.kind === "scalar") return ofValue(cell.value, depth);
  return cell.kind === "array" ? ofArray(cell, depth) : ofHash(cell, depth);
}

function ofArray(cell: ArrayCell, depth: number): unknown[] {
  return cell.items.map((item) => ofValue(item.value, depth + 1));
}

function ofHash(cell: HashCell, depth: number): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const key of cell.keys()) {
    const entry = cell.get(key);
    if (entry !== undefined) result[key] = ofValue(entry.value, depth + 1);
  }
  if (cell.open !== undefined) result.$unknown = cell.open.reason;
  return result;
}

function ofValue(value: Value, depth: number): unknown {
  switch (value.kind) {
    case "undef":
      return null;
    case "text":
      return value.text;
    case "unknown":
      return { $unknown: value.reason };
    case "opaque":
      return ofOpaque(value, depth);
    case "ref":
      if (value.cell.name !== undefined) return { $ref: value.cell.name };
      if (value.cell.kind === "scalar") return { $sref: ofValue(value.cell.value, depth + 1) };
      return ofCell(value.cell, depth + 1);
  }
}

/** Classes of the objects that amavisd's helper functions return. */
const CLASSES: Readonly<Record<string, string>> = {
  new_RE: "Amavis::Lookup::RE",
  Opaque: "Amavis::Lookup::Opaque",
  OpaqueRef: "Amavis::Lookup::OpaqueRef",
  q_sql_s: "Amavis::Lookup::SQLfield",
  q_sql_n: "Amavis::Lookup::SQLfield",
  q_sql_b: "Amavis::Lookup::SQLfield",
  q_ldap_s: "Amavis::Lookup::LDAPattr",
  q_ldap_n: "Amavis::Lookup::LDAPattr",
  q_ldap_b: "Amavis::Lookup::LDAPattr",
  q_dns_a: "Amavis::Lookup::DNSxL",
};

function ofOpaque(value: Opaque, depth: number): unknown {
  const { name, detail } = value;
  if (typeof detail !== "string") {
    return { $obj: CLASSES[name] ?? name, data: detail.map((item) => ofValue(item, depth + 1)) };
  }
  if (name === "qr") return { $re: detail };
  if (name === "code") return { $code: detail };
  if (name === "template") return { $template: detail };
  // A table that is a list holds what the file holds.
  return name === "read_hash" ? { $file: detail } : [{ $file: detail }];
}
