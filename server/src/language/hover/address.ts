/** Addresses, networks, host names and endpoints inside values. */

import { resolveEndpoint } from "../../flow/resolve.js";
import {
  isLocalhostName,
  isLoopback,
  isWildcard,
  networkContains,
  normaliseAddress,
} from "../../semantics/postfix/address.js";
import { readPort, readServiceEndpoint } from "../../semantics/postfix/endpoints.js";
import type { Service } from "../../semantics/postfix/services.js";
import type { View } from "../facts.js";
import { placeLink } from "../facts.js";
import { code, list, paragraphs } from "../markdown.js";
import { describePort, portUsers } from "./port.js";

/**
 * An address or a host name, with what this system does there.
 * @param port the one that is meant; without it all of them.
 */
export function describeAddress(view: View, host: string, port?: number): string {
  const address = normaliseAddress(host) ?? host;
  const loopback = isLocalhostName(host) || isLoopback(address);
  const here = view.analysis.system.sockets.filter(
    (socket) => socket.address === address || (isLocalhostName(host) && isLoopback(socket.address)),
  );
  const ports = port === undefined ? [...new Set(here.map((socket) => socket.port))] : loopback ? [port] : [];
  return paragraphs(
    `**${host}**: ${kindOf(host, address)}`,
    list(
      port === undefined ? "In this system" : `Port ${port} in this system`,
      ports.flatMap((one) => portUsers(view, one)),
      10,
    ),
  );
}

function kindOf(host: string, address: string): string {
  if (isLocalhostName(host) || isLoopback(address))
    return "this host's loopback: only programs on this host can connect";
  if (isWildcard(address)) return "all addresses of this host";
  if (normaliseAddress(host) === undefined) return "a host, whose address DNS or the hosts file tells";
  return rangeOf(address) ?? "a public address";
}

const RANGES: readonly (readonly [network: string, what: string])[] = [
  ["127.0.0.0/8", "the loopback of this host"],
  ["::1", "the loopback of this host"],
  ["10.0.0.0/8", "private addresses"],
  ["172.16.0.0/12", "private addresses"],
  ["192.168.0.0/16", "private addresses"],
  ["100.64.0.0/10", "addresses behind a provider's NAT"],
  ["169.254.0.0/16", "link-local addresses"],
  ["[fe80::]/10", "link-local addresses"],
  ["[fc00::]/7", "private addresses"],
  ["192.0.2.0/24", "addresses for documentation, which no host has"],
  ["198.51.100.0/24", "addresses for documentation, which no host has"],
  ["203.0.113.0/24", "addresses for documentation, which no host has"],
  ["[2001:db8::]/32", "addresses for documentation, which no host has"],
];

function rangeOf(address: string): string | undefined {
  return RANGES.find(([network]) => networkContains(network, address))?.[1];
}

/** A network such as `192.0.2.0/24` or `[2001:db8::]/32`; undefined for anything else. */
export function describeNetwork(pattern: string): string | undefined {
  const match = /^(!?)\[?([0-9a-fA-F.:]+)\]?\/(\d{1,3})$/.exec(pattern);
  const address = match?.[2] && normaliseAddress(match[2]);
  if (!match || !address) return undefined;
  const bits = (address.includes(":") ? 128 : 32) - Number(match[3]);
  if (bits < 0) return `**${pattern}**: no network, the prefix is too long`;
  const size = bits === 0 ? "one address" : bits > 40 ? `2^${bits} addresses` : `${2 ** bits} addresses`;
  const whole = Number(match[3]) === 0;
  const what = whole ? "everybody" : (rangeOf(address) ?? "public addresses");
  return `**${pattern}**: ${match[1] ? "not " : ""}${size}, ${what}`;
}

/** An endpoint of a milter or policy service: `inet:host:port`, `unix:path`. */
export function describeEndpoint(view: View, text: string, jailed: boolean): string | undefined {
  const endpoint = readServiceEndpoint(text);
  if (endpoint.fault !== undefined) return `**${text}**: ${endpoint.fault}`;
  if (endpoint.kind === "unix") return describeSocket(view, endpoint.path, jailed);
  const port = readPort(endpoint.port);
  return port.kind === "number"
    ? describePortOf(view, endpoint.host || "localhost", port.number, endpoint.port)
    : undefined;
}

/** A port of a host: what is known of this host's own says nothing about another one's. */
export function describePortOf(view: View, host: string, port: number, written?: string): string {
  const range = { start: 0, end: 0 };
  const elsewhere =
    resolveEndpoint(view.analysis.system, host, { port, range }, "amavisd").kind === "elsewhere";
  return paragraphs(
    describePort(view, port, written, elsewhere),
    elsewhere && `It is a port of another host, ${code(host)}, of which these files tell nothing.`,
  );
}

/** A UNIX socket that a value names, with the service that opens it where that is one of this system. */
export function describeSocket(view: View, path: string, jailed: boolean): string {
  const { system } = view.analysis;
  const service = serviceBehind(view, path);
  const amavis = system.amavis?.listeners.some(
    (listener) => listener.network === "unix" && listener.path === path,
  );
  const place = path.startsWith("/")
    ? jailed
      ? "The program that connects is in the chroot jail, so the path is taken below `queue_directory`."
      : undefined
    : "The path is relative to `queue_directory`.";
  return paragraphs(
    `**${path}**: a UNIX socket of this host`,
    service
      ? `The service ${code(service.name)} (${service.program}) of Postfix listens there (${placeLink(view, service.nameLocation)}).`
      : amavis
        ? "amavisd listens there."
        : undefined,
    place,
  );
}

/** The service whose socket a path below the queue directory is. */
function serviceBehind({ analysis }: View, path: string): Service | undefined {
  const match = /(?:^|\/)(private|public)\/([^/]+)$/.exec(path);
  return match
    ? analysis.system.services.find(
        (service) =>
          service.type !== "inet" &&
          !service.overriddenBy &&
          service.name === match[2] &&
          service.public === (match[1] === "public"),
      )
    : undefined;
}
