/** A domain in one of the lists of domains that Postfix is responsible for: where mail for it goes. */
import { type AddressClass, OWN_DOMAINS, route } from "../../flow/route.js";
import { parameterFacts } from "../../knowledge/parameters.js";
import type { Environment } from "../../semantics/postfix/parameters.js";
import { placeLink, type View } from "../facts.js";
import { parameterManual } from "../manual.js";
import { code, list, paragraphs } from "../markdown.js";
import { lookupOf } from "./admission.js";

const CLASSES: Readonly<Record<AddressClass, string>> = {
  local: "Its addresses are accounts and aliases of this host.",
  "virtual-alias": "All its addresses are aliases: each needs an entry in `virtual_alias_maps`.",
  "virtual-mailbox": "Its addresses are mailboxes without accounts, listed in `virtual_mailbox_maps`.",
  relay: "Its mail is handed on to another server.",
  default: "No list has it as it stands.",
};

/** Undefined for lists of another kind, and for what is no plain domain. */
export function describeDomain(
  view: View,
  parameter: string,
  domain: string,
  environment: Environment,
): string | undefined {
  const listed = OWN_DOMAINS.some(([name]) => name === parameter);
  if (!listed || !/^\.?[\w-]+(?:\.[\w-]+)*$/.test(domain)) return undefined;
  const address = { local: "somebody", domain: domain.replace(/^\./, "").toLowerCase() };
  const way = route(environment, lookupOf(view.analysis.source), address, { local: "", domain: "" });
  if ("kind" in way)
    return paragraphs(
      `**${domain}** in ${code(parameter)}`,
      `Where its mail goes is not known: ${way.reason}.`,
    );
  const facts = parameterFacts(parameter);
  const manual = facts && parameterManual(facts);
  const own = OWN_DOMAINS.find(([, kind]) => kind === way.class)?.[0];
  const other = own !== undefined && own !== parameter;
  return paragraphs(
    `**${domain}** in ${code(parameter)}`,
    CLASSES[way.class],
    other && `**${own} has it too**, and that list is asked first.`,
    way.class !== "virtual-alias" &&
      `Mail for it takes the transport ${code(way.transport)}, nexthop ${code(way.nexthop)}.`,
    way.because.length > 0 &&
      list(
        "Because of",
        way.because.map((place) => placeLink(view, place)),
      ),
    manual && `Manual: ${manual}`,
  );
}
