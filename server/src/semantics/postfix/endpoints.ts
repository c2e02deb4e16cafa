/**
 * The many ways in which Postfix writes "where": host:port of master.cf (host_port(3)), transport:nexthop,
 * nexthops of smtp(8) and lmtp(8), proxy filters. Splitting only; who listens there is the system's business.
 */
import { tcpPort } from "../../knowledge/ports.js";
import type { Range } from "../../syntax/text.js";
import { normaliseAddress } from "./address.js";

export interface HostPort {
  /** Without brackets; "" when there is none. */
  readonly host: string;
  readonly hostRange: Range;
  /** As written; "" when there is none. */
  readonly port: string;
  readonly portRange: Range;
  /** What host_port(3) would refuse. */
  readonly fault: string | undefined;
  readonly bracketed: boolean;
}

/**
 * Splits host:port at the last colon, brackets shielding colons; a lone word is the port (`default`
 * "port": master.cf, proxy filters) or the host (`default` "host": nexthops).
 * Ranges are offsets into `text`.
 */
export function splitHostPort(text: string, lone: "host" | "port"): HostPort {
  const whole = { start: 0, end: text.length };
  const none = { start: text.length, end: text.length };
  if (text.startsWith("[")) {
    const close = text.indexOf("]");
    const hostRange = { start: 1, end: close < 0 ? text.length : close };
    const base = { host: text.slice(1, hostRange.end), hostRange, bracketed: true };
    if (close < 0) return { ...base, port: "", portRange: none, fault: 'missing "]"' };
    const rest = text.slice(close + 1);
    if (rest === "")
      return {
        ...base,
        port: "",
        portRange: none,
        fault: lone === "port" ? "missing service information" : undefined,
      };
    if (!rest.startsWith(":")) return { ...base, port: "", portRange: none, fault: 'garbage after "]"' };
    const portRange = { start: close + 2, end: text.length };
    const port = text.slice(close + 2);
    return { ...base, port, portRange, fault: port === "" ? "missing service information" : undefined };
  }
  const colon = text.lastIndexOf(":");
  if (colon < 0)
    return lone === "port"
      ? {
          host: "",
          hostRange: { start: 0, end: 0 },
          port: text,
          portRange: whole,
          fault: undefined,
          bracketed: false,
        }
      : { host: text, hostRange: whole, port: "", portRange: none, fault: undefined, bracketed: false };
  const port = text.slice(colon + 1);
  return {
    host: text.slice(0, colon),
    hostRange: { start: 0, end: colon },
    port,
    portRange: { start: colon + 1, end: text.length },
    fault: port === "" ? "missing service information" : undefined,
    bracketed: false,
  };
}

/** What a port text means to Postfix. */
export type Port =
  /** `listens` is what the kernel gets: the number modulo 65536. */
  | { readonly kind: "number"; readonly number: number; readonly listens: number; readonly named: boolean }
  /** Begins with a digit and goes on with something else, or is no possible service name. */
  | { readonly kind: "malformed" }
  /** A name that no services database known to us has. */
  | { readonly kind: "unknown-name" };

/** known_tcp_ports: what Postfix resolves by itself, whatever the services database says (3.6 and newer). */
const KNOWN_TCP_PORTS: Readonly<Record<string, number>> = {
  lmtp: 24,
  smtp: 25,
  smtps: 465,
  submissions: 465,
  submission: 587,
};

export function readPort(text: string): Port {
  // "+25" is no number to host_port(3), but the resolver makes one of it (measured).
  if (/^\+?\d+$/.test(text)) {
    const number = Number(text);
    return { kind: "number", number, listens: number % 65536, named: false };
  }
  if (/^\d/.test(text)) return { kind: "malformed" };
  const number = KNOWN_TCP_PORTS[text] ?? tcpPort(text);
  return number === undefined
    ? { kind: "unknown-name" }
    : { kind: "number", number, listens: number, named: true };
}

const VALID_HOST =
  /^[\p{L}\p{N}_](?:[\p{L}\p{N}_-]{0,61}[\p{L}\p{N}_])?(?:\.[\p{L}\p{N}_](?:[\p{L}\p{N}_-]{0,61}[\p{L}\p{N}_])?)*$/u;

/** Whether master(8) takes a word as a host: a valid host name or address, never "*" or "127.1". */
export function isValidListenHost(host: string): boolean {
  if (normaliseAddress(host) !== undefined) return true;
  if (host.includes(":")) return false;
  // valid_hostname(3): labels of letters, digits, underscore and inner hyphens, and not all digits and dots.
  return VALID_HOST.test(host) && host.length <= 255 && !/^[0-9.]+$/.test(host);
}

export interface TransportNexthop {
  readonly transport: string;
  readonly transportRange: Range;
  /** "" when nothing stands behind the colon, or there is no colon. */
  readonly nexthop: string;
  readonly nexthopRange: Range;
}

/** Splits transport:nexthop at the first colon; blanks behind the colon do not count (p12-space-before-nexthop). */
export function splitTransport(text: string): TransportNexthop {
  const colon = text.indexOf(":");
  const end = colon < 0 ? text.length : colon;
  let start = colon < 0 ? text.length : colon + 1;
  while (start < text.length && /\s/.test(text[start] ?? "")) start++;
  return {
    transport: text.slice(0, end),
    transportRange: { start: 0, end },
    nexthop: text.slice(start),
    nexthopRange: { start, end: text.length },
  };
}

/** One destination of a nexthop; several in a list are tried in order. */
export interface Destination {
  readonly kind: "inet" | "unix" | "domain";
  /** inet: host without brackets (normalised address or name). domain: a name that is looked up by MX. */
  readonly host: string;
  /** Port as written; "" when the default of the program applies. */
  readonly port: string;
  readonly portRange: Range;
  readonly path: string;
  readonly range: Range;
  readonly bracketed: boolean;
  readonly fault: string | undefined;
}

/** Splits a nexthop of smtp(8) or lmtp(8) into its destinations. Ranges are offsets into `nexthop`. */
export function readNexthop(nexthop: string, protocol: "smtp" | "lmtp"): Destination[] {
  const destinations: Destination[] = [];
  for (const match of nexthop.matchAll(/[^\s,]+/g))
    destinations.push(readDestination(match[0], match.index, protocol));
  return destinations;
}

function readDestination(text: string, start: number, protocol: "smtp" | "lmtp"): Destination {
  const range = { start, end: start + text.length };
  const prefix = /^(inet|unix):/i.exec(text)?.[1]?.toLowerCase();
  const at = {
    range,
    path: "",
    bracketed: false,
    fault: undefined,
    portRange: { start: range.end, end: range.end },
  };
  if (prefix === "unix" && protocol === "lmtp")
    return { ...at, kind: "unix", host: "", port: "", path: text.slice(5) };
  const skip = prefix === "inet" && protocol === "lmtp" ? 5 : 0;
  const parts = splitHostPort(text.slice(skip), "host");
  const address = normaliseAddress(parts.host);
  // smtp(8) knows no inet: prefix; it reads "inet" as the host and dies (p13-inet-prefix).
  const fault =
    prefix !== undefined && protocol === "smtp" ? `smtp(8) knows no "${prefix}:" prefix` : parts.fault;
  return {
    ...at,
    kind: address !== undefined || parts.bracketed ? "inet" : "domain",
    host: address ?? parts.host,
    port: parts.port,
    portRange: { start: start + skip + parts.portRange.start, end: start + skip + parts.portRange.end },
    bracketed: parts.bracketed,
    fault:
      fault ??
      (parts.bracketed && parts.host.includes(":") && address === undefined
        ? "malformed IPv6 address"
        : undefined),
  };
}
