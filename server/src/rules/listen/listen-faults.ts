/** What the rules about endpoints of inet services share: walking them, and naming what to write instead. */

import type { Location } from "../../semantics/located.js";
import type { ListenFault, ListenSet } from "../../semantics/postfix/listen.js";
import type { Service } from "../../semantics/postfix/services.js";
import type { RuleContext } from "../rule.js";

export interface EndpointFault {
  readonly service: Service;
  readonly set: ListenSet;
  readonly reason: string;
  /** The stretch of the service name that is wrong. */
  readonly at: Location;
  /** That stretch as text. */
  readonly text: string;
}

/** The inet services whose endpoint has one kind of fault. */
export function endpointFaults(context: RuleContext, kind: ListenFault): EndpointFault[] {
  const faults: EndpointFault[] = [];
  for (const [service, set] of context.system.listenSets) {
    if (set.fault?.kind !== kind) continue;
    const { file, range } = service.nameLocation;
    const at = {
      file,
      range: { start: range.start + set.fault.range.start, end: range.start + set.fault.range.end },
    };
    faults.push({
      service,
      set,
      reason: set.fault.reason,
      at,
      text: service.name.slice(set.fault.range.start, set.fault.range.end),
    });
  }
  return faults;
}

/** Ports at which a filter wants to hand mail back and nobody listens: what a faulty endpoint was probably meant to be. */
export function wantedPorts(context: RuleContext): number[] {
  const ports = new Set<number>();
  for (const listener of context.system.amavis?.listeners ?? []) {
    const methods = listener.forward.value;
    if ("kind" in methods) continue;
    for (const { port } of methods) {
      const number = port === "*" ? listener.port + 1 : port;
      if (number !== undefined && !context.system.sockets.some((socket) => socket.port === number))
        ports.add(number);
    }
  }
  return [...ports];
}
