/** Where a step of a message's way ends at once, and what the log says of it (POSTFIX 4.1; scenarios d1 to r3). */
import { admits } from "../semantics/amavis/acl.js";
import type { Location } from "../semantics/located.js";
import type { Service } from "../semantics/postfix/services.js";
import { type AmavisSocket, type InetSocket, overlaps, showEndpoint } from "../system/listeners.js";
import type { MailSystem } from "../system/system.js";
import type { FilterStep, Flow, ForwardStep } from "./flow.js";
import { meantForAmavis } from "./meant.js";
import type { Outcome } from "./message.js";
import { doubtAboutRequest } from "./nameLookup.js";

export interface DeadEnd {
  readonly outcome: Outcome;
  readonly does: string;
}

/** Why a filter request leads nowhere, or where nobody knows; undefined when it leads on. */
export function requestDeadEnd(system: MailSystem, flow: Flow, step: FilterStep): DeadEnd | undefined {
  const { request, target } = step;
  const to = request.text;
  const doubt = request.kind === "proxy" ? undefined : doubtAboutRequest(system, to);
  if (doubt) return { outcome: "unknown", does: doubt };
  switch (target.kind) {
    case "amavis":
    case "postfix":
      return target.sockets.length > 0 ? undefined : { outcome: "unknown", does: to };
    case "no-nexthop":
    case "program":
      return undefined;
    case "missing": {
      if (system.amavis && !meantForAmavis(system, flow, step))
        return { outcome: "unknown", does: `hands it to ${to}, a filter that is not known here` };
      const client = request.kind === "proxy" ? ", and the client gets 451" : "";
      return { outcome: "deferred", does: `cannot connect to ${to}${client}` };
    }
    case "self":
      return { outcome: "bounced", does: `${to}: mail loops back to myself` };
    case "no-transport":
      return { outcome: "deferred", does: `mail transport unavailable: no service ${target.transport}` };
    case "bad-port":
    case "malformed":
      return { outcome: "deferred", does: `the transport cannot use ${to}` };
    case "unix":
      return { outcome: "unknown", does: `hands it to ${target.path}, an external filter` };
    case "elsewhere":
      return { outcome: "unknown", does: `hands it to ${target.host}, another host` };
    case "unknown":
      // Quotes are a part of the name, and no transport has such a one (n16).
      if (/^["']/.test(to))
        return { outcome: "deferred", does: `mail transport unavailable: no service ${to}` };
      return { outcome: "unknown", does: target.reason };
  }
}

/** A content filter that is no network client: transports where mail ends, and commands that nobody knows. */
export function programDeadEnd(service: Service, command: readonly string[]): DeadEnd | undefined {
  const to = `hands it to ${service.name}`;
  if (service.program === "discard") return { outcome: "discarded", does: `${to}, which throws it away` };
  if (service.program === "error")
    return {
      outcome: service.name === "retry" ? "deferred" : "bounced",
      does: `${to}, which refuses all mail`,
    };
  const handsBack = service.program === "pipe" && command.some((word) => /(?:^|\/)sendmail$/.test(word));
  return handsBack ? undefined : { outcome: "unknown", does: `${to}, an external program` };
}

/** Why amavisd does not take what comes to its socket. */
export function unanswered(
  system: MailSystem,
  socket: InetSocket & AmavisSocket,
  client: string | undefined,
): (DeadEnd & { readonly because: readonly Location[] }) | undefined {
  const { listener } = socket;
  const broken = system.amavis?.problems.find(({ fatal }) => fatal);
  if (broken)
    return {
      outcome: "deferred",
      does: "amavisd does not start: connection refused",
      because: [broken],
    };
  const rival = collision(system);
  if (rival)
    return {
      outcome: "unknown",
      does: "Postfix and amavisd want the same socket: what answers depends on which starts first",
      because: [socket.location, rival.location],
    };
  if (client === undefined || admits(listener, client) !== false) return undefined;
  return {
    outcome: "deferred",
    does: `@inet_acl does not admit ${client}: the connection is closed`,
    because: listener.acl.origin ? [listener.acl.origin] : [],
  };
}

/** A socket of Postfix that amavisd wants too, whichever it is: one of the two programs does not start (g2, g3). */
function collision({ sockets }: MailSystem): InetSocket | undefined {
  const amavis = sockets.filter(({ program }) => program === "amavisd");
  return sockets.find(
    (other) => other.program === "postfix" && amavis.some((socket) => overlaps(socket, other)),
  );
}

/** Why what amavisd hands on arrives nowhere; undefined when it leads on. */
export function forwardDeadEnd({ target, method }: ForwardStep): DeadEnd | undefined {
  switch (target.kind) {
    case "postfix":
    case "amavis":
      return target.sockets.length > 0
        ? undefined
        : { outcome: "unknown", does: `hands it to ${method.text}` };
    case "missing":
      return {
        outcome: "deferred",
        does: `451 4.5.0 cannot connect to ${showEndpoint(target.endpoint.address, target.endpoint.port)}`,
      };
    case "malformed":
      return { outcome: "deferred", does: `451 4.5.0 ${method.text} cannot be used` };
    default:
      return { outcome: "unknown", does: `hands it to ${method.text}` };
  }
}
