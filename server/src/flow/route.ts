/**
 * Where the queue manager sends mail for one recipient: the address class chooses a transport and a next hop,
 * then transport_maps may choose otherwise (trivial-rewrite(8), ADDRESS_CLASS_README, transport(5)).
 */
import type { Location } from "../semantics/located.js";
import { splitTransport } from "../semantics/postfix/endpoints.js";
import { listItems } from "../semantics/postfix/lists/items.js";
import type { Environment } from "../semantics/postfix/parameters.js";
import type { Answer, TableLookup } from "../system/lookup.js";

export type AddressClass = "local" | "virtual-alias" | "virtual-mailbox" | "relay" | "default";

export interface Route {
  readonly class: AddressClass;
  readonly transport: string;
  /** As written; the recipient's domain where nothing else is set. */
  readonly nexthop: string;
  /** The texts that decide, the strongest last. */
  readonly because: readonly Location[];
}

export type Routing = Route | { readonly kind: "unknown"; readonly reason: string };

export interface Address {
  readonly local: string;
  /** Lower case; "" for an address without one. */
  readonly domain: string;
}

/** The last @ divides; case of the local part is kept. */
export function readAddress(text: string): Address {
  const at = text.lastIndexOf("@");
  return at < 0
    ? { local: text, domain: "" }
    : { local: text.slice(0, at), domain: text.slice(at + 1).toLowerCase() };
}

/** @param environment that of trivial-rewrite: main.cf alone unless its entry has options. */
export function route(
  environment: Environment,
  lookup: TableLookup,
  recipient: Address,
  sender: Address,
): Routing {
  const domain = recipient.domain || environment.value("myorigin").text.toLowerCase();
  const kind = addressClass(environment, lookup, domain);
  if (typeof kind !== "string") return kind;
  const chosen = byClass(environment, lookup, kind, domain, sender);
  if ("kind" in chosen) return chosen;
  const maps = lookup.maps(environment, "transport_maps", transportKeys(environment, recipient, domain));
  if (maps.kind === "unknown") return maps;
  if (maps.kind === "none") return chosen;
  const { transport, nexthop } = splitTransport(maps.value.trim());
  const because = [
    ...chosen.because,
    ...(maps.location ? [maps.location] : placesOf(environment, "transport_maps")),
  ];
  // "" and ":" change nothing; a transport alone resets the next hop to the domain; ":nexthop" keeps the transport.
  if (transport === "" && nexthop === "") return { ...chosen, because };
  return {
    class: chosen.class,
    transport: transport === "" ? chosen.transport : transport,
    nexthop: nexthop === "" ? domain : nexthop,
    because,
  };
}

/** The lists of domains that Postfix is responsible for, with their class, and whether subdomains count as listed. */
export const OWN_DOMAINS = [
  ["mydestination", "local", false],
  ["virtual_alias_domains", "virtual-alias", false],
  ["virtual_mailbox_domains", "virtual-mailbox", false],
  ["relay_domains", "relay", true],
] as const;

/** Which list the domain stands in, in the order in which trivial-rewrite asks. */
function addressClass(
  environment: Environment,
  lookup: TableLookup,
  domain: string,
): AddressClass | { readonly kind: "unknown"; readonly reason: string } {
  if (domain.startsWith("[")) return "local";
  for (const [parameter, kind, parents] of OWN_DOMAINS) {
    const listed = matchesDomain(environment, lookup, parameter, domain, parents);
    if (listed === undefined) return { kind: "unknown", reason: `${parameter} is not fully known` };
    if (listed) return kind;
  }
  return "default";
}

/**
 * Whether a domain list holds a domain (match_list(3)).
 * @param parents true where a domain stands for its subdomains too (parent_domain_matches_subdomains).
 */
export function matchesDomain(
  environment: Environment,
  lookup: TableLookup,
  parameter: string,
  domain: string,
  parents: boolean,
): boolean | undefined {
  const value = environment.value(parameter);
  let unknown = value.unknown !== undefined;
  for (const item of listItems(value.text)) {
    const negated = item.text.startsWith("!");
    const pattern = (negated ? item.text.slice(1) : item.text).toLowerCase();
    const hit = matchesPattern(lookup, pattern, domain, parents);
    if (hit === undefined) unknown = true;
    else if (hit) return unknown ? undefined : !negated;
  }
  return unknown ? undefined : false;
}

function matchesPattern(
  lookup: TableLookup,
  pattern: string,
  domain: string,
  parents: boolean,
): boolean | undefined {
  if (pattern.startsWith("/")) return undefined;
  if (pattern.includes(":")) {
    const answer = lookup.table(pattern, parents ? withParents(domain) : [domain]);
    return answer.kind === "unknown" ? undefined : answer.kind === "found";
  }
  if (pattern === domain) return true;
  return pattern.startsWith(".") ? domain.endsWith(pattern) : parents && domain.endsWith(`.${pattern}`);
}

function withParents(domain: string): string[] {
  const names = [domain];
  for (let at = domain.indexOf("."); at >= 0; at = domain.indexOf(".", at + 1))
    names.push(domain.slice(at + 1));
  return names;
}

function byClass(
  environment: Environment,
  lookup: TableLookup,
  kind: AddressClass,
  domain: string,
  sender: Address,
): Routing {
  if (kind === "virtual-alias")
    return {
      class: kind,
      transport: "error",
      nexthop: "User unknown in virtual alias table",
      because: placesOf(environment, "virtual_alias_domains"),
    };
  const parameter = {
    local: "local_transport",
    "virtual-mailbox": "virtual_transport",
    relay: "relay_transport",
    default: "default_transport",
  }[kind];
  let transportText = environment.value(parameter).text;
  let because = placesOf(environment, parameter);
  if (kind === "default") {
    const own = lookup.maps(environment, "sender_dependent_default_transport_maps", senderKeys(sender));
    if (own.kind === "unknown") return own;
    if (own.kind === "found" && !/^DUNNO$/i.test(own.value)) {
      transportText = own.value;
      because = own.location
        ? [own.location]
        : placesOf(environment, "sender_dependent_default_transport_maps");
    }
  }
  const { transport, nexthop } = splitTransport(transportText);
  if (nexthop !== "" || kind === "local" || kind === "virtual-mailbox")
    return { class: kind, transport, nexthop: nexthop || domain, because };
  const relay = relayHost(environment, lookup, sender);
  if (relay.kind === "unknown") return relay;
  if (relay.kind === "none") return { class: kind, transport, nexthop: domain, because };
  return {
    class: kind,
    transport,
    nexthop: relay.value,
    because: [...because, ...(relay.location ? [relay.location] : placesOf(environment, "relayhost"))],
  };
}

function relayHost(environment: Environment, lookup: TableLookup, sender: Address): Answer {
  const own = lookup.maps(environment, "sender_dependent_relayhost_maps", senderKeys(sender));
  if (own.kind === "unknown") return own;
  if (own.kind === "found" && !/^DUNNO$/i.test(own.value)) return own;
  const value = environment.value("relayhost");
  if (value.unknown !== undefined) return { kind: "unknown", reason: value.unknown };
  return value.text === ""
    ? { kind: "none" }
    : { kind: "found", value: value.text, location: value.definition?.origin };
}

function senderKeys({ local, domain }: Address): string[] {
  return domain === "" ? [local || "<>"] : [`${local}@${domain}`, `@${domain}`];
}

/** transport(5), TABLE SEARCH ORDER: the address, the address without extension, the domain, its parents with a dot, "*". */
function transportKeys(environment: Environment, { local, domain: own }: Address, domain: string): string[] {
  const delimiter = environment.value("recipient_delimiter").text;
  const at =
    delimiter === ""
      ? -1
      : [...local].findIndex((character, index) => index > 0 && delimiter.includes(character));
  const base = at > 0 ? local.slice(0, at) : undefined;
  const address = own === "" ? domain : own;
  return [
    `${local}@${address}`,
    ...(base === undefined ? [] : [`${base}@${address}`]),
    domain,
    ...withParents(domain)
      .slice(1)
      .map((parent) => `.${parent}`),
    "*",
  ];
}

function placesOf(environment: Environment, parameter: string): Location[] {
  const origin = environment.definition(parameter)?.origin;
  return origin ? [origin] : [];
}
