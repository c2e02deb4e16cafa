/**
 * One message followed hop by hop: through the entry, the filters and the services that take it back, to its
 * deliveries. The rules behind it are those of POSTFIX 4.1 and of the observed systems in REALITY.
 */

import { admits } from "../semantics/amavis/acl.js";
import type { Location } from "../semantics/located.js";
import { isLoopback, LOOPBACK } from "../semantics/postfix/address.js";
import type { Service } from "../semantics/postfix/services.js";
import { behindPostscreen } from "../system/entries.js";
import { overrideOptions } from "../system/feeds.js";
import { answering, type InetSocket, overlaps, showEndpoint } from "../system/listeners.js";
import { type TableLookup, tableLookup } from "../system/lookup.js";
import type { MailSystem } from "../system/system.js";
import { type Admission, admission } from "./admission.js";
import { cleanupEnvironment, type FilterStep, type Flow } from "./flow.js";
import { mapRecipients } from "./mapping.js";
import { meantForAmavis } from "./meant.js";
import type { Delivery, Hop, Message, Outcome, Trace } from "./message.js";
import { type Address, readAddress, route } from "./route.js";
import { whySilent } from "./silent.js";

export function trace(system: MailSystem, flow: Flow, message: Message): Trace {
  return new Tracer(system, flow, message).run();
}

/** cleanup(8) refuses a message with more Received: lines than hopcount_limit; nothing real takes more steps than this. */
const MAX_STEPS = 1000;

class Tracer {
  readonly #system: MailSystem;
  readonly #flow: Flow;
  readonly #message: Message;
  readonly #lookup: TableLookup;
  readonly #sender: Address;
  readonly #hops: Hop[] = [];
  readonly #assumptions = new Set<string>();
  readonly #seen = new Set<Service>();
  #recipients: ReadonlyMap<string, number>;
  #passes = 0;
  /** A filter has the message and waits for what becomes of it: only what it hands on has passed it. */
  #inFilter = false;
  /** Received: lines that the message has got. */
  #received = 0;
  #steps = 0;
  /** Hops are told for the first round only. */
  #telling = true;

  constructor(system: MailSystem, flow: Flow, message: Message) {
    this.#system = system;
    this.#flow = flow;
    this.#message = message;
    this.#lookup = tableLookup(system.source.tables);
    this.#sender = readAddress(message.sender);
    this.#recipients = new Map([[message.recipient, 1]]);
  }

  run(): Trace {
    const { port } = this.#message;
    if (port === "sendmail") return this.#submit();
    const socket = this.#answering(port);
    if (socket === undefined)
      return this.#end("rejected", `port ${port}`, "nothing listens there: the connection is refused", []);
    return this.#connect(socket, this.#message.client, port);
  }

  #submit(): Trace {
    const pickup = this.#system.services.find(
      ({ program, overriddenBy }) => program === "pickup" && !overriddenBy,
    );
    if (!pickup)
      return this.#end("stuck", "sendmail", "no pickup service takes it from the maildrop queue", []);
    this.#tell("pickup", "takes it from the maildrop queue", [pickup.nameLocation]);
    return this.#accepted(pickup, this.#requests(pickup, "any"), undefined);
  }

  /** The socket that a client reaches; two that share one address are dealt out by the kernel. */
  #answering(port: number): InetSocket | undefined {
    const here = this.#system.socketsByPort.get(port) ?? [];
    const { address, client } = this.#message;
    if (address !== undefined) return answering(here, address, port)[0];
    // A client on this host comes by way of loopback, one from outside by another address.
    const inside = client !== undefined && isLoopback(client);
    const fitting = here.filter((socket) => inside || !isLoopback(socket.address));
    return fitting[0] ?? (inside ? undefined : here[0]);
  }

  #connect(socket: InetSocket, client: string | undefined, port: number): Trace {
    const where = showEndpoint(socket.address, port);
    if (socket.program === "amavisd") return this.#filtered(socket, where, client);
    const { service } = socket;
    const rivals = (this.#system.socketsByPort.get(port) ?? []).filter(
      (other) => other !== socket && other.program === "postfix" && other.address === socket.address,
    );
    if (rivals.length > 0)
      return this.#end(
        "unknown",
        where,
        "several services share the socket, and the kernel deals connections out",
        [socket.location, ...rivals.map(({ location }) => location)],
      );
    return this.#session(service, client, `${service.program} ${where}`);
  }

  #session(service: Service, client: string | undefined, at: string): Trace {
    if (service.program === "postscreen") {
      const { name, service: next } = behindPostscreen(this.#system, service);
      if (!next)
        return this.#end("stuck", at, `there is no service ${name} of type pass to hand it to`, [
          service.nameLocation,
        ]);
      this.#tell(at, "lets the client pass", [service.nameLocation]);
      return this.#session(next, client, `smtpd (${next.name} pass)`);
    }
    const silence = whySilent(this.#system, service);
    if (silence) return this.#end("stuck", at, silence.does, [silence.because]);
    if (service.program !== "smtpd")
      return this.#end("unknown", at, `what ${service.program} does with it, the files do not tell`, [
        service.nameLocation,
      ]);
    return this.#admit(service, client, at);
  }

  #admit(service: Service, client: string | undefined, at: string): Trace {
    let filter: string | undefined;
    for (const recipient of this.#recipients.keys()) {
      const verdict = admission(service.environment, this.#lookup, {
        client,
        sender: this.#sender,
        recipient: readAddress(recipient),
      });
      for (const assumption of verdict.assumptions) this.#assumptions.add(assumption);
      if (verdict.outcome !== "accepted") return this.#refused(at, verdict);
      filter = verdict.filter ?? filter;
    }
    this.#received++;
    if (this.#received >= this.#hopLimit())
      return this.#end("looped", at, "554 5.4.0 Error: too many hops: the sender gets it back", [
        service.nameLocation,
      ]);
    if (this.#inFilter) this.#passes++;
    this.#inFilter = false;
    this.#tell(at, "accepts it", [service.nameLocation]);
    return this.#accepted(service, this.#requests(service, client ?? "any"), filter);
  }

  #refused(at: string, { outcome, text, because }: Admission): Trace {
    const ends = {
      rejected: "rejected",
      discarded: "discarded",
      held: "stuck",
      unknown: "unknown",
      accepted: "unknown",
    } as const;
    // What a filter is told reaches the sender as a bounce.
    const final = outcome === "rejected" && this.#inFilter ? "bounced" : ends[outcome];
    return this.#end(final, at, text, because);
  }

  #requests(service: Service, client: string): readonly FilterStep[] {
    return this.#flow.requestsOf(service, client);
  }

  /** Mapping by cleanup, then the strongest filter request, else delivery. */
  #accepted(service: Service, steps: readonly FilterStep[], accessFilter: string | undefined): Trace {
    if (++this.#steps > MAX_STEPS)
      return this.#end("looped", service.name, "it goes round", [service.nameLocation]);
    if (this.#seen.has(service)) this.#telling = false;
    this.#seen.add(service);
    const proxy = steps.find(({ request }) => request.kind === "proxy");
    if (proxy) return this.#hand(proxy, service);
    this.#map(service);
    const checks = steps.find(
      ({ request }) => request.kind === "checks" && this.#matchesHeaders(service, request.parameter),
    );
    const access =
      accessFilter === undefined
        ? undefined
        : steps.find(({ request }) => request.kind === "access" && request.text === accessFilter);
    const content = steps.find(({ request }) => request.kind === "content_filter");
    // The last request in the queue file counts: checks, then access tables, then content_filter (POSTFIX 4.1).
    const step = checks ?? access ?? content;
    return step ? this.#hand(step, service) : this.#deliver();
  }

  #map(service: Service): void {
    if (overrideOptions(service.environment).has("no_address_mappings")) return;
    const mapped = mapRecipients(
      cleanupEnvironment(this.#system, service),
      this.#lookup,
      this.#recipients,
      this.#sender,
    );
    this.#recipients = mapped.recipients;
    for (const assumption of mapped.assumptions) this.#assumptions.add(assumption);
    if (mapped.does.length > 0) this.#tell("cleanup", mapped.does.join("; "), mapped.because);
  }

  /** Whether a check of headers or body gives FILTER for what every message has. */
  #matchesHeaders(service: Service, parameter: string): boolean {
    const { sender, recipient } = this.#message;
    const lines =
      parameter === "body_checks"
        ? ["test"]
        : [
            "Received: from client",
            `From: ${sender}`,
            `To: ${recipient}`,
            "Subject: test",
            "Date: Thu, 1 Jan 1970",
            "Message-Id: <1@localhost>",
          ];
    const environment = cleanupEnvironment(this.#system, service);
    return lines.some((line) => {
      const answer = this.#lookup.maps(environment, parameter, [line]);
      return answer.kind === "found" && /^FILTER\s/i.test(answer.value);
    });
  }

  #hand(step: FilterStep, service: Service): Trace {
    const { request, target } = step;
    const because = request.location ? [request.location] : [];
    const at = request.kind === "proxy" ? "smtpd, before the queue" : "queue manager";
    const to = request.text;
    switch (target.kind) {
      case "amavis": {
        const [socket] = target.sockets;
        if (!socket) break;
        this.#tell(at, `hands it to ${to}`, because);
        return this.#filtered(
          socket,
          showEndpoint(target.endpoint.address, target.endpoint.port),
          sourceOf(target.endpoint.address),
        );
      }
      case "postfix": {
        const [socket] = target.sockets;
        if (!socket) break;
        this.#tell(at, `hands it to ${to}`, because);
        return this.#connect(socket, sourceOf(target.endpoint.address), target.endpoint.port);
      }
      case "missing": {
        if (this.#system.amavis && !meantForAmavis(this.#system, this.#flow, step))
          return this.#end("unknown", at, `hands it to ${to}, a filter that is not known here`, because);
        const client = request.kind === "proxy" ? ", and the client gets 451" : "";
        return this.#end("deferred", at, `cannot connect to ${to}${client}`, because);
      }
      case "self":
        return this.#end("bounced", at, `${to}: mail loops back to myself`, because);
      case "no-transport":
        return this.#end(
          "deferred",
          at,
          `mail transport unavailable: no service ${target.transport}`,
          because,
        );
      case "no-nexthop":
        this.#tell(
          at,
          `${target.transport} has no next hop: the recipient's domain is used, past every filter`,
          because,
        );
        return this.#deliver(target.transport);
      case "bad-port":
      case "malformed":
        return this.#end("deferred", at, `the transport cannot use ${to}`, because);
      case "program":
        return this.#end("unknown", at, `hands it to ${target.service.name}, an external program`, because);
      case "unix":
        return this.#end("unknown", at, `hands it to ${target.path}, an external filter`, because);
      case "elsewhere":
        return this.#end("unknown", at, `hands it to ${target.host}, another host`, because);
      case "unknown":
        // Quotes are a part of the name, and no transport has such a one (n16).
        if (/^["']/.test(to))
          return this.#end("deferred", at, `mail transport unavailable: no service ${to}`, because);
        return this.#end("unknown", at, target.reason, because);
    }
    return this.#end("unknown", at, to, [service.nameLocation]);
  }

  #filtered(socket: InetSocket, where: string, client: string | undefined): Trace {
    if (socket.program !== "amavisd")
      return this.#end("unknown", where, "another program listens there", [socket.location]);
    const { listener } = socket;
    const broken = this.#system.amavis?.problems.find(({ fatal }) => fatal);
    if (broken) return this.#end("deferred", where, "amavisd does not start: connection refused", [broken]);
    const rival = this.#collision();
    if (rival)
      return this.#end(
        "unknown",
        where,
        "Postfix and amavisd want the same socket: what answers depends on which starts first",
        [socket.location, rival.location],
      );
    if (client !== undefined && admits(listener, client) === false)
      return this.#end(
        "deferred",
        where,
        `@inet_acl does not admit ${client}: the connection is closed`,
        listener.acl.origin ? [listener.acl.origin] : [],
      );
    this.#inFilter = true;
    this.#received++;
    const bank = listener.banks.length > 0 ? `, policy bank ${listener.banks.join(", ")}` : "";
    const at = `amavisd ${where}${bank}`;
    this.#tell(at, "filters it", [socket.location]);
    const steps = this.#flow.forwards.filter((step) => step.listener === listener && step.role === "forward");
    if ("kind" in listener.forward.value) return this.#end("unknown", at, listener.forward.value.reason, []);
    const step = steps.find(({ target }) => target.kind !== "missing") ?? steps[0];
    if (!step)
      return this.#end(
        "deferred",
        at,
        "has no forward method: nothing is delivered",
        listener.forward.origin ? [listener.forward.origin] : [],
      );
    const because = step.method.origin ? [step.method.origin] : [];
    const { target } = step;
    if (target.kind === "postfix") {
      const [back] = target.sockets;
      if (back) {
        this.#tell(at, `hands it back to ${step.method.text}`, because);
        return this.#connect(back, sourceOf(target.endpoint.address), target.endpoint.port);
      }
    }
    if (target.kind === "missing")
      return this.#end(
        "deferred",
        at,
        `451 4.5.0 cannot connect to ${showEndpoint(target.endpoint.address, target.endpoint.port)}`,
        because,
      );
    if (target.kind === "amavis" && target.sockets[0])
      return this.#filteredAgain(
        target.sockets[0],
        showEndpoint(target.endpoint.address, target.endpoint.port),
      );
    if (target.kind === "malformed")
      return this.#end("deferred", at, `451 4.5.0 ${step.method.text} cannot be used`, because);
    return this.#end("unknown", at, `hands it to ${step.method.text}`, because);
  }

  /** A socket of Postfix that amavisd wants too, whichever it is: one of the two programs does not start (g2, g3). */
  #collision(): InetSocket | undefined {
    const { sockets } = this.#system;
    const amavis = sockets.filter(({ program }) => program === "amavisd");
    return sockets.find(
      (other) => other.program === "postfix" && amavis.some((socket) => overlaps(socket, other)),
    );
  }

  #filteredAgain(socket: InetSocket, where: string): Trace {
    if (++this.#steps > MAX_STEPS) return this.#end("looped", where, "it goes round", [socket.location]);
    return this.#filtered(socket, where, undefined);
  }

  /** @param transport the transport that a filter request without next hop names. */
  #deliver(transport?: string): Trace {
    const { environment } = this.#system;
    const deliveries: Delivery[] = [];
    let outcome: Outcome = "delivered";
    for (const [recipient, copies] of this.#recipients) {
      const found = route(environment, this.#lookup, readAddress(recipient), this.#sender);
      if ("kind" in found) return this.#end("unknown", "queue manager", found.reason, []);
      const name = transport ?? found.transport;
      const service = this.#system.transports.get(name);
      const at = `queue manager, ${recipient}`;
      if (!service && this.#system.masterOpen === undefined)
        return this.#end("deferred", at, `mail transport unavailable: no service ${name}`, found.because);
      const program = service?.program ?? name;
      this.#tell(at, `delivers by ${name} to ${found.nexthop}`, found.because);
      if (program === "error") outcome = service?.name === "retry" ? "deferred" : "bounced";
      else if (program === "discard") outcome = "discarded";
      else deliveries.push({ recipient, transport: name, nexthop: found.nexthop, copies });
    }
    return this.#result(deliveries.length > 0 ? "delivered" : outcome, deliveries);
  }

  #hopLimit(): number {
    const limit = Number(this.#system.environment.value("hopcount_limit").text);
    return Number.isInteger(limit) && limit > 0 ? limit : 50;
  }

  #tell(at: string, does: string, because: readonly Location[]): void {
    if (this.#telling) this.#hops.push({ at, does, because });
  }

  #end(outcome: Outcome, at: string, does: string, because: readonly Location[]): Trace {
    this.#hops.push({ at, does, because });
    return this.#result(outcome, []);
  }

  #result(outcome: Outcome, deliveries: readonly Delivery[]): Trace {
    return {
      outcome,
      filterPasses: this.#passes,
      hops: this.#hops,
      deliveries,
      assumptions: [...this.#assumptions],
    };
  }
}

/** The address that a program on this host connects from, when it connects to one of its own addresses. */
function sourceOf(address: string): string {
  return address.includes(":") ? LOOPBACK.ipv6 : isLoopback(address) ? LOOPBACK.ipv4 : address;
}
