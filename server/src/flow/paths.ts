/**
 * What the services on the way of a message do to it, each time that it comes into Postfix: map addresses, check
 * headers and body, run milters (receive_override_options; POSTFIX 4.1; scenarios i1 to i5). A message that a filter
 * hands back passes two of them.
 */
import type { AmavisListener } from "../semantics/amavis/configuration.js";
import { isLoopback } from "../semantics/postfix/address.js";
import type { Environment } from "../semantics/postfix/parameters.js";
import type { Service } from "../semantics/postfix/services.js";
import { isPublicEntry } from "../system/entries.js";
import { type Client, overrideOptions, takesMail } from "../system/feeds.js";
import type { MailSystem } from "../system/system.js";
import { cleanupEnvironment, type FilterStep, type Flow, type ForwardStep } from "./flow.js";
import { milterEndpoints } from "./milters.js";
import type { WayBack } from "./returns.js";

/** One time that a message comes into Postfix. */
export interface Stage {
  readonly service: Service;
  /** How it got here from a filter; undefined for the entry. */
  readonly back: WayBack | undefined;
  /** The cleanup(8) that gets the mail; undefined in front of a proxy filter, where there is none. */
  readonly cleanup: Environment | undefined;
  /** The words of receive_override_options in force; undefined when they are not known. */
  readonly overrides: ReadonlySet<string> | undefined;
}

/** The way of a message from an entry through filters to the queue that it is delivered from. */
export interface MailPath {
  readonly entry: Service;
  readonly stages: readonly Stage[];
  /** True when only some messages go this way: a FILTER action. */
  readonly conditional: boolean;
  /** True when a way back was guessed, because the filter is not among the files. */
  readonly presumed: boolean;
}

/** Longest chain of filters that is followed. */
const MAX_STAGES = 8;

type Steps = Pick<Flow, "requests" | "forwards" | "requestsOf" | "waysBack">;

/** Every way that is known to its end. */
export function findPaths(system: MailSystem, flow: Steps): MailPath[] {
  const returning = new Set(flow.waysBack.map(({ service }) => service));
  const behind = waysBehind(flow);
  const paths: MailPath[] = [];
  const follow = (stages: readonly Stage[], client: Client, conditional: boolean) => {
    const last = stages.at(-1);
    const entry = stages[0]?.service;
    if (!last || !entry || stages.length > MAX_STAGES) return;
    const steps = flow.requestsOf(last.service, client);
    // Where a FILTER action may take the mail away, nobody knows whether any goes straight to delivery.
    if (steps.length === 0)
      paths.push({
        entry,
        stages,
        conditional,
        presumed: stages.some(({ back }) => back && !back.forward),
      });
    for (const step of steps) {
      const some = conditional || step.request.kind === "access" || step.request.kind === "checks";
      const before = step.request.kind === "proxy" ? [...stages.slice(0, -1), inFront(last)] : stages;
      for (const back of behind(step)) {
        if (stages.some(({ service }) => service === back.service)) continue;
        follow([...before, stage(system, back.service, back)], back.client ?? "127.0.0.1", some);
      }
    }
  };
  for (const service of system.services) {
    if (service.overriddenBy || service.uncertain || !takesMail(service)) continue;
    if (returning.has(service) && !isEntryToo(flow, service)) continue;
    if (isInternal(system, service)) continue;
    follow([stage(system, service, undefined)], "any", false);
  }
  return paths;
}

/** A service that takes mail back may be an entry as well: it asks for a filter itself. */
function isEntryToo(flow: Steps, service: Service): boolean {
  return flow.requestsOf(service, "any").length > 0;
}

/** A port of its own on the loopback: some program of this host comes there, and mail has entered elsewhere. */
function isInternal(system: MailSystem, service: Service): boolean {
  if (isPublicEntry(system, service)) return false;
  const addresses = system.listenSets.get(service)?.addresses ?? [];
  return addresses.length > 0 && addresses.every(({ address }) => isLoopback(address));
}

/** What a service does to mail that enters there. */
export function stageOf(system: MailSystem, service: Service): Stage {
  return stage(system, service, undefined);
}

function stage(system: MailSystem, service: Service, back: WayBack | undefined): Stage {
  const { environment } = service;
  const known = environment.value("receive_override_options").unknown === undefined;
  return {
    service,
    back,
    cleanup: cleanupEnvironment(system, service),
    overrides: known ? overrideOptions(environment) : undefined,
  };
}

/** smtpd hands mail to the proxy filter and not to cleanup. */
function inFront(last: Stage): Stage {
  return { ...last, cleanup: undefined };
}

/** Where the filter that a step leads to hands mail back; empty when that is not known for certain. */
type Behind = (step: FilterStep) => readonly WayBack[];

/** Indexes the ways back once, however many entries ask for them. */
function waysBehind(flow: Steps): Behind {
  const certain = new Map<Service, WayBack>();
  const presumed: WayBack[] = [];
  const byPort = new Map<number, WayBack[]>();
  for (const way of flow.waysBack)
    if (way.forward) {
      if (!certain.has(way.service)) certain.set(way.service, way);
    } else {
      presumed.push(way);
      byPort.set(way.port, [...(byPort.get(way.port) ?? []), way]);
    }
  const forwards = new Map<AmavisListener, ForwardStep>();
  for (const forward of flow.forwards)
    if (forward.role === "forward" && !forwards.has(forward.listener))
      forwards.set(forward.listener, forward);
  return ({ request, target }) => {
    if (target.kind === "amavis") {
      const listener = target.sockets[0]?.listener;
      const forward = listener && forwards.get(listener);
      const service = forward?.target.kind === "postfix" ? forward.target.sockets[0]?.service : undefined;
      const way = service && certain.get(service);
      return way ? [way] : [];
    }
    if (target.kind === "postfix" || target.kind === "self" || target.kind === "no-transport") return [];
    if (presumed.length < 2) return presumed;
    // Several filters: by custom the way back is the next port.
    const next = byPort.get(Number(/(\d+)\s*$/.exec(request.text)?.[1]) + 1) ?? [];
    return next.length === 1 ? next : [];
  };
}

/** What a stage does to mail; undefined where that is not known. */
export type Doing = (stage: Stage) => boolean | undefined;

/** Aliases, canonical addresses, masquerading and blind copies. */
export const mapsAddresses: Doing = (stage) => does(stage, "no_address_mappings");

/** Header and body checks. */
export const checksContent: Doing = (stage) => does(stage, "no_header_body_checks");

function does({ cleanup, overrides }: Stage, unless: string): boolean | undefined {
  if (!cleanup) return false;
  return overrides && !overrides.has(unless);
}

/** The milters that see mail at a stage: those of smtpd, or those for mail that comes otherwise. */
export function miltersOf({ service, cleanup, overrides }: Stage): readonly string[] {
  if (!cleanup || !overrides || overrides.has("no_milters")) return [];
  return milterEndpoints(service, cleanup);
}
