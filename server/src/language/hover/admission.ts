/** Who may use an SMTP service, by the restrictions as they are: some typical clients are asked for. */

import { type Admission, admission } from "../../flow/admission.js";
import { OWN_DOMAINS, readAddress } from "../../flow/route.js";
import { isLoopback } from "../../semantics/postfix/address.js";
import { listItems } from "../../semantics/postfix/lists/items.js";
import { restrictionList } from "../../semantics/postfix/lists/restrictions.js";
import type { Environment } from "../../semantics/postfix/parameters.js";
import type { Service } from "../../semantics/postfix/services.js";
import { Memo } from "../../syntax/memo.js";
import { type TableLookup, tableLookup } from "../../system/lookup.js";
import type { SystemSource } from "../../system/source.js";
import { placeLink, type View } from "../facts.js";
import { code, plain } from "../markdown.js";

const lookups = new Memo<SystemSource, TableLookup>();

export function lookupOf(source: SystemSource): TableLookup {
  let lookup = lookups.get(source);
  if (!lookup) {
    lookup = tableLookup(source.tables);
    lookups.set(source, lookup);
  }
  return lookup;
}

/** One line for each kind of client; empty for services that are no smtpd. */
export function admissionLines(view: View, service: Service): string[] {
  const { system } = view.analysis;
  if (service.program !== "smtpd" || !system.source.main) return [];
  const set = system.listenSets.get(service);
  const addresses = set?.addresses ?? [];
  const inside =
    service.type === "inet" && addresses.length > 0 && addresses.every(({ address }) => isLoopback(address));
  const ask = (client: string | undefined, recipient: string) =>
    admission(service.environment, lookupOf(system.source), {
      client,
      sender: readAddress("somebody@sender.example"),
      recipient: readAddress(recipient),
    });
  const lines = [
    service.type === "pass"
      ? "clients that postscreen lets pass"
      : inside
        ? "connections come from this host only"
        : "whoever reaches the address may connect",
  ];
  const own = ownDomain(service.environment);
  const elsewhere = "somebody@elsewhere.example";
  if (!inside) {
    if (own)
      lines.push(
        `from outside to its own domains, such as ${code(own)}: ${verdict(view, ask(undefined, `somebody@${own}`))}`,
      );
    lines.push(`from outside to other hosts' domains: ${verdict(view, ask(undefined, elsewhere))}`);
  }
  lines.push(
    `from this host (${code("127.0.0.1")}) to any domain: ${verdict(view, ask("127.0.0.1", elsewhere))}`,
  );
  if (letsUsersIn(service.environment)) lines.push("users who have logged in: accepted, to any domain");
  return lines;
}

function verdict(view: View, { outcome, text, because, assumptions }: Admission): string {
  const at = because[0] ? ` (${placeLink(view, because[0])})` : "";
  const sure = assumptions.length > 0 ? ", as far as the files tell" : "";
  switch (outcome) {
    case "accepted":
      return `accepted${sure}`;
    case "rejected":
      return `rejected with "${plain(text)}"${at}${sure}`;
    case "discarded":
      return `taken and thrown away${at}`;
    case "held":
      return `put on hold${at}`;
    case "unknown":
      return "not known";
  }
}

/** One domain that the service takes mail for, as it stands in one of the four lists. */
function ownDomain(environment: Environment): string | undefined {
  for (const [list] of OWN_DOMAINS)
    for (const { text } of listItems(environment.value(list).text))
      if (/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i.test(text) && !/^localhost\b/i.test(text)) return text;
  return undefined;
}

const RELAY_LISTS = ["smtpd_relay_restrictions", "smtpd_recipient_restrictions"];

function letsUsersIn(environment: Environment): boolean {
  if (!/^yes$/i.test(environment.value("smtpd_sasl_auth_enable").text)) return false;
  return RELAY_LISTS.some((name) =>
    restrictionList(environment, name).items.some(
      (item) => item.name === "permit_sasl_authenticated" && item.ignoredAfter === undefined,
    ),
  );
}
