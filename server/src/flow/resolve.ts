/** Follows one step: from a filter request or a delivery method to what answers there. */
import type { AmavisListener, DeliveryMethod } from "../semantics/amavis/configuration.js";
import {
  isLocalhostName,
  isLoopback,
  isWildcard,
  LOOPBACK,
  normaliseAddress,
} from "../semantics/postfix/address.js";
import {
  type Destination,
  readNexthop,
  readPort,
  splitHostPort,
  splitTransport,
} from "../semantics/postfix/endpoints.js";
import type { Service } from "../semantics/postfix/services.js";
import { hasPlaceholder } from "../syntax/postfix/words.js";
import type { Range } from "../syntax/text.js";
import type { FilterRequest } from "../system/feeds.js";
import { type AmavisSocket, answering, type InetSocket, type PostfixSocket } from "../system/listeners.js";
import type { MailSystem } from "../system/system.js";

/** An address and port that mail is sent to, with its place in the text that names it (offsets into that text). */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
  readonly range: Range;
}

/** Where one step leads. */
export type Target =
  | {
      readonly kind: "amavis";
      readonly endpoint: Endpoint;
      readonly sockets: readonly (InetSocket & AmavisSocket)[];
    }
  | {
      readonly kind: "postfix";
      readonly endpoint: Endpoint;
      readonly sockets: readonly (InetSocket & PostfixSocket)[];
    }
  /** Nothing of this system listens at an address of this host. */
  | { readonly kind: "missing"; readonly endpoint: Endpoint }
  /** An address of another host, or a name that only a resolver knows. */
  | { readonly kind: "elsewhere"; readonly host: string }
  /** Port 25 of this host: smtp(8) refuses to talk to itself (p05-no-port). */
  | { readonly kind: "self"; readonly endpoint: Endpoint }
  | { readonly kind: "no-transport"; readonly transport: string; readonly range: Range }
  | { readonly kind: "no-nexthop"; readonly transport: string; readonly range: Range }
  | {
      readonly kind: "bad-port";
      readonly port: string;
      readonly reason: "unknown-name" | "out-of-range" | "malformed";
      readonly range: Range;
    }
  /** Something that the program of the transport refuses; another rule's business. */
  | { readonly kind: "malformed"; readonly reason: string; readonly range: Range }
  /** A transport whose program is no network client: pipe(8), discard(8), local(8) ... */
  | { readonly kind: "program"; readonly service: Service }
  | { readonly kind: "unix"; readonly path: string }
  | { readonly kind: "unknown"; readonly reason: string };

/** The transport of a request as master.cf has it. */
export function transportService(system: MailSystem, name: string): Service | undefined {
  return system.transports.get(name);
}

/** Where a filter request leads. */
export function resolveRequest(system: MailSystem, request: FilterRequest): Target {
  if (request.unknown !== undefined) return { kind: "unknown", reason: request.unknown };
  if (hasPlaceholder(request.text))
    return { kind: "unknown", reason: "the value is filled in by a template" };
  if (request.kind === "proxy") return resolveProxy(system, request.text);
  const { transport, transportRange, nexthop, nexthopRange } = splitTransport(request.text);
  if (/^(["']).*\1$/.test(transport)) return { kind: "unknown", reason: "the value is in quotes" };
  const service = transportService(system, transport);
  if (!service) {
    if (system.masterOpen !== undefined) return { kind: "unknown", reason: system.masterOpen };
    return { kind: "no-transport", transport, range: transportRange };
  }
  if (service.uncertain) return { kind: "unknown", reason: "the transport is filled in by a template" };
  if (service.program !== "smtp" && service.program !== "lmtp") return { kind: "program", service };
  const value = nexthop === "" ? service.environment.value("default_filter_nexthop").text : nexthop;
  if (value === "") return { kind: "no-nexthop", transport, range: transportRange };
  return resolveNexthop(system, value, nexthop === "" ? 0 : nexthopRange.start, service);
}

function resolveNexthop(system: MailSystem, nexthop: string, offset: number, transport: Service): Target {
  const protocol = transport.program === "lmtp" ? "lmtp" : "smtp";
  const targets = readNexthop(nexthop, protocol).map((destination) =>
    resolveDestination(system, shift(destination, offset), protocol),
  );
  // A list is tried in order: the first that leads somewhere counts, a missing one only when all are.
  const dead: ReadonlySet<Target["kind"]> = new Set(["missing"]);
  return (
    targets.find((target) => !dead.has(target.kind)) ??
    targets[0] ?? { kind: "unknown", reason: "the nexthop is empty" }
  );
}

function shift(destination: Destination, by: number): Destination {
  const move = (range: Range): Range => ({ start: range.start + by, end: range.end + by });
  return { ...destination, range: move(destination.range), portRange: move(destination.portRange) };
}

function resolveDestination(system: MailSystem, destination: Destination, protocol: "smtp" | "lmtp"): Target {
  if (destination.fault !== undefined)
    return { kind: "malformed", reason: destination.fault, range: destination.range };
  if (destination.kind === "unix") return { kind: "unix", path: destination.path };
  const standard = protocol === "smtp" ? 25 : 24;
  const port = destination.port === "" ? standard : portNumber(destination.port);
  if (typeof port === "string")
    return { kind: "bad-port", port: destination.port, reason: port, range: destination.portRange };
  const endpoint = { port, range: destination.range };
  const target = resolveEndpoint(system, destination.host, endpoint, "amavisd");
  const ownSmtpd = target.kind === "postfix" || target.kind === "missing";
  return protocol === "smtp" && port === 25 && ownSmtpd
    ? { kind: "self", endpoint: target.endpoint }
    : target;
}

function portNumber(text: string): number | "unknown-name" | "out-of-range" | "malformed" {
  const port = readPort(text);
  if (port.kind !== "number") return port.kind;
  return port.number === 0 || port.number > 65535 ? "out-of-range" : port.number;
}

/** smtpd_proxy_filter: host:port, inet:host:port or unix:path; a lone word is a port of this host. */
function resolveProxy(system: MailSystem, text: string): Target {
  const prefix = /^(inet|unix):/i.exec(text)?.[0] ?? "";
  if (/^unix:/i.test(prefix)) return { kind: "unix", path: text.slice(prefix.length) };
  const parts = splitHostPort(text.slice(prefix.length), "port");
  const range = { start: 0, end: text.length };
  if (parts.fault !== undefined) return { kind: "malformed", reason: parts.fault, range };
  const port = portNumber(parts.port);
  if (port === "malformed") return { kind: "malformed", reason: "garbage after numerical service", range };
  if (typeof port === "string") return { kind: "bad-port", port: parts.port, reason: port, range };
  return resolveEndpoint(system, parts.host === "" ? "localhost" : parts.host, { port, range }, "amavisd");
}

/** Addresses of this host that the host part of an endpoint means; undefined for other hosts and unknown names. */
function localAddresses(system: MailSystem, host: string): readonly string[] | undefined {
  const address = normaliseAddress(host);
  if (address !== undefined) {
    if (isWildcard(address)) return [address === "::" ? LOOPBACK.ipv6 : LOOPBACK.ipv4];
    return isLoopback(address) || ownAddresses(system).has(address) ? [address] : undefined;
  }
  if (isLocalhostName(host)) return [LOOPBACK.ipv4, LOOPBACK.ipv6];
  return undefined;
}

/** Addresses that the configuration itself says belong to this host. */
function ownAddresses(system: MailSystem): ReadonlySet<string> {
  const own = new Set(system.source.addresses.map((address) => normaliseAddress(address) ?? address));
  for (const socket of system.sockets) if (!isWildcard(socket.address)) own.add(socket.address);
  return own;
}

/**
 * What answers at a host and port.
 * @param prefer which program to follow where both claim the endpoint. One of the two dies then, which
 * port-collision-foreign reports; following the one that was meant keeps other findings true.
 */
export function resolveEndpoint(
  system: MailSystem,
  host: string,
  at: { port: number; range: Range },
  prefer: InetSocket["program"],
): Target {
  const addresses = localAddresses(system, host);
  if (!addresses) return { kind: "elsewhere", host };
  const here = system.socketsByPort.get(at.port) ?? [];
  for (const address of addresses) {
    const endpoint = { address, ...at };
    const amavis = answering(
      here.filter((socket) => socket.program === "amavisd"),
      address,
      at.port,
    );
    const postfix = answering(
      here.filter((socket) => socket.program === "postfix"),
      address,
      at.port,
    );
    if (amavis.length > 0 && (prefer === "amavisd" || postfix.length === 0))
      return { kind: "amavis", endpoint, sockets: amavis };
    if (postfix.length > 0) return { kind: "postfix", endpoint, sockets: postfix };
  }
  return { kind: "missing", endpoint: { address: addresses[0] ?? host, ...at } };
}

/** Where amavisd hands mail to by one delivery method, when it came in through `listener`. */
export function resolveMethod(system: MailSystem, method: DeliveryMethod, listener: AmavisListener): Target {
  const range = { start: 0, end: method.text.length };
  if (method.fault !== undefined) return { kind: "malformed", reason: method.fault, range };
  if (method.path !== undefined) return { kind: "unix", path: method.path };
  if (method.scheme !== "smtp" && method.scheme !== "lmtp")
    return { kind: "unknown", reason: `${method.scheme}: is no network delivery` };
  const port = method.port === "*" ? listener.port + 1 : method.port;
  const host = method.host === "*" ? clientAddress(listener) : method.host;
  if (port === undefined || host === undefined)
    return { kind: "unknown", reason: "the method is not fully known" };
  const target = resolveEndpoint(system, host, { port, range }, "postfix");
  // "missing" may only be said when every socket of Postfix is known.
  return target.kind === "missing" && unknownSockets(system)
    ? { kind: "unknown", reason: "not every listener of Postfix is known" }
    : target;
}

/** `*` is the address of whoever connects: for a loopback or wildcard listener the loopback of its family. */
function clientAddress(listener: AmavisListener): string {
  if (!isWildcard(listener.address)) return listener.address;
  return LOOPBACK.ipv4;
}

/** Whether Postfix may listen where nothing is seen: templates, unreadable names, a missing file. */
export function unknownSockets(system: MailSystem): boolean {
  if (system.masterOpen !== undefined) return true;
  // An entry with a fault of its own was meant to listen somewhere; its own finding comes first.
  for (const set of system.listenSets.values())
    if (set.unknown !== undefined || set.fault !== undefined) return true;
  return false;
}
