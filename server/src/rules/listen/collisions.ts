/** Pairs of sockets that get in each other's way, and the edits that part them. */

import { isPublicEntry } from "../../system/entries.js";
import type { InetSocket, PostfixSocket } from "../../system/listeners.js";
import { showEndpoint } from "../../system/listeners.js";
import { deleteEntry } from "../edits.js";
import type { Fix } from "../finding.js";
import type { RuleContext } from "../rule.js";

export type ServiceSocket = InetSocket & PostfixSocket;

export interface SocketPair {
  /** Earlier in master.cf. */
  readonly first: ServiceSocket;
  readonly second: ServiceSocket;
}

/** Pairs of services that meet at one socket at least: one pair for two services, in the order of the file. */
export function postfixPairs(
  context: RuleContext,
  meet: (a: InetSocket, b: InetSocket) => boolean,
): SocketPair[] {
  if (context.system.masterOpen !== undefined && context.system.source.master?.template) return [];
  const byPort = new Map<number, ServiceSocket[]>();
  for (const socket of context.system.sockets) {
    if (socket.program !== "postfix") continue;
    const known = byPort.get(socket.port);
    if (known) known.push(socket);
    else byPort.set(socket.port, [socket]);
  }
  const pairs = new Map<string, SocketPair>();
  for (const sockets of byPort.values())
    for (const [index, second] of sockets.entries())
      for (const first of sockets.slice(0, index)) {
        if (first.service === second.service || !meet(first, second)) continue;
        const key = `${first.location.range.start}-${second.location.range.start}`;
        if (!pairs.has(key)) pairs.set(key, { first, second });
      }
  return [...pairs.values()];
}

export function showPair(socket: InetSocket): string {
  return showEndpoint(socket.address, socket.port);
}

/** Take one of the two away. The one that leads mail back into a filter goes first. */
export function collisionFixes(context: RuleContext, first: ServiceSocket, second: ServiceSocket): Fix[] {
  const careless = (socket: ServiceSocket) => context.flow.requestsOf(socket.service, socket.address).length;
  const order = careless(first) > careless(second) ? [first, second] : [second, first];
  return order
    .filter(
      (socket) =>
        careless(socket) >= careless(socket === first ? second : first) ||
        !isPublicEntry(context.system, socket.service),
    )
    .filter((socket) => keepsFilterApart(context, socket === first ? second : first))
    .map((socket) => ({
      title: `Remove the service ${socket.service.name} (${context.place(socket.location)})`,
      edits: [deleteEntry(context, socket.service)],
    }));
}

/** Whether the service that would stay can take mail back from a filter, if a filter hands it mail. */
function keepsFilterApart(context: RuleContext, stays: ServiceSocket): boolean {
  return (
    !context.flow.reinjections.has(stays.service) ||
    context.flow.requestsOf(stays.service, stays.address).length === 0
  );
}
