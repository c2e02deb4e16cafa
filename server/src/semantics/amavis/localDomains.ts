/** Which domains amavisd takes for local (lookup2 in its Lookup.pm, asked with the domain of a recipient). */
import { perRecipient } from "./faults/checks.js";
import type { Machine } from "./machine.js";
import { namedBanks } from "./policyBanks.js";
import { type ArrayCell, type HashCell, truthOf, type Value } from "./value.js";

/**
 * Whether a table says that recipients in a domain are local, or that they are not. Undefined when a table is not
 * known, when SQL or LDAP are asked too, or when a policy bank has tables of its own.
 */
export function namesAsLocal(machine: Machine, domain: string): boolean | undefined {
  const maps = machine.store.global("@local_domains_maps");
  if (maps.kind !== "array" || perRecipient(machine)) return undefined;
  if (namedBanks(machine).some(([, bank]) => bank.open !== undefined || bank.get("local_domains_maps")))
    return undefined;
  for (const { value } of maps.items) {
    const answer = answerOf(value, domain.toLowerCase());
    if (answer === "unknown") return undefined;
    if (answer !== undefined) return true;
  }
  return false;
}

type Answer = boolean | "unknown" | undefined;

/** What one table says: undefined where it says nothing, and the next one is asked. */
function answerOf(value: Value, domain: string): Answer {
  switch (value.kind) {
    case "undef":
      return undefined;
    case "text":
      return truthOf(value) ?? "unknown";
    case "ref":
      if (value.cell.kind === "scalar") return answerOf(value.cell.value, domain);
      return value.cell.kind === "array" ? inList(value.cell, domain) : inHash(value.cell, domain);
    default:
      return "unknown";
  }
}

/** `.example.com` is the domain with all below it, `example.com` the domain alone; the first match decides. */
function inList(list: ArrayCell, domain: string): Answer {
  for (const { value } of list.items) {
    if (value.kind !== "text") return "unknown";
    const entry = value.text.replace(/^!+/, "").toLowerCase();
    const negated = (value.text.length - entry.length) % 2 === 1;
    if (matches(entry, domain)) return !negated;
  }
  return undefined;
}

function matches(entry: string, domain: string): boolean {
  // A single address says that its domain is thought of.
  if (entry.includes("@")) return entry.endsWith(`@${domain}`);
  if (!entry.startsWith(".")) return entry === domain;
  return entry === "." || domain === entry.slice(1) || domain.endsWith(entry);
}

/** The domain itself, then with a dot in front, then what it is below, and "." at last. */
function inHash(hash: HashCell, domain: string): Answer {
  const keys = [domain];
  for (let rest = domain; rest !== ""; rest = rest.slice(rest.indexOf(".") + 1)) {
    keys.push(`.${rest}`);
    if (!rest.includes(".")) break;
  }
  keys.push(".");
  for (const key of keys) {
    const value = hash.get(key)?.value;
    if (value !== undefined && value.kind !== "undef") return truthOf(value) ?? "unknown";
  }
  return hash.open === undefined ? undefined : "unknown";
}
