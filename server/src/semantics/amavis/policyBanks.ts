/** Policy banks: which ones answer on a socket, and what a setting is under them. */
import type { Location } from "../located.js";
import type { BankEntry, PolicyBank, Unknown } from "./configuration.js";
import { displayValue } from "./display.js";
import type { Machine } from "./machine.js";
import { resolved, type Setting } from "./methods.js";
import { HashCell, type ScalarCell, textOf, unknown } from "./value.js";

const NOWHERE: Location = { file: "", range: { start: 0, end: 0 } };

function hash(machine: Machine, name: string): HashCell {
  const cell = machine.store.global(name);
  return cell.kind === "hash" ? cell : new HashCell();
}

/** The hash of a bank; undefined when the name is not known or does not hold a hash. */
function bankHash(entry: ScalarCell | undefined): HashCell | undefined {
  const value = entry?.value;
  return value?.kind === "ref" && value.cell.kind === "hash" ? value.cell : undefined;
}

/** The hashes of all banks but the base bank ''; a bank that holds none, or one that is not known, is left out. */
export function namedBanks(machine: Machine): readonly (readonly [string, HashCell])[] {
  const all = hash(machine, "%policy_bank");
  return all.keys().flatMap((name) => {
    const bank = name === "" ? undefined : bankHash(all.get(name));
    return bank === undefined ? [] : [[name, bank] as const];
  });
}

/** All banks but the base bank '', in the order of their first assignment. */
export function policyBanks(machine: Machine): Map<string, PolicyBank> {
  const banks = new Map<string, PolicyBank>();
  const all = hash(machine, "%policy_bank");
  for (const name of all.keys()) {
    const entry = all.get(name);
    if (name === "" || entry === undefined) continue;
    banks.set(name, {
      name,
      origin: entry.keyOrigin ?? entry.firstOrigin,
      entries: bankEntries(bankHash(entry)),
    });
  }
  return banks;
}

function bankEntries(bank: HashCell | undefined): Map<string, BankEntry> {
  const entries = new Map<string, BankEntry>();
  for (const key of bank?.keys() ?? []) {
    const cell = bank?.get(key);
    if (cell === undefined) continue;
    const origin = cell.origin ?? cell.keyOrigin ?? NOWHERE;
    entries.set(key, { key, display: displayValue(cell.value), keyRange: cell.keyOrigin ?? origin, origin });
  }
  return entries;
}

/**
 * Existing banks that the address of a client may load (amavisd's In/SMTP.pm): pairs of a network list and
 * bank names with commas between; the mail of local senders that comes by MYNETS gets MYUSERS too.
 */
export function clientBanks(machine: Machine): string[] {
  const policy = machine.store.global("@client_ipaddr_policy");
  const all = hash(machine, "%policy_bank");
  const names = new Set<string>();
  if (policy.kind !== "array") return [];
  for (let at = 1; at < policy.items.length; at += 2) {
    const item = policy.items[at];
    const setting = item === undefined ? undefined : resolved(item.value, item.origin);
    for (const name of (textOf(setting?.value) ?? "").split(",").map((one) => one.trim())) {
      if (name !== "" && all.get(name) !== undefined) names.add(name);
      if (name === "MYNETS" && all.get("MYUSERS") !== undefined) names.add("MYUSERS");
    }
  }
  return [...names];
}

/** Banks that apply, or why they are not known. */
export type AppliedBanks = { readonly names: readonly string[]; readonly unknown: Unknown | undefined };

/**
 * The banks that `%interface_policy` loads for a socket, in this order: each key names one bank, and a
 * name that is no bank is ignored (amavisd logs that at level 5 only).
 */
export function appliedBanks(machine: Machine, keys: readonly string[]): AppliedBanks {
  const policy = hash(machine, "%interface_policy");
  const all = hash(machine, "%policy_bank");
  const names: string[] = [];
  for (const key of keys) {
    const entry = policy.get(key);
    if (entry === undefined) {
      if (policy.open !== undefined)
        return { names, unknown: { kind: "unknown", reason: policy.open.reason } };
      continue;
    }
    const setting = resolved(entry.value, entry.origin);
    if (setting.value.kind === "unknown") {
      return { names, unknown: { kind: "unknown", reason: setting.value.reason } };
    }
    const name = textOf(setting.value) ?? "";
    if (all.get(name) === undefined) {
      if (all.open !== undefined) return { names, unknown: { kind: "unknown", reason: all.open.reason } };
      continue;
    }
    if (name !== "" && names.at(-1) !== name) names.push(name);
  }
  return { names, unknown: undefined };
}

/** A setting (key without sigil) under banks: the last bank that has the key wins over the global value. */
export function settingUnder(machine: Machine, banks: AppliedBanks, key: string): Setting {
  if (banks.unknown !== undefined) return { value: unknown(banks.unknown.reason), origin: undefined };
  const all = hash(machine, "%policy_bank");
  for (const name of [...banks.names].reverse()) {
    const entry = all.get(name);
    if (entry?.value.kind === "unknown") return { value: entry.value, origin: entry.origin };
    const bank = bankHash(entry);
    const slot = bank?.get(key);
    if (slot !== undefined) return resolved(slot.value, slot.origin);
    if (bank?.open !== undefined) return { value: unknown(bank.open.reason), origin: bank.open.origin };
  }
  return baseSetting(machine, key);
}

/** The base bank holds references to the global variables, unless somebody has changed it. */
function baseSetting(machine: Machine, key: string): Setting {
  const entry = hash(machine, "%policy_bank").get("");
  if (entry?.value.kind === "unknown") return { value: entry.value, origin: entry.origin };
  const slot = bankHash(entry)?.get(key);
  if (slot !== undefined) return resolved(slot.value, slot.origin);
  const cell = machine.store.global(`$${key}`);
  return cell.kind === "scalar"
    ? { value: cell.value, origin: cell.origin }
    : resolved(unknown("no scalar"), undefined);
}
