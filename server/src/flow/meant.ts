/** What a request for a filter was meant for, where nothing that is known answers it. */
import { splitTransport } from "../semantics/postfix/endpoints.js";
import type { MailSystem } from "../system/system.js";
import type { FilterStep, Flow } from "./flow.js";

/** What is meant to be amavisd, by the transport's name. */
export function namesAmavis({ request }: FilterStep): boolean {
  return /amavis/i.test(request.text);
}

/**
 * Whether a request was meant for the amavisd whose configuration is here: by its name, by a transport that leads
 * to amavisd elsewhere, or because one of amavisd's listeners has no feeder. Another one is some filter of its own
 * (scenario c1-series-dumb).
 */
export function meantForAmavis(system: MailSystem, flow: Flow, step: FilterStep): boolean {
  return namesAmavis(step) || sharesTransport(flow, step) || hasUnfedListener(system, flow);
}

function sharesTransport(flow: Flow, step: FilterStep): boolean {
  if (step.request.kind === "proxy") return true;
  const { transport } = splitTransport(step.request.text);
  return flow.requests.some(
    ({ request, target }) =>
      target.kind === "amavis" &&
      request.kind !== "proxy" &&
      splitTransport(request.text).transport === transport,
  );
}

function hasUnfedListener(system: MailSystem, flow: Flow): boolean {
  return (system.amavis?.listeners ?? []).some(
    (listener) =>
      listener.network === "inet" && !flow.fed.has(listener) && !speaksPolicy(listener.protocol.value),
  );
}

function speaksPolicy(protocol: unknown): boolean {
  return protocol === "AM.PDP" || protocol === "AM.CL";
}
