/**
 * The flow of one mail system as a graph: where mail enters, which filters it passes, where filters hand it
 * back, and which transports carry it on. Made of the answers of flow.ts; drawings and listings are made of it.
 * Messages are not followed here (that depends on sender and recipient): an edge says what can happen.
 */
import type { AmavisListener } from "../semantics/amavis/configuration.js";
import type { Location } from "../semantics/located.js";
import { splitTransport } from "../semantics/postfix/endpoints.js";
import type { Definition } from "../semantics/postfix/parameters.js";
import type { Service } from "../semantics/postfix/services.js";
import { behindPostscreen, isPublicEntry } from "../system/entries.js";
import { showEndpoint } from "../system/listeners.js";
import type { MailSystem } from "../system/system.js";
import type { FilterStep, Flow, ForwardStep } from "./flow.js";
import { doings, serviceLines, showListener } from "./graphLines.js";
import type { Target } from "./resolve.js";

/**
 * entry: takes mail from clients or users. stage: goes on with what an entry began. filter: amavisd, or an external program that mail is handed to.
 * reinjection: takes mail back from a filter. queue: the queue manager. delivery: an address class with its
 * transport. problem: a step that leads nowhere. unknown: a step that the files do not tell.
 */
export type FlowNodeKind =
  | "entry"
  | "stage"
  | "filter"
  | "reinjection"
  | "queue"
  | "delivery"
  | "problem"
  | "unknown";

export interface FlowNode {
  /** Unique in the graph and the same for the same configuration. */
  readonly id: string;
  readonly kind: FlowNodeKind;
  /** What it is: "smtpd", "amavisd". */
  readonly title: string;
  /** One short line each: addresses, policy banks, the setting that chooses it. */
  readonly lines: readonly string[];
  /** What it does to mail, one short line each: "aliases, blind copies". */
  readonly does: readonly string[];
  /** The texts that make it. */
  readonly locations: readonly Location[];
}

export interface FlowEdge {
  readonly from: string;
  readonly to: string;
  /** The transport, method or table that carries mail along it; "" when nothing is to be said. */
  readonly label: string;
  /** True when only some messages take it (a FILTER action of a table, notices). */
  readonly conditional: boolean;
  /** True when it is a part of a circle that mail goes round in. */
  readonly loop: boolean;
  readonly locations: readonly Location[];
}

export interface FlowGraph {
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly FlowEdge[];
}

const QUEUE = "queue";

/** The whole graph of a system. Nodes stand in the order in which mail meets them. */
export function flowGraph(system: MailSystem, flow: Flow): FlowGraph {
  const builder = new GraphBuilder(system, flow);
  for (const service of system.services)
    if (!service.overriddenBy && isEntry(system, service, flow)) builder.service(service, "any", "entry");
  for (const listener of system.amavis?.listeners ?? []) builder.listener(listener);
  for (const service of flow.reinjections)
    if (!service.overriddenBy) builder.service(service, "filter", "reinjection");
  return builder.finish();
}

const ENTRY_PROGRAMS: ReadonlySet<string> = new Set(["smtpd", "pickup", "qmqpd", "postscreen"]);

/** A service of type pass has no socket of its own: postscreen(8) leads to it. */
function isEntry(system: MailSystem, service: Service, flow: Flow): boolean {
  if (!ENTRY_PROGRAMS.has(service.program) || service.type === "pass") return false;
  return !flow.reinjections.has(service) || isPublicEntry(system, service);
}

class GraphBuilder {
  readonly #nodes = new Map<string, FlowNode>();
  readonly #edges = new Map<string, FlowEdge>();
  readonly #system: MailSystem;
  readonly #flow: Flow;
  readonly #done = new Set<Service>();
  #delivers = false;

  constructor(system: MailSystem, flow: Flow) {
    this.#system = system;
    this.#flow = flow;
  }

  finish(): FlowGraph {
    if (this.#delivers) this.#deliveries();
    return { nodes: [...this.#nodes.values()], edges: [...this.#edges.values()] };
  }

  /** A service that takes mail in, with everything that it leads to. Returns the node's id. */
  service(service: Service, client: "any" | "filter", kind: FlowNodeKind): string {
    const id = `service:${service.entry.range.start}`;
    this.#node({
      id,
      kind,
      title: service.program,
      lines: serviceLines(this.#system, service),
      does: doings(this.#system, service),
      locations: [service.nameLocation],
    });
    if (this.#done.has(service)) return id;
    this.#done.add(service);
    if (service.program === "postscreen") this.#postscreen(service, id);
    else this.#leads(service, client, id);
    return id;
  }

  /** postscreen(8) hands the connections that it lets pass to the service of type pass. */
  #postscreen(service: Service, id: string): void {
    const { name, service: next } = behindPostscreen(this.#system, service);
    if (next) this.#edge(id, this.service(next, "any", "stage"), "passes on", [service.nameLocation]);
    else if (this.#system.masterOpen === undefined)
      this.#edge(id, this.#problem(`no pass service ${name}`, []), "passes on", [service.nameLocation]);
  }

  #leads(service: Service, client: "any" | "filter", id: string): void {
    const address = client === "any" ? "any" : this.#clientAddress(service);
    const steps = this.#flow.requestsOf(service, address);
    for (const step of steps) this.#request(id, step);
    const always = steps.some(({ request }) => request.kind === "content_filter" || request.kind === "proxy");
    if (!always) this.#toQueue(id);
  }

  /** The address that a filter connects from: that of the listener of the service it connects to. */
  #clientAddress(service: Service): string {
    return this.#system.listenSets.get(service)?.addresses[0]?.address ?? "127.0.0.1";
  }

  #toQueue(from: string): void {
    this.#delivers = true;
    this.#edge(from, QUEUE, "", []);
  }

  #request(from: string, step: FilterStep): void {
    const { request, target } = step;
    const conditional = request.kind === "access" || request.kind === "checks";
    const transport = request.kind === "proxy" ? "before queue" : splitTransport(request.text).transport;
    const label = conditional ? `FILTER ${transport}` : transport;
    const locations = request.location ? [request.location] : [];
    const to = this.#target(target, request.text, locations);
    this.#edge(from, to, label, locations, { conditional, loop: this.#inLoop(step) });
  }

  /** Whether mail that takes the step comes to the same service again. */
  #inLoop({ service, request }: FilterStep): boolean {
    return this.#flow.loops.some(({ steps }) =>
      steps.some(
        (step) =>
          "request" in step &&
          step.service === service &&
          step.request.parameter === request.parameter &&
          step.request.text === request.text,
      ),
    );
  }

  /** The node that a step leads to. */
  #target(target: Target, text: string, locations: readonly Location[]): string {
    switch (target.kind) {
      case "amavis": {
        const [first] = target.sockets;
        return first ? this.listener(first.listener) : this.#unknown("no socket", locations);
      }
      case "postfix": {
        const [first] = target.sockets;
        return first
          ? this.service(first.service, "filter", "reinjection")
          : this.#unknown("no socket", locations);
      }
      case "missing":
      case "self":
        return this.#problem(
          target.kind === "self" ? "loops back to itself" : "nothing listens there",
          [showEndpoint(target.endpoint.address, target.endpoint.port)],
          locations,
        );
      case "no-transport":
        return this.#problem("no such transport", [target.transport], locations);
      case "no-nexthop":
        return this.#problem("no nexthop", [target.transport], locations);
      case "bad-port":
        return this.#problem("not a port", [target.port], locations);
      case "malformed":
        return this.#problem("cannot be read", [text], locations);
      case "elsewhere":
        return this.#external("external filter", target.host, locations);
      case "unix":
        return this.#external("external filter", target.path, locations);
      case "program":
        return this.#external("external filter", target.service.name, [target.service.nameLocation]);
      case "unknown":
        return this.#unknown(target.reason, locations);
    }
  }

  /** A listener of amavisd, together with the others of its port and policy banks. */
  listener(listener: AmavisListener): string {
    const alike = this.#alike(listener);
    const id =
      listener.network === "unix"
        ? `amavis:${listener.path}`
        : `amavis:${listener.port}:${listener.banks.join("+")}`;
    if (this.#nodes.has(id)) return id;
    const fed = alike.some((other) => this.#flow.fed.has(other));
    const banks = listener.banks.length > 0 ? [`policy bank ${listener.banks.join(", ")}`] : [];
    this.#node({
      id,
      kind: "filter",
      title: "amavisd",
      lines: [...alike.map(showListener), ...banks, ...(fed ? [] : ["no service feeds it"])],
      locations: alike.flatMap((other) => other.origin ?? []),
    });
    const steps = this.#flow.forwards.filter((step) => alike.includes(step.listener));
    if (listener.protocol.value !== "AM.PDP") this.#handsBack(id, listener, steps);
    return id;
  }

  #alike(listener: AmavisListener): AmavisListener[] {
    const banks = listener.banks.join("+");
    return (this.#system.amavis?.listeners ?? []).filter(
      (other) =>
        other.network === listener.network &&
        other.port === listener.port &&
        other.path === listener.path &&
        other.banks.join("+") === banks,
    );
  }

  #handsBack(id: string, listener: AmavisListener, steps: readonly ForwardStep[]): void {
    if ("kind" in listener.forward.value)
      this.#edge(id, this.#unknown(listener.forward.value.reason, []), "", []);
    const forward = new Set<string>();
    for (const step of steps.filter(({ role }) => role === "forward"))
      forward.add(this.#forward(id, step, false));
    for (const step of steps.filter(({ role }) => role === "notify")) {
      const to = this.#target(step.target, step.method.text, placesOf(step));
      if (!forward.has(to)) this.#forward(id, step, true);
    }
  }

  #forward(from: string, step: ForwardStep, notice: boolean): string {
    const locations = placesOf(step);
    const to = this.#target(step.target, step.method.text, locations);
    this.#edge(from, to, notice ? "notices" : "hands back", locations, { conditional: notice });
    return to;
  }

  /** What the queue manager does with mail for which no filter is left (trivial-rewrite(8), address classes). */
  #deliveries(): void {
    const { environment } = this.#system;
    const maps = environment.value("transport_maps");
    this.#node({
      id: QUEUE,
      kind: "queue",
      title: "queue manager",
      lines: maps.text === "" ? [] : ["transport_maps may choose", "another transport"],
      locations: places(maps.definition),
    });
    const relayhost = environment.value("relayhost").text;
    const world = relayhost === "" ? "MX of the domain" : relayhost;
    this.#delivery("local", "mydestination", "local_transport", "");
    this.#delivery("virtual", "virtual_mailbox_domains", "virtual_transport", "");
    this.#delivery("relay", "relay_domains", "relay_transport", world);
    this.#delivery("everything else", undefined, "default_transport", world);
  }

  #delivery(title: string, domains: string | undefined, transport: string, nexthop: string): void {
    const { environment } = this.#system;
    const list = domains === undefined ? undefined : environment.value(domains);
    if (list && list.text === "" && list.unknown === undefined) return;
    const chosen = environment.value(transport);
    const parts = splitTransport(chosen.text);
    const service = this.#system.transports.get(parts.transport);
    const id = `delivery:${transport}`;
    const to = parts.nexthop || nexthop;
    this.#node({
      id,
      kind: "delivery",
      title,
      lines: [
        chosen.unknown === undefined
          ? `${parts.transport}${to === "" ? "" : `: ${to}`}`
          : "not known from the files",
        ...(list ? [`domains: ${list.unknown === undefined ? shorten(list.text) : "not all known"}`] : []),
      ],
      locations: [
        ...places(chosen.definition),
        ...places(list?.definition),
        ...(service ? [service.nameLocation] : []),
      ],
    });
    this.#edge(QUEUE, id, "", []);
  }

  #problem(title: string, lines: readonly string[], locations: readonly Location[] = []): string {
    return this.#node({ id: `problem:${title}:${lines.join()}`, kind: "problem", title, lines, locations });
  }

  #external(title: string, name: string, locations: readonly Location[]): string {
    return this.#node({ id: `external:${name}`, kind: "filter", title, lines: [name], locations });
  }

  #unknown(reason: string, locations: readonly Location[]): string {
    return this.#node({
      id: `unknown:${reason}`,
      kind: "unknown",
      title: "unknown",
      lines: [reason],
      locations,
    });
  }

  #node(node: Omit<FlowNode, "does"> & Partial<Pick<FlowNode, "does">>): string {
    if (!this.#nodes.has(node.id)) this.#nodes.set(node.id, { does: [], ...node });
    return node.id;
  }

  #edge(
    from: string,
    to: string,
    label: string,
    locations: readonly Location[],
    { conditional = false, loop = false } = {},
  ): void {
    const key = `${from}>${to}>${label}`;
    if (!this.#edges.has(key)) this.#edges.set(key, { from, to, label, conditional, loop, locations });
  }
}

function placesOf(step: ForwardStep): Location[] {
  return step.method.origin ? [step.method.origin] : [];
}

function places(definition: Definition | undefined): Location[] {
  return definition?.origin ? [definition.origin] : [];
}

/** Long domain lists would make the picture unreadable. */
function shorten(text: string): string {
  return text.length > 28 ? `${text.slice(0, 27)}…` : text;
}
