/**
 * The transports that carry mail to filters. An smtp(8) or lmtp(8) client reads main.cf like any other, so what is
 * set there for the way to the world holds on the way to the filter too (POSTFIX 4.1, "inherited by the feed").
 */

import { normaliseAddress } from "../semantics/postfix/address.js";
import { splitTransport } from "../semantics/postfix/endpoints.js";
import type { Value } from "../semantics/postfix/parameters.js";
import type { Service } from "../semantics/postfix/services.js";
import { Memo } from "../syntax/memo.js";
import type { MailSystem } from "../system/system.js";
import type { FilterStep, Flow } from "./flow.js";
import { transportService } from "./resolve.js";

export interface Feeder {
  readonly service: Service;
  readonly protocol: "smtp" | "lmtp";
  /** The requests that go through it, one for each place where it is written. */
  readonly steps: readonly FilterStep[];
  /** True where ordinary mail goes the same way, so that an option for the filter would change that too. */
  readonly shared: boolean;
}

const known = new Memo<Flow, readonly Feeder[]>();
const CONNECTS: ReadonlySet<string> = new Set(["amavis", "postfix", "missing", "elsewhere", "unix"]);

/** The feeding transports, worked out once for all rules about them. */
export function feeders(system: MailSystem, flow: Flow): readonly Feeder[] {
  let found = known.get(flow);
  if (!found) {
    found = findFeeders(system, flow);
    known.set(flow, found);
  }
  return found;
}

/** The transport that carries the mail of one request; undefined for a proxy filter and for what leads nowhere. */
export function feederOf(system: MailSystem, flow: Flow, { request }: FilterStep): Feeder | undefined {
  if (request.kind === "proxy") return undefined;
  const service = transportService(system, splitTransport(request.text).transport);
  return service && feeders(system, flow).find((feeder) => feeder.service === service);
}

function findFeeders(system: MailSystem, flow: Flow): Feeder[] {
  const steps = new Map<Service, FilterStep[]>();
  for (const step of flow.requests) {
    if (step.request.kind === "proxy" || !CONNECTS.has(step.target.kind) || isRoute(step)) continue;
    const service = transportService(system, splitTransport(step.request.text).transport);
    if (!service) continue;
    const there = steps.get(service);
    if (!there) steps.set(service, [step]);
    else if (!there.some(({ request }) => samePlace(request.location, step.request.location)))
      there.push(step);
  }
  if (steps.size === 0) return [];
  const ordinary = ordinaryTransports(system);
  return [...steps].map(([service, all]) => ({
    service,
    protocol: service.program === "lmtp" ? "lmtp" : "smtp",
    steps: all,
    shared: ordinary.has(service.name),
  }));
}

/** FILTER to another host is how people choose a relay for some mail: whether a filter is there is not known. */
function isRoute({ request, target }: FilterStep): boolean {
  return target.kind === "elsewhere" && request.kind !== "content_filter";
}

function samePlace(a: FilterStep["request"]["location"], b: FilterStep["request"]["location"]): boolean {
  return a !== undefined && a.file === b?.file && a.range.start === b.range.start;
}

/** The transports of the address classes; what transport_maps chooses is not looked at. */
function ordinaryTransports({ environment }: MailSystem): ReadonlySet<string> {
  const names = ["default_transport", "relay_transport", "virtual_transport", "local_transport"];
  return new Set(names.map((name) => splitTransport(environment.value(name).text).transport));
}

/** The value of `smtp_...` or `lmtp_...`, by the program that the transport runs. */
export function clientValue(
  { service, protocol }: Pick<Feeder, "service" | "protocol">,
  suffix: string,
): Value {
  return service.environment.value(`${protocol}_${suffix}`);
}

/**
 * The address that a filter at `address` sees Postfix come from: the address itself on the same host, unless
 * smtp_bind_address makes it another one of that family (run with 3.7.11). Undefined when it is not known.
 */
export function feedSource(
  feeder: Pick<Feeder, "service" | "protocol">,
  address: string,
): string | undefined {
  const value = clientValue(feeder, address.includes(":") ? "bind_address6" : "bind_address");
  if (value.unknown !== undefined) return undefined;
  if (value.text === "") return address;
  return normaliseAddress(value.text);
}
