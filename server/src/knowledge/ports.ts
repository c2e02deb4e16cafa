/**
 * TCP ports: which names a Debian 12 host resolves (`/etc/services` of the netbase package), and what a
 * number means: its IANA range and assignment. What convention it carries in mail systems is a text
 * (`textFor("port", "10024")`). The number alone decides nothing: only who listens does.
 */
import portData from "./data/portNames.js";
import { lazy } from "./lazy.js";

/** IANA's ranges (RFC 6335, section 6); 0 asks the kernel for any free port. */
export type PortRange = "random" | "well-known" | "registered" | "dynamic" | "none";

export interface PortFacts {
  readonly port: number;
  /** "none" for a number that is no TCP port. */
  readonly range: PortRange;
  /** Name of the port on a Debian 12 host, if it has one there. */
  readonly name: string | undefined;
  readonly aliases: readonly string[];
  /**
   * IANA's assignment for TCP: a service name, `null` when it is known to be unassigned, undefined when
   * nothing is recorded here.
   */
  readonly iana: string | null | undefined;
}

type Row = readonly [port: number, assigned: 0 | 1, name: string, ...aliases: string[]];

const rows = lazy(() => portData() as readonly Row[]);
const byPort = lazy(() => {
  const ports = new Map<number, Row>();
  for (const row of rows()) if (!ports.has(row[0])) ports.set(row[0], row);
  return ports;
});
const byName = lazy(() => {
  const names = new Map<string, number>();
  // Index loops: destructuring costs a millisecond here while the code is cold.
  for (const row of rows()) {
    for (let at = 2; at < row.length; at++) {
      const name = String(row[at]);
      if (!names.has(name)) names.set(name, row[0]);
    }
  }
  return names;
});

/**
 * IANA assignments that Debian's file does not have or spells otherwise, for ports that mail systems use;
 * null is unassigned. Source: IANA's Service Name and Transport Protocol Port Number Registry.
 */
const ianaOverrides: ReadonlyMap<number, string | null> = new Map([
  [24, "any private mail system"],
  [143, "imap"],
  [783, null],
  [2525, "ms-v-worlds"],
  [3310, "dyna-access"],
  [8891, "ddi-tcp-4"],
  [8893, "ddi-tcp-6"],
  [9998, "distinct32"],
  [10000, "ndmp"],
  [10023, null],
  ...[10024, 10025, 10026, 10027, 10028, 10029, 10030].map((port): [number, null] => [port, null]),
  ...[11332, 11333, 11334, 12301, 12340, 12525, 20025].map((port): [number, null] => [port, null]),
]);

/**
 * The port behind a TCP service name on a Debian 12 host; undefined when that host does not know it, which
 * is fatal to Postfix's master. Other systems may differ. Names are case-sensitive, as to getservbyname(3).
 */
export function tcpPort(name: string): number | undefined {
  return byName().get(name);
}

/** All TCP service names and aliases that a Debian 12 host knows. */
export function tcpServiceNames(): readonly string[] {
  return [...byName().keys()];
}

/** What is known of a port number; any number gives an answer. */
export function portFacts(port: number): PortFacts {
  const row = byPort().get(port);
  const override = ianaOverrides.get(port);
  return {
    port,
    range: portRange(port),
    name: row?.[2],
    aliases: row?.slice(3).map(String) ?? [],
    iana: override !== undefined ? override : row?.[1] === 1 ? row[2] : undefined,
  };
}

function portRange(port: number): PortRange {
  if (!Number.isInteger(port) || port < 0 || port > 65535) return "none";
  if (port === 0) return "random";
  if (port <= 1023) return "well-known";
  return port <= 49151 ? "registered" : "dynamic";
}
