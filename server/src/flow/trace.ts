/**
 * One message followed hop by hop: through the entry, the filters and the services that take it back, to its
 * deliveries. The rules behind it are those of POSTFIX 4.1 and of the observed systems in REALITY.
 */

import type { Location } from "../semantics/located.js";
import { isLoopback, LOOPBACK } from "../semantics/postfix/address.js";
import { readCommand } from "../semantics/postfix/commands.js";
import type { Service } from "../semantics/postfix/services.js";
import { behindPostscreen } from "../system/entries.js";
import { overrideOptions } from "../system/feeds.js";
import { answering, type InetSocket, showEndpoint } from "../system/listeners.js";
import { type TableLookup, tableLookup } from "../system/lookup.js";
import type { MailSystem } from "../system/system.js";
import { type Admission, admission } from "./admission.js";
import { type CheckActions, contentChecks } from "./contentChecks.js";
import { forwardDeadEnd, programDeadEnd, requestDeadEnd, unanswered } from "./deadEnds.js";
import { deliver } from "./delivery.js";
import { cleanupEnvironment, type FilterStep, type Flow } from "./flow.js";
import { Journey } from "./journey.js";
import { mapRecipients } from "./mapping.js";
import type { Message, Outcome, Trace } from "./message.js";
import { milterAnswers } from "./milters.js";
import type { Target } from "./resolve.js";
import { type Address, readAddress } from "./route.js";
import { whySilent } from "./silent.js";
import { unlistedRecipient } from "./unlisted.js";

export function trace(system: MailSystem, flow: Flow, message: Message): Trace {
  return new Tracer(system, flow, message, new Map()).run();
}

type CheckEnd = NonNullable<CheckActions["end"]>;

/** Which of the sockets that share an address answers, by address and port. */
type Choices = ReadonlyMap<string, InetSocket>;

/** More places where the kernel chooses are not followed. */
const MAX_CHOICES = 3;

/** cleanup(8) refuses a message with more Received: lines than hopcount_limit; nothing real takes more steps than this. */
const MAX_STEPS = 1000;

class Tracer {
  readonly #system: MailSystem;
  readonly #flow: Flow;
  readonly #message: Message;
  readonly #choices: Choices;
  readonly #lookup: TableLookup;
  readonly #sender: Address;
  readonly #journey: Journey;
  readonly #seen = new Set<Service>();
  #steps = 0;

  constructor(system: MailSystem, flow: Flow, message: Message, choices: Choices) {
    this.#system = system;
    this.#flow = flow;
    this.#message = message;
    this.#choices = choices;
    this.#lookup = tableLookup(system.source.tables);
    this.#sender = readAddress(message.sender);
    this.#journey = new Journey(message.recipient);
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
    const full = this.#received("pickup", pickup);
    if (full) return full;
    this.#tell("pickup", "takes it from the maildrop queue", [pickup.nameLocation]);
    this.#journey.assume(...milterAnswers(pickup, cleanupEnvironment(this.#system, pickup)).assumptions);
    return this.#accepted(pickup, this.#requests(pickup, "any"), undefined, undefined);
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
    const chosen = this.#choices.get(where) ?? socket;
    if (chosen.program !== "postfix") return this.#filtered(chosen, where, client);
    const { service } = chosen;
    const rivals = (this.#system.socketsByPort.get(port) ?? []).filter(
      (other) => other !== socket && other.program === "postfix" && other.address === socket.address,
    );
    if (rivals.length > 0 && this.#choices.get(where) === undefined)
      return this.#dealtOut([socket, ...rivals], where);
    return this.#session(service, client, `${service.program} ${where}`);
  }

  /** Several sockets share the address: the answer is known where it is the same whichever of them the kernel takes. */
  #dealtOut(sockets: readonly InetSocket[], where: string): Trace {
    const results =
      this.#choices.size < MAX_CHOICES
        ? sockets.map((socket) =>
            new Tracer(
              this.#system,
              this.#flow,
              this.#message,
              new Map([...this.#choices, [where, socket]]),
            ).run(),
          )
        : [];
    const kinds = new Set(
      results.map(({ outcome, filterPasses, deliveries }) =>
        JSON.stringify([outcome, filterPasses, deliveries]),
      ),
    );
    const [first] = results;
    if (first && kinds.size === 1) return first;
    return this.#end(
      "unknown",
      where,
      "several services share the socket, and the kernel deals connections out",
      sockets.map(({ location }) => location),
    );
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
    const journey = this.#journey;
    const milters = milterAnswers(service, service.environment);
    if (milters.refusal?.outcome === "silent")
      return this.#end("stuck", at, milters.refusal.text, milters.refusal.because);
    if (milters.refusal) return this.#refused(at, { ...milters.refusal, outcome: "rejected" });
    journey.assume(...milters.assumptions);
    let filter: string | undefined;
    const recipients = new Map(journey.recipients);
    let redirect: string | undefined;
    for (const recipient of journey.recipients.keys()) {
      const verdict = admission(service.environment, this.#lookup, {
        client,
        sender: this.#sender,
        recipient: readAddress(recipient),
      });
      journey.assume(...verdict.assumptions);
      if (verdict.outcome !== "accepted")
        return this.#refused(at, verdict, this.#early(service, verdict.gate));
      const unlisted = unlistedRecipient(
        this.#system,
        service.environment,
        this.#lookup,
        readAddress(recipient),
        this.#message.sender,
      );
      if (unlisted) return this.#refused(at, unlisted);
      filter = verdict.filter ?? filter;
      redirect = verdict.redirect ?? redirect;
      for (const copy of verdict.copies) recipients.set(copy, (recipients.get(copy) ?? 0) + 1);
    }
    journey.recipients = recipients;
    const full = this.#received(at, service);
    if (full) return full;
    this.#tell(at, "accepts it", [service.nameLocation]);
    return this.#accepted(service, this.#requests(service, client ?? "any"), filter, redirect);
  }

  /** Another Received: line; cleanup(8) refuses a message that has hopcount_limit of them. */
  #received(at: string, service: Service): Trace | undefined {
    const journey = this.#journey;
    journey.received++;
    // What sendmail takes is out of the filter's hands before cleanup counts (t05); over SMTP the filter is refused.
    if (service.program === "pickup" && journey.inFilter) {
      journey.passes++;
      journey.inFilter = false;
    }
    if (journey.received >= this.#hopLimit())
      return this.#end("looped", at, "554 5.4.0 Error: too many hops: the sender gets it back", [
        service.nameLocation,
      ]);
    if (journey.inFilter) journey.passes++;
    journey.inFilter = false;
    return undefined;
  }

  /** Whether a list refuses before any recipient is named: a filter takes that for a failure that will pass (d6). */
  #early(service: Service, gate: string | undefined): boolean {
    const first = gate === "smtpd_client_restrictions" || gate === "smtpd_helo_restrictions";
    return first && /^no$/i.test(service.environment.value("smtpd_delay_reject").text);
  }

  #refused(
    at: string,
    { outcome, text, because }: Pick<Admission, "outcome" | "text" | "because">,
    early = false,
  ): Trace {
    const ends = {
      rejected: "rejected",
      discarded: "discarded",
      held: "stuck",
      unknown: "unknown",
      accepted: "unknown",
    } as const;
    // What a filter is told reaches the sender as a bounce.
    const fromFilter = outcome === "rejected" && this.#journey.inFilter;
    const final = fromFilter ? (early ? "deferred" : "bounced") : ends[outcome];
    return this.#end(final, at, text, because);
  }

  #requests(service: Service, client: string): readonly FilterStep[] {
    return this.#flow.requestsOf(service, client);
  }

  /** Checks and mapping by cleanup, then the strongest filter request, else delivery. */
  #accepted(
    service: Service,
    steps: readonly FilterStep[],
    accessFilter: string | undefined,
    redirect: string | undefined,
  ): Trace {
    const journey = this.#journey;
    if (++this.#steps > MAX_STEPS)
      return this.#end("looped", service.name, "it goes round", [service.nameLocation]);
    const again = this.#seen.has(service);
    if (again) journey.telling = false;
    this.#seen.add(service);
    const proxy = steps.find(({ request }) => request.kind === "proxy");
    if (proxy && again && journey.openProxies > 0)
      return this.#end(
        "stuck",
        service.name,
        "each session waits for the filter, and the filter for another session, until no process is left",
        [service.nameLocation],
      );
    if (proxy) {
      journey.openProxies++;
      return this.#hand(proxy, service);
    }
    journey.openProxies = 0;
    const environment = cleanupEnvironment(this.#system, service);
    const checks = overrideOptions(service.environment).has("no_header_body_checks")
      ? undefined
      : contentChecks(environment, this.#lookup, this.#message);
    if (checks?.end) return this.#checked(service, checks.end, checks.because);
    for (const copy of checks?.copies ?? [])
      journey.recipients = new Map([...journey.recipients, [copy, (journey.recipients.get(copy) ?? 0) + 1]]);
    this.#map(service);
    const instead = checks?.redirect ?? redirect;
    if (instead !== undefined) {
      // The queue manager replaces all recipients by this one.
      journey.recipients = new Map([[instead, 1]]);
      this.#tell("cleanup", `sends it to ${instead} instead`, checks?.because ?? []);
    }
    const byChecks = checks?.filters ? steps.find(({ request }) => request.kind === "checks") : undefined;
    const access =
      accessFilter === undefined
        ? undefined
        : steps.find(({ request }) => request.kind === "access" && request.text === accessFilter);
    const content = steps.find(({ request }) => request.kind === "content_filter");
    // The last request in the queue file counts: checks, then access tables, then content_filter (POSTFIX 4.1).
    const step = byChecks ?? access ?? content;
    return step ? this.#hand(step, service) : this.#deliver();
  }

  /** A header or body check ends it: smtpd passes the refusal on, mail of a local program bounces. */
  #checked(service: Service, { action, text }: CheckEnd, because: readonly Location[]): Trace {
    if (action === "HOLD") return this.#end("stuck", "cleanup", "put into the hold queue", because);
    if (action === "DISCARD") return this.#end("discarded", "cleanup", "taken and thrown away", because);
    const local = service.program === "pickup" || this.#journey.inFilter;
    return this.#end(
      local ? "bounced" : "rejected",
      "cleanup",
      `550 5.7.1 ${text || "message content rejected"}`,
      because,
    );
  }

  #map(service: Service): void {
    if (overrideOptions(service.environment).has("no_address_mappings")) return;
    const mapped = mapRecipients(
      cleanupEnvironment(this.#system, service),
      this.#lookup,
      this.#journey.recipients,
      this.#sender,
    );
    this.#journey.recipients = mapped.recipients;
    this.#journey.assume(...mapped.assumptions);
    if (mapped.does.length > 0) this.#tell("cleanup", mapped.does.join("; "), mapped.because);
  }

  #hand(step: FilterStep, service: Service): Trace {
    const { request, target } = step;
    const because = request.location ? [request.location] : [];
    const at = request.kind === "proxy" ? "smtpd, before the queue" : "queue manager";
    const end = requestDeadEnd(this.#system, this.#flow, step);
    if (end) return this.#end(end.outcome, at, end.does, because);
    if (target.kind === "program") return this.#handToProgram(target.service, at, because);
    if (target.kind === "no-nexthop") {
      const does = `${target.transport} has no next hop: the recipient's domain is used, past every filter`;
      this.#tell(at, does, because);
      return this.#deliver(target.transport);
    }
    if (target.kind !== "amavis" && target.kind !== "postfix")
      return this.#end("unknown", at, request.text, [service.nameLocation]);
    this.#tell(at, `hands it to ${request.text}`, because);
    return this.#arrive(target);
  }

  /** What amavisd or the queue manager sends comes to a socket of this host. */
  #arrive({ endpoint, sockets: [socket] }: Extract<Target, { kind: "amavis" | "postfix" }>): Trace {
    const { address, port } = endpoint;
    const where = showEndpoint(address, port);
    if (!socket) return this.#end("unknown", where, "nobody knows what answers", []);
    return socket.program === "amavisd"
      ? this.#filtered(socket, where, sourceOf(address))
      : this.#connect(socket, sourceOf(address), port);
  }

  /** A content filter that is no network client: a command, or a transport where mail ends. */
  #handToProgram(service: Service, at: string, because: readonly Location[]): Trace {
    const command = readCommand(service)?.argv?.map(({ text }) => text) ?? [];
    const end = programDeadEnd(service, command);
    if (end) return this.#end(end.outcome, at, end.does, because);
    this.#tell(at, `hands it to ${service.name}, a command that hands mail back with sendmail`, because);
    this.#journey.assume(`${command[0]} hands it back with the sendmail command that it is given`);
    this.#journey.inFilter = true;
    return this.#submit();
  }

  #filtered(socket: InetSocket, where: string, client: string | undefined): Trace {
    if (socket.program !== "amavisd")
      return this.#end("unknown", where, "another program listens there", [socket.location]);
    const none = unanswered(this.#system, socket, client);
    if (none) return this.#end(none.outcome, where, none.does, none.because);
    const { listener } = socket;
    this.#journey.inFilter = true;
    this.#journey.received++;
    const bank = listener.banks.length > 0 ? `, policy bank ${listener.banks.join(", ")}` : "";
    const at = `amavisd ${where}${bank}`;
    this.#tell(at, "filters it", [socket.location]);
    if ("kind" in listener.forward.value) return this.#end("unknown", at, listener.forward.value.reason, []);
    const steps = this.#flow.forwards.filter((step) => step.listener === listener && step.role === "forward");
    const step = steps.find(({ target }) => target.kind !== "missing") ?? steps[0];
    if (!step)
      return this.#end(
        "deferred",
        at,
        "has no forward method: nothing is delivered",
        listener.forward.origin ? [listener.forward.origin] : [],
      );
    const { target, method } = step;
    const because = method.origin ? [method.origin] : [];
    const end = forwardDeadEnd(step);
    if (end || (target.kind !== "postfix" && target.kind !== "amavis"))
      return this.#end(end?.outcome ?? "unknown", at, end?.does ?? method.text, because);
    if (++this.#steps > MAX_STEPS) return this.#end("looped", where, "it goes round", [socket.location]);
    if (target.kind === "postfix") this.#tell(at, `hands it back to ${method.text}`, because);
    return this.#arrive(target);
  }

  #hopLimit(): number {
    const limit = Number(this.#system.environment.value("hopcount_limit").text);
    return Number.isInteger(limit) && limit > 0 ? limit : 50;
  }

  #tell(at: string, does: string, because: readonly Location[]): void {
    this.#journey.tell(at, does, because);
  }

  #end(outcome: Outcome, at: string, does: string, because: readonly Location[]): Trace {
    return this.#journey.end(outcome, at, does, because);
  }

  #deliver(transport?: string): Trace {
    return deliver(this.#system, this.#lookup, this.#sender, this.#journey, transport);
  }
}

/** The address that a program on this host connects from, when it connects to one of its own addresses. */
function sourceOf(address: string): string {
  return address.includes(":") ? LOOPBACK.ipv6 : isLoopback(address) ? LOOPBACK.ipv4 : address;
}
