/** Policy banks: names that lead nowhere, banks that nothing loads, keys that no bank may hold. */
import { amavisBankKey, amavisVariables, isExtraBankKey } from "../../../knowledge/amavisVariables.js";
import type { Location } from "../../located.js";
import type { AmavisProblem } from "../configuration.js";
import { resolved } from "../methods.js";
import { nearestName } from "../spelling.js";
import { HashCell, textOf } from "../value.js";
import { type BankReference, bankReferences } from "./bankReferences.js";
import { interfaceFaults } from "./interfaceFaults.js";
import type { Evaluated } from "./settingFaults.js";

/** Banks that amavisd looks up by itself, whether they exist or not. */
const LOOKED_UP = new Set(["MYNETS", "MYUSERS", "VIRUS"]);

export function bankFaults(evaluated: Evaluated): AmavisProblem[] {
  const { machine } = evaluated;
  const cell = machine.store.global("%policy_bank");
  const banks = cell.kind === "hash" ? cell : new HashCell();
  const { references, complete } = bankReferences(machine);
  return [
    ...baseLost(evaluated, banks, references),
    ...notHashes(banks),
    ...unknownKeys(banks),
    ...undefinedBanks(banks, references),
    ...(complete ? unusedBanks(banks, references) : []),
    ...interfaceFaults(evaluated),
  ];
}

/** `%policy_bank = (A => {...})`: the bank '' is gone, and what a bank sets stays for the next connection. */
function baseLost(
  { machine }: Evaluated,
  banks: HashCell,
  references: readonly BankReference[],
): AmavisProblem[] {
  const assignment = machine.assignments.of("%policy_bank").at(-1);
  if (banks.open !== undefined || banks.get("") !== undefined || assignment === undefined) return [];
  const loaded = references.some(({ name }) => banks.get(name) !== undefined);
  const { file, valueRange: range } = assignment;
  const { start } = range;
  return [
    {
      file,
      range,
      kind: "bank-base-lost",
      message:
        "This replaces all banks, the nameless one with the global settings among them: what a bank sets is then never taken back, and it goes on to hold for other mail.",
      fatal: false,
      severity: loaded ? "error" : "warning",
      fix: {
        title: "Keep the banks that are there",
        range: { start: start + 1, end: start + 1 },
        newText: "%policy_bank, ",
      },
    },
  ];
}

function notHashes(banks: HashCell): AmavisProblem[] {
  return banks.keys().flatMap((name) => {
    const entry = banks.get(name);
    const value = entry?.value;
    if (entry?.origin === undefined || value === undefined) return [];
    const wrong = value.kind === "text" || (value.kind === "ref" && value.cell.kind !== "hash");
    // A list in parentheses is reported where it stands, with the braces that it wants.
    if (!wrong || value.origin === undefined || value.origin.range.end < entry.origin.range.end) return [];
    return [
      {
        ...entry.origin,
        kind: "bank-not-ref",
        message: `The policy bank ${name} is no hash: amavisd stops at its start with "Can't use ... as a HASH ref".`,
        fatal: true,
      },
    ];
  });
}

function unknownKeys(banks: HashCell): AmavisProblem[] {
  return banks.keys().flatMap((name) => {
    const value = banks.get(name)?.value;
    if (name === "" || value?.kind !== "ref" || value.cell.kind !== "hash") return [];
    return [...value.cell.entries].flatMap(([key, entry]) => {
      const at = entry.keyOrigin;
      // A value in the place of a key, and a key with a sigil, are said where they are written.
      if (at === undefined || !/^[A-Za-z_]\w*$/.test(key)) return [];
      if (amavisBankKey(key) !== undefined || isExtraBankKey(key)) return [];
      return [unknownKey(key, at)];
    });
  });
}

function unknownKey(key: string, at: Location): AmavisProblem {
  const globalName = ["$", "@", "%"].map((sigil) => sigil + key).find((name) => amavisVariables().has(name));
  const nearest = globalName === undefined ? nearestName(key, bankKeys()) : undefined;
  const why =
    globalName === undefined
      ? `A policy bank has no key ${key}${nearest === undefined ? "" : `; is ${nearest} meant`}${nearest === undefined ? "" : "?"}`
      : `${globalName} holds for all of amavisd and cannot be set in a policy bank`;
  return {
    ...at,
    kind: "bank-unknown-key",
    message: `${why}${/\?$/.test(why) ? "" : ":"} amavisd logs "unknown field" and goes on without it.`,
    fatal: false,
    fix:
      nearest === undefined
        ? undefined
        : { title: `Change to ${nearest}`, range: at.range, newText: nearest },
  };
}

let keys: readonly string[] | undefined;

function bankKeys(): readonly string[] {
  keys ??= [...amavisVariables().values()]
    .filter(({ policyBank }) => policyBank)
    .map(({ name }) => name.slice(1));
  return keys;
}

function undefinedBanks(banks: HashCell, references: readonly BankReference[]): AmavisProblem[] {
  if (banks.open !== undefined) return [];
  const names = banks.keys().filter((name) => name !== "");
  // A table of senders may name one bank a hundred times.
  const reported = new Set<string>();
  return references.flatMap(({ name, at, key, list, written }) => {
    if (at === undefined || name === "" || banks.get(name) !== undefined || LOOKED_UP.has(name)) return [];
    // Several names for one interface are no name of a bank: reported as what they are.
    if ((!list && name.includes(",")) || reported.has(name)) return [];
    reported.add(name);
    const nearest = nearestName(name, names) ?? names.find((one) => one.toLowerCase() === name.toLowerCase());
    return [
      {
        ...at,
        kind: "bank-undefined",
        message: `There is no policy bank ${name}: amavisd ignores it without a word, and ${key} gets the global settings.${nearest === undefined ? "" : ` Is ${nearest} meant?`}`,
        fatal: false,
        absence: true,
        fix:
          nearest === undefined || written !== name
            ? undefined
            : { title: `Change to ${nearest}`, range: at.range, newText: `'${nearest}'` },
      },
    ];
  });
}

function unusedBanks(banks: HashCell, references: readonly BankReference[]): AmavisProblem[] {
  const used = new Set(references.map(({ name }) => name));
  return banks.keys().flatMap((name) => {
    const entry = banks.get(name);
    if (name === "" || used.has(name) || LOOKED_UP.has(name) || entry?.origin === undefined) return [];
    const { value } = entry;
    const protocol =
      value.kind === "ref" && value.cell.kind === "hash" ? value.cell.get("protocol") : undefined;
    // A client that speaks AM.PDP names the bank itself.
    if (protocol !== undefined && textOf(resolved(protocol.value, undefined).value) !== "SMTP") return [];
    return [
      {
        file: (entry.keyOrigin ?? entry.origin).file,
        range: (entry.keyOrigin ?? entry.origin).range,
        kind: "bank-unused",
        message: `Nothing loads the policy bank ${name}: no interface, client, author or virus name leads to it.`,
        fatal: false,
        severity: "information" as const,
        absence: true,
      },
    ];
  });
}
