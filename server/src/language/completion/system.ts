/** What a mail system offers to what is being typed: endpoints, transports, services that something waits for. */
import type { Analysis } from "../../analysis.js";
import type { AmavisListener } from "../../semantics/amavis/configuration.js";
import { isLoopback, isWildcard } from "../../semantics/postfix/address.js";
import { listItems } from "../../semantics/postfix/lists/items.js";
import { restrictionClasses } from "../../semantics/postfix/lists/restrictions.js";
import type { Service } from "../../semantics/postfix/services.js";
import { isPublicEntry } from "../../system/entries.js";

/** A place that mail can be sent to. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  /** Who listens there, in a few words. */
  readonly who: string;
}

/** `[127.0.0.1]:10024`, as a nexthop or in a delivery method. */
export const bracketed = ({ host, port }: Endpoint) => `[${host}]:${port}`;
/** `127.0.0.1:10024`, as smtpd_proxy_filter has it. */
export const plain = ({ host, port }: Endpoint) =>
  host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;

/** The sockets of amavisd that take mail to be filtered. */
export function filterEndpoints({ system }: Analysis): (Endpoint & { readonly listener: AmavisListener })[] {
  const seen = new Set<string>();
  return (system.amavis?.listeners ?? []).flatMap((listener) => {
    if (listener.network !== "inet" || listener.port === 0 || !takesMail(listener)) return [];
    const host = reachable(listener.address);
    const key = `${host} ${listener.port}`;
    // On every interface it is the loopback address that Postfix should use, once for both families.
    if (seen.has(key)) return [];
    seen.add(key);
    const banks = listener.banks.length > 0 ? `, policy bank ${listener.banks.join(", ")}` : "";
    return [{ host, port: listener.port, who: `amavisd listens here${banks}`, listener }];
  });
}

function takesMail({ protocol }: AmavisListener): boolean {
  return typeof protocol.value !== "string" || /^(?:|E?SMTP|LMTP)$/i.test(protocol.value);
}

const reachable = (address: string) => (isWildcard(address) ? "127.0.0.1" : address);

/** The services of Postfix that a filter can hand mail back to: inet, and no public entry. Those without a filter come first. */
export function reinjectionEndpoints({
  system,
  flow,
}: Analysis): (Endpoint & { readonly filtered: boolean })[] {
  const seen = new Set<string>();
  const found = system.sockets.flatMap((socket) => {
    if (socket.program !== "postfix" || socket.service.program !== "smtpd") return [];
    if (isPublicEntry(system, socket.service)) return [];
    const host = reachable(socket.address);
    const key = `${host} ${socket.port}`;
    if (seen.has(key)) return [];
    seen.add(key);
    const filtered = flow.requestsOf(socket.service, host).length > 0;
    const who = `${socket.service.name} of master.cf${filtered ? ", which filters again" : ""}`;
    return [{ host, port: socket.port, who, filtered }];
  });
  return found.sort((a, b) => Number(a.filtered) - Number(b.filtered));
}

/** Endpoints that Postfix sends mail to and where nothing listens yet: the port that amavisd should take. */
export function wantedFilterPorts({ flow }: Analysis): Endpoint[] {
  const found = new Map<string, Endpoint>();
  for (const { target, request } of flow.requests)
    if (target.kind === "missing") {
      const { address, port } = target.endpoint;
      found.set(`${address} ${port}`, { host: address, port, who: `${request.parameter} sends mail here` });
    }
  return [...found.values()];
}

/** Endpoints that amavisd hands mail back to and where no service listens yet. */
export function wantedReinjections({ flow }: Analysis): Endpoint[] {
  const found = new Map<string, Endpoint>();
  for (const { target, role } of flow.forwards)
    if (target.kind === "missing" && role === "forward") {
      const { address, port } = target.endpoint;
      found.set(`${address} ${port}`, { host: address, port, who: "amavisd hands mail back here" });
    }
  return [...found.values()];
}

/** Transports that a value asks for and master.cf lacks. */
export function wantedTransports({ flow }: Analysis): string[] {
  const names = flow.requests.flatMap(({ target }) =>
    target.kind === "no-transport" ? [target.transport] : [],
  );
  return [...new Set(names)];
}

/** Number of processes that amavisd keeps, where it is known. */
export function amavisProcesses({ system }: Analysis): number | undefined {
  const display = system.amavis?.value("$max_servers")?.display;
  const text = typeof display === "string" ? display.replace(/^'|'$/g, "") : "";
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

/** The transports that deliver by SMTP or LMTP, those that look made for a filter first. */
export function feedTransports({ system, flow }: Analysis): Service[] {
  const named = new Set(flow.requests.map(({ request }) => request.text.split(":")[0]));
  const weight = (service: Service) => {
    if (named.has(service.name)) return 0;
    if (/amavis/i.test(service.name)) return 1;
    if (/filter|scan|spam|feed/i.test(service.name)) return 2;
    return service.name === "smtp" || service.name === "relay" || service.name === "lmtp" ? 4 : 3;
  };
  return [...system.transports.values()]
    .filter(({ program }) => program === "smtp" || program === "lmtp")
    .sort((a, b) => weight(a) - weight(b));
}

/** Every item of the values that some parameters have anywhere in the system. */
export function usedItems({ system }: Analysis, names: (name: string) => boolean): string[] {
  const found = new Set<string>();
  for (const { name, definition } of system.settings)
    if (names(name)) for (const { text } of listItems(definition.raw)) found.add(text);
  return [...found];
}

/** Whether a parameter holds restrictions: one of smtpd's lists, or a class. */
export function isRestrictionList({ system }: Analysis): (name: string) => boolean {
  const classes = restrictionClasses(system.environment);
  return (name) => name.endsWith("_restrictions") || classes.has(name);
}

/** What a service is there for, as far as that decides which settings it needs. */
export type ServiceUse =
  | "entry"
  | "submission"
  | "reinjection"
  | "feed"
  | "lmtpFeed"
  | "smtp"
  | "lmtp"
  | "cleanup"
  | "postscreen"
  | "pickup"
  | "other";

export function serviceUse(
  { system, flow }: Analysis,
  program: string,
  service: Service | undefined,
): ServiceUse {
  if (program === "smtpd") {
    if (!service) return "entry";
    const set = system.listenSets.get(service);
    if (flow.reinjections.has(service)) return "reinjection";
    if (set?.addresses.length && set.addresses.every(({ address }) => isLoopback(address)))
      return "reinjection";
    return set?.port === 587 || set?.port === 465 ? "submission" : "entry";
  }
  if (program === "smtp" || program === "lmtp") {
    const feeds = flow.requests.some(({ request }) => request.text.split(":")[0] === service?.name);
    const looks = /amavis|filter|scan|spam/i.test(service?.name ?? "");
    if (feeds || looks) return program === "smtp" ? "feed" : "lmtpFeed";
    return program;
  }
  return program === "cleanup" || program === "postscreen" || program === "pickup" ? program : "other";
}
