/** Policy banks of amavisd and their keys. */
import { amavisBankKey, isExtraBankKey } from "../../knowledge/amavisVariables.js";
import { longTextFor, textFor } from "../../knowledge/texts.js";
import type { BankEntry, PolicyBank } from "../../semantics/amavis/configuration.js";
import { placeLink, type View } from "../facts.js";
import { amavisManual } from "../manual.js";
import { code, list, paragraphs } from "../markdown.js";
import { constantOf, showAmavis } from "./amavisVariable.js";
import { showListener } from "./port.js";

/** A policy bank: who selects it, what it changes. Undefined for a name that is no bank and that nothing selects. */
export function describeBank(view: View, name: string): string | undefined {
  const { amavis } = view.analysis.system;
  const bank = amavis?.banks.get(name);
  const listeners = (amavis?.listeners ?? []).filter((listener) => listener.banks.includes(name));
  if (!amavis || (!bank && listeners.length === 0)) return undefined;
  const selected = [
    ...listeners.map(
      (listener) => `mail that comes in on ${code(showListener(listener))} (\`%interface_policy\`)`,
    ),
    ...(amavis.clientBanks.includes(name) ? [`the client's address (${byClient(name)})`] : []),
  ];
  return paragraphs(
    `**Policy bank ${name}**${bank?.origin ? ` (${placeLink(view, bank.origin)})` : ""}`,
    bank
      ? "Its values replace the global ones, key by key, for the mail that it is selected for."
      : "This bank is named but nowhere defined: amavisd ignores the name.",
    SPECIAL[name],
    list("Selected by", selected) ?? "Nothing in these files selects it by a listener or a client's address.",
    bank && list("It sets", entriesOf(view, bank), 16),
    `Manual: ${amavisManual("pbanks")}`,
  );
}

const SPECIAL: Readonly<Record<string, string>> = {
  MYNETS:
    "amavisd selects it by itself for clients in `@mynetworks`, where their address is known (XFORWARD).",
  MYUSERS: "amavisd selects it for senders in a local domain whose client is in `@mynetworks`.",
};

function byClient(name: string): string {
  return name === "MYNETS" || name === "MYUSERS" ? "`@mynetworks`" : "`@client_ipaddr_policy`";
}

function entriesOf(view: View, bank: PolicyBank): string[] {
  return [...bank.entries.values()].map((entry) => {
    const global = globalOf(view, entry.key);
    const instead = global === undefined ? "" : `, in place of ${showAmavis(global)}`;
    return `${code(entry.key)} => ${showAmavis(entry.display)}${constantOf(entry.key, entry.display)}${instead}`;
  });
}

function globalOf({ analysis }: View, key: string) {
  const facts = amavisBankKey(key);
  const value = facts && analysis.system.amavis?.value(facts.name);
  // Whole tables beside each other help nobody.
  return typeof value?.display === "string" && value.display.length > 80 ? undefined : value?.display;
}

/** A key of a bank: what it means there, its value and the global one. */
export function describeBankKey(view: View, bank: PolicyBank, entry: BankEntry): string {
  const { key, display } = entry;
  const facts = amavisBankKey(key);
  const text = textFor("bankKey", key);
  const global = facts && view.analysis.system.amavis?.value(facts.name);
  const from = global?.origins.at(-1);
  return paragraphs(
    `**${key}** => ${showAmavis(display)}${constantOf(key, display)} in the policy bank ${code(bank.name)}`,
    text,
    facts && global
      ? `In place of ${code(facts.name)} = ${showAmavis(global.display)}${constantOf(key, global.display)} (${from ? placeLink(view, from) : "default"}).`
      : !facts && !isExtraBankKey(key)
        ? "amavisd knows no such key, so it has no effect."
        : undefined,
    text && longTextFor("bankKey", key)?.slice(text.length).trim(),
    `Manual: ${amavisManual("pbanks")}`,
  );
}
