/** Which addresses an inet service of master.cf listens on (REALITY section 3, scenarios f01 to f45). */
import type { Range } from "../../syntax/text.js";
import {
  type Family,
  familyOf,
  isLocalhostName,
  isLoopback,
  isWildcard,
  LOOPBACK,
  networkContains,
  normaliseAddress,
  WILDCARD,
} from "./address.js";
import { isValidListenHost, readPort, splitHostPort } from "./endpoints.js";
import type { Environment } from "./parameters.js";
import type { Service } from "./services.js";

export interface ListenAddress {
  /** Normalised; a host name that only a resolver knows stays a name. */
  readonly address: string;
  /** False when the address follows from an assumption about the hosts file, true when the text itself says it. */
  readonly certain: boolean;
}

export type ListenFault =
  | "bad-listen-address"
  | "unknown-service-name"
  | "port-out-of-range"
  | "address-family-disabled";

export interface ListenSet {
  readonly addresses: readonly ListenAddress[];
  /** What the kernel is asked for; undefined when it is unknown. 0 = a random port. */
  readonly port: number | undefined;
  /** What is wrong with the endpoint, with the stretch of the service name that shows it. */
  readonly fault: { readonly kind: ListenFault; readonly reason: string; readonly range: Range } | undefined;
  /** Why the set cannot be known; then it may be larger than `addresses`. */
  readonly unknown: string | undefined;
  /** True for a bare port, whose addresses come from inet_interfaces. */
  readonly byInterfaces: boolean;
}

/** Address families that inet_protocols enables. Postfix tries both with "all", and needs at least one. */
export function enabledFamilies(environment: Environment): readonly Family[] {
  const value = environment.value("inet_protocols");
  if (value.unknown !== undefined) return ["ipv4", "ipv6"];
  const words = value.text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean);
  const families = (["ipv4", "ipv6"] as const).filter(
    (family) => words.includes(family) || words.includes("all"),
  );
  return families.length > 0 ? families : ["ipv4", "ipv6"];
}

/** The addresses that a bare port listens on. */
export function interfaceAddresses(
  environment: Environment,
  hosts: HostNames,
): {
  readonly addresses: readonly ListenAddress[];
  readonly unknown: string | undefined;
} {
  const families = enabledFamilies(environment);
  const value = environment.value("inet_interfaces");
  const addresses: ListenAddress[] = [];
  for (const word of value.text.split(/[\s,]+/).filter(Boolean)) {
    if (/^all$/i.test(word))
      return {
        addresses: families.map((family) => ({ address: WILDCARD[family], certain: true })),
        unknown: value.unknown,
      };
    if (/^loopback-only$/i.test(word))
      addresses.push(...families.map((family) => ({ address: LOOPBACK[family], certain: true })));
    else addresses.push(...resolveHost(word, families, hosts));
  }
  return { addresses: unique(addresses), unknown: value.unknown };
}

/** What is known of host names without asking a resolver. */
export interface HostNames {
  /** $myhostname in lower case; "" when unknown. */
  readonly own: string;
  /** Names from a hosts file or from mailflow.json, in lower case. */
  readonly known: ReadonlyMap<string, readonly string[]>;
  /** Normalised addresses that this host is said to have: by mailflow.json, or by what main.cf binds to. */
  readonly addresses: ReadonlySet<string>;
  /** True when mailflow.json lists them, so that there are no others beside loopback. */
  readonly allAddresses: boolean;
}

/** Addresses of a host name or literal, in the enabled families. Unknown names come back as they are. */
export function resolveHost(host: string, families: readonly Family[], hosts: HostNames): ListenAddress[] {
  const literal = normaliseAddress(host);
  if (literal !== undefined)
    return families.includes(familyOf(literal)) ? [{ address: literal, certain: true }] : [];
  const name = host.toLowerCase();
  const known = hosts.known.get(name);
  if (known)
    return known
      .filter((address) => families.includes(familyOf(address)))
      .map((address) => ({ address, certain: true }));
  if (isLocalhostName(name)) {
    const localhost = name.startsWith("ip6") || name === "localhost6" ? (["ipv6"] as const) : families;
    return families
      .filter((family) => localhost.includes(family))
      .map((family) => ({ address: LOOPBACK[family], certain: true }));
  }
  // The host's own name points at the host itself; which of its addresses, only its hosts file knows.
  if (name === hosts.own) return [{ address: LOOPBACK.ipv4, certain: false }];
  return [{ address: host, certain: false }];
}

/**
 * The listen set of an inet service.
 * @param environment that of main.cf: master(8) reads inet_interfaces there, never from an `-o`.
 */
export function listenSet(service: Service, environment: Environment, hosts: HostNames): ListenSet {
  const none = { addresses: [], port: undefined, fault: undefined, unknown: undefined, byInterfaces: false };
  if (service.uncertain) return { ...none, unknown: "the service name is filled in by a template" };
  const parts = splitHostPort(service.name, "port");
  const bad = (kind: ListenFault, reason: string, range: Range): ListenSet => ({
    ...none,
    fault: { kind, reason, range },
    unknown: reason,
  });
  if (parts.fault !== undefined)
    return bad("bad-listen-address", parts.fault, { start: 0, end: service.name.length });
  if (parts.host !== "" && !isValidListenHost(parts.host))
    return bad(
      "bad-listen-address",
      /^ipv6:/i.test(parts.host) ? "malformed IPv6 address" : "valid hostname or network address required",
      { start: 0, end: service.name.length },
    );
  const port = readPort(parts.port);
  if (port.kind === "malformed")
    return bad("bad-listen-address", "garbage after numerical service", parts.portRange);
  if (port.kind === "unknown-name")
    return bad("unknown-service-name", `no services database has the name "${parts.port}"`, parts.portRange);
  const outOfRange = port.number > 65535 || port.number === 0;
  const fault = outOfRange
    ? ({
        kind: "port-out-of-range",
        reason: `port ${port.number} does not exist`,
        range: parts.portRange,
      } as const)
    : undefined;
  const base = { port: port.listens, fault, unknown: undefined };
  if (parts.host === "") {
    const { addresses, unknown } = interfaceAddresses(environment, hosts);
    return { ...base, addresses, unknown, byInterfaces: true };
  }
  const { start, end } = parts.hostRange;
  const range = parts.bracketed ? { start: start - 1, end: end + 1 } : parts.hostRange;
  return literalSet(parts.host, range, environment, hosts, base);
}

function literalSet(
  host: string,
  range: Range,
  environment: Environment,
  hosts: HostNames,
  base: Pick<ListenSet, "port" | "fault" | "unknown">,
): ListenSet {
  const literal = normaliseAddress(host);
  const disabled = literal !== undefined && !enabledFamilies(environment).includes(familyOf(literal));
  const unbound = literal === undefined ? undefined : unbindable(literal, hosts);
  const fault = disabled
    ? ({
        kind: "address-family-disabled",
        reason: "inet_protocols leaves this address family out",
        range,
      } as const)
    : unbound !== undefined
      ? ({ kind: "bad-listen-address", reason: unbound, range } as const)
      : base.fault;
  const mapped = literal?.startsWith("::ffff:") ?? false;
  const addresses = mapped || disabled ? [] : resolveHost(host, enabledFamilies(environment), hosts);
  return { ...base, fault, addresses, byInterfaces: false };
}

/**
 * Why no socket can be bound to an address: f29, f35, and fe80::/10, which needs a zone that master.cf cannot give
 * (measured). Undefined where it may well be one of this host's.
 */
function unbindable(address: string, hosts: HostNames): string | undefined {
  if (address.startsWith("::ffff:")) return "an IPv4-mapped address cannot be bound";
  if (/^fe[89ab]/.test(address)) return "a link-local address cannot be bound without its interface";
  if (isLoopback(address) || isWildcard(address) || hosts.addresses.has(address) || isMulticast(address))
    return undefined;
  if (hosts.allAddresses) return "this host does not have the address, by the list in mailflow.json";
  if (DOCUMENTATION.some((network) => networkContains(network, address)))
    return "the address is reserved for documentation, so no host has it";
  return undefined;
}

const DOCUMENTATION: readonly string[] = [
  "192.0.2.0/24",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "2001:db8::/32",
];

function isMulticast(address: string): boolean {
  return /^ff/.test(address) || /^2(?:2[4-9]|3\d)\./.test(address);
}

function unique(addresses: readonly ListenAddress[]): ListenAddress[] {
  const seen = new Set<string>();
  return addresses.filter(({ address }) => !seen.has(address) && seen.add(address));
}
