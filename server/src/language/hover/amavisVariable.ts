/** A variable of amavisd: what it is, its value when all files are read, where that comes from, who replaces it. */
import {
  type AmavisVariable,
  amavisAlias,
  amavisConstant,
  amavisConstants,
  amavisVariable,
  amavisVariables,
  amavisVersion,
  type DefaultValue,
} from "../../knowledge/amavisVariables.js";
import { longTextFor, textFor } from "../../knowledge/texts.js";
import type { Unknown } from "../../semantics/amavis/configuration.js";
import { placeLink, type View } from "../facts.js";
import { amavisManual } from "../manual.js";
import { bullets, code, enumerate, list, paragraphs } from "../markdown.js";
import { showListener } from "./port.js";

const LONG_VALUE = 90;

/** Undefined for a name that neither amavisd nor these files know. */
export function describeVariable(view: View, name: string): string | undefined {
  const value = view.analysis.system.amavis?.value(name);
  const facts = amavisVariable(name);
  const text = textFor("amavis", name);
  if (!value && !facts && !text) return undefined;
  const shownValue = value && `${showAmavis(value.display)}${constantOf(name, value.display)}`;
  return paragraphs(
    shownValue && shownValue.length <= LONG_VALUE ? `**${name}** = ${shownValue}` : `**${name}**`,
    shownValue && shownValue.length > LONG_VALUE && `Value: ${shownValue}`,
    text,
    facts ? standing(name, facts) : "A name of this configuration: amavisd has no such variable.",
    value && origins(view, name, value.origins, facts),
    list("Replaced for a part of the mail by", banksWith(view, name)),
    listeners(view, name),
    facts && bullets(factLines(name, facts)),
    text && longTextFor("amavis", name)?.slice(text.length).trim(),
    facts && `Manual: ${amavisManual("confvars")}`,
  );
}

/** A destiny is a number; people write its name. */
export function constantOf(name: string, display: string | Unknown): string {
  if (!/_destiny$/.test(name) || typeof display !== "string") return "";
  const constant = amavisConstants().find(
    (one) => one.startsWith("D_") && String(amavisConstant(one)) === display,
  );
  return constant ? ` (${constant})` : "";
}

export function showAmavis(display: string | Unknown): string {
  return typeof display === "string" ? code(display) : `not known from the files (${display.reason})`;
}

/** Old names, and variables that have no effect any more. */
function standing(name: string, facts: AmavisVariable): string | undefined {
  const alias = amavisAlias(name);
  if (facts.retired)
    return `**Without effect since amavisd ${facts.retired}**: setting it only gives a warning.`;
  if (alias) return `An older name of ${code(alias)}: both are one variable.`;
  const tables = readersOf().get(name);
  return tables
    ? `It takes effect by way of ${enumerate(tables.map(code))}, whose default refers to it: where that is set otherwise, this one is not read.`
    : undefined;
}

/** Tables whose default refers to a variable. */
let byReference: ReadonlyMap<string, readonly string[]> | undefined;

function readersOf(): ReadonlyMap<string, readonly string[]> {
  if (byReference) return byReference;
  const found = new Map<string, string[]>();
  for (const { name, default: initial } of amavisVariables().values())
    for (const match of JSON.stringify(initial).matchAll(/"\$ref":"([^"]+)"/g)) {
      const target = match[1] ?? "";
      const known = found.get(target);
      if (!known) found.set(target, [name]);
      else if (!known.includes(name)) known.push(name);
    }
  byReference = found;
  return found;
}

function origins(
  view: View,
  name: string,
  places: readonly {
    readonly file: string;
    readonly range: { readonly start: number; readonly end: number };
  }[],
  facts: AmavisVariable | undefined,
): string | undefined {
  const assignments = view.analysis.system.amavis?.assignments(name) ?? [];
  // Every assignment in the order of reading; the value's own places where statements are no plain assignments.
  const all = assignments.length > places.length ? assignments : places;
  const unique = [...new Set(all.map((place) => placeLink(view, place)))];
  if (unique.length === 0) return facts ? "Not set in these files: amavisd's built-in default." : undefined;
  const [only] = unique;
  if (unique.length === 1) return `Set in ${only}.`;
  const scalar = name.startsWith("$");
  return list(scalar ? "Set in this order, the last one counts" : "Put together in", unique, 10);
}

/** Policy banks that replace the value for what they answer for. */
function banksWith(view: View, name: string): string[] {
  const key = name.slice(1);
  const items: string[] = [];
  for (const bank of view.analysis.system.amavis?.banks.values() ?? []) {
    const entry = bank.entries.get(key);
    if (entry && bank.name !== "")
      items.push(
        `bank ${code(bank.name)}: ${showAmavis(entry.display)}${constantOf(name, entry.display)} (${placeLink(view, entry.origin)})`,
      );
  }
  return items;
}

const SOCKET_VARIABLES: ReadonlySet<string> = new Set([
  "$inet_socket_port",
  "$inet_socket_bind",
  "@listen_sockets",
  "$unix_socketname",
]);

function listeners(view: View, name: string): string | undefined {
  if (!SOCKET_VARIABLES.has(name)) return undefined;
  const items = (view.analysis.system.amavis?.listeners ?? []).map(
    (listener) =>
      `${code(showListener(listener))}${listener.banks.length > 0 ? ` with policy bank ${listener.banks.map(code).join(", ")}` : ""}`,
  );
  return list("amavisd listens on", items);
}

const SIGILS = {
  $: "a scalar",
  "@": "a list, written in parentheses",
  "%": "a hash, written in parentheses",
};

function factLines(name: string, facts: AmavisVariable): string[] {
  const lines = [SIGILS[facts.sigil]];
  const initial = showDefault(facts.default);
  if (initial) lines.push(`default in amavisd ${amavisVersion().split(" ")[0]}: ${initial}`);
  if (facts.since) lines.push(`since amavisd ${facts.since}`);
  if (facts.policyBank) lines.push(`may stand in a policy bank, as ${code(`${name.slice(1)} => ...`)}`);
  return lines;
}

/** A default as it would be written; undefined where it is too large or made by the program. */
function showDefault(value: DefaultValue): string | undefined {
  const text = printDefault(value, 0);
  return text.length > 200 ? undefined : code(text);
}

function printDefault(value: DefaultValue, depth: number): string {
  if (value === null) return "undef";
  if (typeof value === "string") return /^-?\d+(?:\.\d+)?$/.test(value) ? value : `'${value}'`;
  if (depth > 3) return "...";
  if (Array.isArray(value)) {
    const items = value.map((one: DefaultValue) => printDefault(one, depth + 1)).join(", ");
    return depth === 0 ? `(${items})` : `[${items}]`;
  }
  const fields = value as { readonly [key: string]: DefaultValue | boolean };
  if (typeof fields.$ref === "string") return `\\${fields.$ref}`;
  if ("$code" in fields) return "a function";
  if ("$template" in fields) return "a built-in text";
  if ("$host" in fields) return "taken from the machine";
  if ("$builtin" in fields) return "a built-in table";
  const entries = Object.entries(fields).map(([key, one]) =>
    typeof one === "boolean" ? `${key} => ${one ? 1 : 0}` : `${key} => ${printDefault(one, depth + 1)}`,
  );
  return depth === 0 ? `(${entries.join(", ")})` : `{ ${entries.join(", ")} }`;
}
