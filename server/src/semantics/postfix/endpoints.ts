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
  const written = /^(inet|unix):/i.exec(text)?.[1];
  // lmtp(8) compares letter by letter: UNIX:path is host UNIX, port path.
  const prefix = protocol === "lmtp" && written === written?.toLowerCase() ? written : undefined;
  const at = {
    range,
    path: "",
    bracketed: false,
    fault: undefined,
    portRange: { start: range.end, end: range.end },
  };
  if (prefix === "unix") return { ...at, kind: "unix", host: "", port: "", path: text.slice(5) };
  const skip = prefix === "inet" ? 5 : 0;
  const parts = splitHostPort(text.slice(skip), "host");
  const address = normaliseAddress(parts.host);
  // smtp(8) knows no inet: prefix; it reads "inet" as the host and dies (p13-inet-prefix).
  const misplaced =
    written !== undefined && prefix === undefined
      ? `${protocol}(8) knows no "${written}:" prefix`
      : undefined;
  return {
    ...at,
    kind: address !== undefined || parts.bracketed ? "inet" : "domain",
    host: address ?? parts.host,
    port: parts.port,
    portRange: { start: start + skip + parts.portRange.start, end: start + skip + parts.portRange.end },
    bracketed: parts.bracketed,
    fault: misplaced ?? destinationFault(parts),
  };
}

/**
 * What smtp(8) and lmtp(8) say of a host and port before they give up (p04-brackets-round-port; the texts are
 * those of host_port(3), tried with 3.7.11). "[host]:" with nothing behind the colon is taken.
 */
function destinationFault(parts: HostPort): string | undefined {
  if (parts.fault === "missing service information" && parts.bracketed) return hostFault(parts);
  return parts.fault ?? hostFault(parts);
}

function hostFault({ host, bracketed }: HostPort): string | undefined {
  if (host === "" && !bracketed) return "missing host information";
  return isValidListenHost(host) ? undefined : "valid hostname or network address required";
}

/** One endpoint of the forms that milters, policy services and Dovecot's auth sockets take. */
export interface ServiceEndpoint {
  readonly kind: "inet" | "unix";
  readonly path: string;
  readonly host: string;
  readonly port: string;
  /** What the program says when it refuses the form; undefined when the form is right. */
  readonly fault: string | undefined;
  /** True where the fault is in the text behind the prefix: the process dies whatever the default action. */
  readonly fatal: boolean;
}

/**
 * Reads `inet:host:port`, `unix:path` or `local:path`, prefixes in small letters only (milter8.c, auto_clnt.c;
 * every fault was tried with 3.7.11).
 */
export function readServiceEndpoint(text: string): ServiceEndpoint {
  const none = { path: "", host: "", port: "", fatal: false };
  const colon = text.indexOf(":");
  if (colon < 0)
    return { ...none, kind: "unix", fault: `need service transport:endpoint instead of "${text}"` };
  const prefix = text.slice(0, colon);
  const rest = text.slice(colon + 1);
  if (prefix === "unix" || prefix === "local") return { ...none, kind: "unix", path: rest, fault: undefined };
  if (prefix !== "inet")
    return { ...none, kind: "inet", fault: `invalid transport name: ${prefix} in service: ${text}` };
  return { ...readInetEndpoint(rest), kind: "inet" };
}

/** host:port of inet_connect(3), where a lone word is the port of this host. */
export function readInetEndpoint(text: string): Omit<ServiceEndpoint, "kind"> {
  const parts = splitHostPort(text, "port");
  const port = readPort(parts.port);
  const fault =
    parts.fault ??
    (port.kind === "malformed"
      ? "garbage after numerical service"
      : parts.host !== "" && !isValidListenHost(parts.host)
        ? "valid hostname or network address required"
        : undefined);
  return {
    path: "",
    host: parts.host,
    port: parts.port,
    fault: fault === undefined ? undefined : `${text}: ${fault}`,
    fatal: fault !== undefined,
  };
}

/** Why no connection can be made to a port, though the form is right; undefined for a port that exists. */
export function portFault(port: string): "unknown-name" | "out-of-range" | undefined {
  const read = readPort(port);
  if (read.kind === "unknown-name") return "unknown-name";
  return read.kind === "number" && (read.number === 0 || read.number > 65535) ? "out-of-range" : undefined;
}

/**
 * Whether a nexthop was written as if a transport could stand before it: "smtp:[host]:587", "relay:host". The
 * port of a nexthop is a number or a known name, so "host:smtp" is none of these.
 */
export function readsAsTransport(text: string): boolean {
  const match = /^([A-Za-z][\w-]*):(?:\/\/)?(\[[^\]]*\](?::\S*)?|[^\s:[]+(?::\w+)?)$/.exec(text);
  if (!match?.[1] || !match[2] || /^(?:inet|unix)$/i.test(match[1])) return false;
  if (match[2].includes(":") || match[2].startsWith("[")) return true;
  return match[2].includes(".") && readPort(match[2]).kind !== "number";
}
