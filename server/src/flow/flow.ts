/**
 * Where mail goes in one system: from the services that take mail in, through the filters they ask for,
 * to the services that filters hand mail back to. Rules ask this graph; it judges nothing but cycles.
 */
import type { AmavisListener, DeliveryMethod } from "../semantics/amavis/configuration.js";
import type { Service } from "../semantics/postfix/services.js";
import { type Client, type FilterRequest, filterRequests, takesMail } from "../system/feeds.js";
import type { MailSystem } from "../system/system.js";
import { findPaths, type MailPath } from "./paths.js";
import { resolveMethod, resolveRequest, type Target } from "./resolve.js";
import { findWaysBack, type WayBack } from "./returns.js";

/** A service asks for a filter. */
export interface FilterStep {
  readonly service: Service;
  readonly request: FilterRequest;
  readonly target: Target;
}

/** A filter hands mail back. `role` names the setting that says where. */
export interface ForwardStep {
  readonly listener: AmavisListener;
  readonly role: "forward" | "notify";
  readonly method: DeliveryMethod;
  readonly target: Target;
}

/** Mail that comes to `service` comes to it again, by way of `steps`. */
export interface Loop {
  readonly service: Service;
  readonly steps: readonly (FilterStep | ForwardStep)[];
}

export interface Flow {
  /** What the services ask for when anybody connects. */
  readonly requests: readonly FilterStep[];
  readonly forwards: readonly ForwardStep[];
  readonly loops: readonly Loop[];
  /** amavisd's listeners that some service of this Postfix feeds. */
  readonly fed: ReadonlySet<AmavisListener>;
  /** Services that a filter hands mail back to. */
  readonly reinjections: ReadonlySet<Service>;
  /** The same with the address that the filter comes from, and services that are written for filters not known here. */
  readonly waysBack: readonly WayBack[];
  /** The ways of mail that are known from an entry to the queue. */
  readonly paths: readonly MailPath[];
  /** What a service asks for when a filter at this address connects. */
  requestsOf(service: Service, client: Client): readonly FilterStep[];
}

/** Longest chain of filters that is followed; a real one has two or three. */
const MAX_STEPS = 40;

export function buildFlow(system: MailSystem): Flow {
  const memo = new Map<Service, Map<Client, readonly FilterStep[]>>();
  const requestsOf = (service: Service, client: Client): readonly FilterStep[] => {
    let byClient = memo.get(service);
    if (!byClient) {
      byClient = new Map();
      memo.set(service, byClient);
    }
    let steps = byClient.get(client);
    if (!steps) {
      steps = filterRequests(service, cleanupEnvironment(system, service), system.tables, client).map(
        (request) => ({
          service,
          request,
          target: resolveRequest(system, request),
        }),
      );
      byClient.set(client, steps);
    }
    return steps;
  };
  const entries = system.services.filter((service) => !service.overriddenBy && takesMail(service));
  const requests = entries.flatMap((service) => requestsOf(service, "any"));
  const fed = new Set<AmavisListener>();
  for (const { target } of requests)
    if (target.kind === "amavis") for (const { listener } of target.sockets) fed.add(listener);
  const forwards = forwardSteps(system);
  const reinjections = new Set<Service>();
  for (const { target } of forwards)
    if (target.kind === "postfix") for (const { service } of target.sockets) reinjections.add(service);
  const loops = findLoops(entries, forwards, requestsOf);
  return new BuiltFlow(system, { requests, forwards, fed, reinjections, requestsOf, loops });
}

/** The parts that are worked out when somebody asks; a class for the reason given at `Evaluation`. */
class BuiltFlow implements Flow {
  readonly requests: Flow["requests"];
  readonly forwards: Flow["forwards"];
  readonly fed: Flow["fed"];
  readonly reinjections: Flow["reinjections"];
  readonly requestsOf: Flow["requestsOf"];
  readonly loops: Flow["loops"];
  readonly #system: MailSystem;
  #waysBack: readonly WayBack[] | undefined;
  #paths: readonly MailPath[] | undefined;

  constructor(system: MailSystem, parts: Omit<Flow, "waysBack" | "paths">) {
    this.#system = system;
    this.requests = parts.requests;
    this.forwards = parts.forwards;
    this.fed = parts.fed;
    this.reinjections = parts.reinjections;
    this.requestsOf = parts.requestsOf;
    this.loops = parts.loops;
  }

  get waysBack(): readonly WayBack[] {
    this.#waysBack ??= findWaysBack(this.#system, this);
    return this.#waysBack;
  }

  get paths(): readonly MailPath[] {
    this.#paths ??= findPaths(this.#system, this);
    return this.#paths;
  }
}

/** The environment of the cleanup(8) that a service hands its mail to. */
export function cleanupEnvironment(system: MailSystem, service: Service) {
  const name = service.environment.value("cleanup_service_name").text || "cleanup";
  const cleanup = system.services.find(
    (candidate) => candidate.name === name && candidate.program === "cleanup",
  );
  return cleanup?.environment ?? system.environment;
}

function forwardSteps(system: MailSystem): ForwardStep[] {
  const steps: ForwardStep[] = [];
  for (const listener of system.amavis?.listeners ?? [])
    for (const role of ["forward", "notify"] as const) {
      const methods = listener[role].value;
      if ("kind" in methods) continue;
      for (const method of methods)
        steps.push({ listener, role, method, target: resolveMethod(system, method, listener) });
    }
  return steps;
}

type RequestsOf = (service: Service, client: Client) => readonly FilterStep[];

/** Finds every service that mail comes back to, walking from each entry. */
function findLoops(
  entries: readonly Service[],
  forwards: readonly ForwardStep[],
  requestsOf: RequestsOf,
): Loop[] {
  const byListener = new Map<AmavisListener, ForwardStep[]>();
  for (const step of forwards)
    if (step.role === "forward") {
      const known = byListener.get(step.listener);
      if (known) known.push(step);
      else byListener.set(step.listener, [step]);
    }
  const loops = new Map<string, Loop>();
  const done = new Set<string>();

  const visitService = (service: Service, client: Client, path: readonly Visit[]) => {
    if (path.length > MAX_STEPS) return;
    const before = path.findIndex((visit) => visit.service === service && visit.client !== "any");
    if (before >= 0 && client !== "any") {
      const steps = path.slice(before).flatMap((visit) => visit.steps);
      const key = `${service.entry.range.start}:${steps.map((step) => ("request" in step ? step.request.kind : "")).join()}`;
      if (!loops.has(key)) loops.set(key, { service, steps });
      return;
    }
    const state = `${service.entry.range.start}|${client}`;
    if (done.has(state)) return;
    for (const step of requestsOf(service, client)) visitTarget(step, service, client, path);
    done.add(state);
  };
  const visitTarget = (step: FilterStep, service: Service, client: Client, path: readonly Visit[]) => {
    const { target } = step;
    if (target.kind === "postfix")
      for (const socket of target.sockets)
        visitService(socket.service, target.endpoint.address, [...path, { service, client, steps: [step] }]);
    if (target.kind !== "amavis") return;
    const listener = target.sockets[0]?.listener;
    for (const forward of (listener && byListener.get(listener)) ?? []) {
      if (forward.target.kind !== "postfix") continue;
      for (const socket of forward.target.sockets)
        visitService(socket.service, forward.target.endpoint.address, [
          ...path,
          { service, client, steps: [step, forward] },
        ]);
      // A fail-over list is tried in order: what the first takes never reaches the second.
      break;
    }
  };
  for (const entry of entries) visitService(entry, "any", []);
  return [...loops.values()];
}

interface Visit {
  readonly service: Service;
  readonly client: Client;
  /** The steps that lead from the service to the next one. */
  readonly steps: readonly (FilterStep | ForwardStep)[];
}
