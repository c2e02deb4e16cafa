/** Lists of networks that amavisd takes apart when it starts, before it serves anybody. */
import type { AmavisProblem } from "../configuration.js";
import type { Machine } from "../machine.js";
import { networkFault } from "../networks.js";
import { namedBanks } from "../policyBanks.js";
import type { ArrayCell, ScalarCell } from "../value.js";
import { filledInByShell, isPlaceholder } from "./valueFaults.js";

/** With more networks amavisd uses Net::Patricia where that is installed, which takes other short forms. */
const MOST_PARSED_ALIKE = 20;

export function networkFaults(machine: Machine): AmavisProblem[] {
  return lists(machine).flatMap(([name, list]) =>
    list.items.flatMap((item) => badNetwork(name, item, list.items.length > MOST_PARSED_ALIKE)),
  );
}

/** The lists that are taken apart at the start: access lists of all banks, and those that choose banks. */
function lists(machine: Machine): (readonly [string, ArrayCell])[] {
  const found: (readonly [string, ArrayCell])[] = [];
  const access = machine.store.peek("@inet_acl");
  if (access?.kind === "array") found.push(["@inet_acl", access]);
  for (const [name, bank] of namedBanks(machine)) {
    const value = bank.get("inet_acl")?.value;
    if (value?.kind === "ref" && value.cell.kind === "array" && value.cell.name === undefined)
      found.push([`inet_acl of the policy bank ${name}`, value.cell]);
  }
  for (const [table, step] of [
    ["@client_ipaddr_policy", 2],
    ["@ip_repu_ignore_maps", 1],
  ] as const) {
    const cell = machine.store.global(table);
    const items = cell.kind === "array" ? cell.items : [];
    items.forEach(({ value }, at) => {
      if (at % step === 0 && value.kind === "ref" && value.cell.kind === "array")
        found.push([value.cell.name ?? table, value.cell]);
    });
  }
  return found;
}

function badNetwork(name: string, item: ScalarCell, many: boolean): AmavisProblem[] {
  const { value } = item;
  const at = value.origin ?? item.origin;
  if (value.kind !== "text" || at === undefined) return [];
  if (isPlaceholder(value.text.replace(/^!/, "")) || filledInByShell(value.text)) return [];
  const fault = networkFault(value.text);
  if (fault === undefined || (many && !/[,\s]/.test(value.text.trim()))) return [];
  const parts = value.text.split(/[\s,]+/).filter((part) => part !== "");
  const several = parts.length > 1 && parts.every((part) => networkFault(part) === undefined);
  const comma = parts.length === 1 && networkFault(parts[0] ?? "") === undefined;
  const hint = several
    ? " Each network is a text of its own"
    : comma
      ? " Words in qw(...) have spaces between them and no commas"
      : "";
  return [
    {
      ...at,
      kind: "bad-network",
      message: `"${value.text}" in ${name} is no network: amavisd stops at its start with "${fault}".${hint === "" ? "" : `${hint}.`}`,
      fatal: true,
      fix: comma
        ? { title: `Write ${parts[0]}`, range: at.range, newText: value.text.replace(/[\s,]+/g, "") }
        : undefined,
    },
  ];
}
