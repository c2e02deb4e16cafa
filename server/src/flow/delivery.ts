/** Where the queue manager sends each recipient of a message for which no filter is left. */
import type { TableLookup } from "../system/lookup.js";
import type { MailSystem } from "../system/system.js";
import type { Journey } from "./journey.js";
import type { Delivery, Outcome, Trace } from "./message.js";
import { doubtAboutName } from "./nameLookup.js";
import { type Address, readAddress, route } from "./route.js";

/** @param transport the transport that a filter request without next hop names. */
export function deliver(
  system: MailSystem,
  lookup: TableLookup,
  sender: Address,
  journey: Journey,
  transport?: string,
): Trace {
  const { environment } = system;
  const deliveries: Delivery[] = [];
  let outcome: Outcome = "delivered";
  for (const [recipient, copies] of journey.recipients) {
    const found = route(environment, lookup, readAddress(recipient), sender);
    if ("kind" in found) return journey.end("unknown", "queue manager", found.reason, []);
    const name = transport ?? found.transport;
    const service = system.transports.get(name);
    const at = `queue manager, ${recipient}`;
    if (!service && system.masterOpen === undefined)
      return journey.end("deferred", at, `mail transport unavailable: no service ${name}`, found.because);
    const doubt = service && doubtAboutName(system, service, found.nexthop);
    if (doubt) return journey.end("unknown", at, doubt, found.because);
    journey.tell(at, `delivers by ${name} to ${found.nexthop}`, found.because);
    const program = service?.program ?? name;
    if (program === "error") outcome = service?.name === "retry" ? "deferred" : "bounced";
    else if (program === "discard") outcome = "discarded";
    else deliveries.push({ recipient, transport: name, nexthop: found.nexthop, copies });
  }
  return journey.result(deliveries.length > 0 ? "delivered" : outcome, deliveries);
}
