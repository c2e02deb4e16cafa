/**
 * Where filters hand mail back to Postfix: what amavisd's delivery methods say, and, for filters that are not among
 * the files, the services that are written as such (no filter, a port of their own).
 */
import { isLoopback, isWildcard, LOOPBACK } from "../semantics/postfix/address.js";
import type { Service } from "../semantics/postfix/services.js";
import { isPublicEntry } from "../system/entries.js";
import { FILTER_PARAMETERS } from "../system/feeds.js";
import type { MailSystem } from "../system/system.js";
import type { FilterStep, Flow, ForwardStep } from "./flow.js";

/** A service that takes mail back from a filter. */
export interface WayBack {
  readonly service: Service;
  /** Port that the filter connects to. */
  readonly port: number;
  /** Address that the filter connects from; undefined when it may be another host. */
  readonly client: string | undefined;
  /** The delivery method that leads here; undefined when the filter is not among the files. */
  readonly forward: ForwardStep | undefined;
}

type Steps = Pick<Flow, "requests" | "forwards" | "requestsOf" | "reinjections">;

/** Every service that filters hand mail back to, the certain ones first. */
export function findWaysBack(system: MailSystem, flow: Steps): WayBack[] {
  const found: WayBack[] = [];
  const known = new Set<string>();
  const add = (way: WayBack) => {
    const key = `${way.service.entry.range.start}|${way.client}`;
    if (!known.has(key)) found.push(way);
    known.add(key);
  };
  for (const forward of flow.forwards) {
    if (forward.role !== "forward" || forward.target.kind !== "postfix") continue;
    const { sockets, endpoint } = forward.target;
    for (const { service } of sockets)
      add({ service, port: endpoint.port, client: sourceAddress(system, endpoint.address), forward });
  }
  const away = requestsAway(flow);
  // A filter on another host, or one of which nothing is known, may come from anywhere.
  const local = away.every(({ target }) => target.kind !== "elsewhere" && target.kind !== "unknown");
  if (away.length > 0)
    for (const service of system.services) {
      const set = system.listenSets.get(service);
      if (set?.port === undefined || !isWrittenForFilter(system, flow, service)) continue;
      const addresses = set.addresses.map(({ address }) => address);
      const inside = addresses.find(isLoopback) ?? (local ? addresses[0] : undefined);
      const client = inside === undefined ? undefined : sourceAddress(system, inside);
      add({ service, port: set.port, client, forward: undefined });
    }
  return found;
}

/** Requests for filters that are not among the files, so that their way back is not known. */
function requestsAway(flow: Steps): FilterStep[] {
  const back = [...flow.reinjections].flatMap((service) => flow.requestsOf(service, LOOPBACK.ipv4));
  return [...flow.requests, ...back].filter(({ target }) => AWAY.has(target.kind));
}
const AWAY: ReadonlySet<string> = new Set(["missing", "elsewhere", "unix", "program", "unknown"]);

/** An smtpd on a port of its own whose options switch the filter off: people write that for one purpose. */
function isWrittenForFilter(system: MailSystem, flow: Steps, service: Service): boolean {
  const { environment, program, type } = service;
  if (program !== "smtpd" || type !== "inet" || service.overriddenBy || service.uncertain) return false;
  if (flow.reinjections.has(service) || isPublicEntry(system, service)) return false;
  const switchedOff = FILTER_PARAMETERS.some((name) => {
    const value = environment.value(name);
    return value.definition?.source === "option" && value.text === "" && value.unknown === undefined;
  });
  // Users with a password are let in where a filter has none: that is a way in.
  const forUsers = environment.definition("smtpd_sasl_auth_enable");
  if (forUsers?.source === "option" && /^yes$/i.test(forUsers.raw)) return false;
  return switchedOff && flow.requestsOf(service, LOOPBACK.ipv4).length === 0;
}

/**
 * The address that a program on this host connects from when it connects to one of its own addresses; undefined
 * where amavisd's configuration may choose another.
 */
function sourceAddress(system: MailSystem, address: string): string | undefined {
  if (system.amavis?.value("$local_client_bind_address")?.origins.length) return undefined;
  if (isLoopback(address) || isWildcard(address))
    return address.includes(":") ? LOOPBACK.ipv6 : LOOPBACK.ipv4;
  return address;
}
