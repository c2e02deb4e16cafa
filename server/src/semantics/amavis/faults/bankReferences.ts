/** Every place that names a policy bank: by interface, by client, by author, by virus. */
import type { Location } from "../../located.js";
import type { Machine } from "../machine.js";
import { resolved } from "../methods.js";
import { type Cell, type ScalarCell, textOf, type Value } from "../value.js";

export interface BankReference {
  readonly name: string;
  readonly at: Location | undefined;
  /** What loads it, for people: "port 10026". */
  readonly key: string;
  /** True where several names may stand, with commas between. */
  readonly list: boolean;
  /** The whole text in which the name stands. */
  readonly written: string;
}

export interface BankReferences {
  readonly references: readonly BankReference[];
  /** False when some of the tables are not known. */
  readonly complete: boolean;
}

export function bankReferences(machine: Machine): BankReferences {
  const collector = new Collector();
  const policy = machine.store.global("%interface_policy");
  if (policy.kind === "hash") {
    collector.complete = policy.open === undefined;
    for (const key of policy.keys()) collector.add(policy.get(key), `the interface ${key}`, false);
  }
  const clients = machine.store.global("@client_ipaddr_policy");
  if (clients.kind === "array" && clients.firstOrigin !== undefined)
    for (let at = 1; at < clients.items.length; at += 2)
      collector.add(clients.items[at], "such a client", true);
  for (const name of ["@author_to_policy_bank_maps", "@virus_name_to_policy_bank_maps"])
    collector.addTable(machine.store.global(name), name);
  return collector;
}

class Collector implements BankReferences {
  readonly references: BankReference[] = [];
  complete = true;

  add(cell: ScalarCell | undefined, key: string, list: boolean): void {
    if (cell === undefined) return;
    const { value, origin } = resolved(cell.value, cell.origin);
    this.#addValue(value, value.origin ?? origin, key, list);
  }

  #addValue(value: Value, at: Location | undefined, key: string, list: boolean): void {
    if (value.kind !== "text") {
      if (value.kind !== "undef") this.complete = false;
      return;
    }
    const written = value.text;
    const names = list ? written.split(",").map((name) => name.trim()) : [written];
    for (const name of names)
      if (textOf(value) !== "") this.references.push({ name, at, key, list, written });
    // Who writes several names for one interface means each of them.
    if (!list && written.includes(","))
      for (const name of written.split(","))
        this.references.push({ name: name.trim(), at: undefined, key, list, written });
  }

  /** Lookup tables whose results are names: only hashes that are written out are looked into. */
  addTable(cell: Cell, name: string): void {
    if (cell.kind !== "array" || cell.items.length === 0) return;
    for (const item of cell.items) {
      const { value } = item;
      if (value.kind === "ref" && value.cell.kind === "hash" && value.cell.open === undefined)
        for (const key of value.cell.keys()) this.add(value.cell.get(key), `${name} for ${key}`, true);
      else this.complete = false;
    }
  }
}
