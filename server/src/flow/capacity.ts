/**
 * How many connections each side of a filter opens and how many processes wait for them: the transport that feeds it,
 * amavisd, an smtpd with a proxy filter (REALITY 1.10; scenarios k2 to k7).
 */
import { splitTransport } from "../semantics/postfix/endpoints.js";
import type { Service } from "../semantics/postfix/services.js";
import { processLimit } from "../semantics/postfix/startup.js";
import type { MailSystem } from "../system/system.js";
import type { Feeder } from "./feeders.js";

/** How many processes a service may have; without a limit any number. Undefined when not known. */
export function mostProcesses(service: Service): number | undefined {
  const limit = processLimit(service);
  return limit === 0 ? Number.POSITIVE_INFINITY : limit;
}

/**
 * The connections that a transport can have to amavisd at one time: a process each, and for every nexthop no more
 * than qmgr's destination concurrency. Undefined when it is not known.
 */
export function feedConnections(system: MailSystem, { service, steps }: Feeder): number | undefined {
  const processes = mostProcesses(service);
  const each = transportLimit(system, service, "destination_concurrency_limit");
  const recipients = transportLimit(system, service, "destination_recipient_limit");
  if (processes === undefined || each === undefined || recipients === undefined) return undefined;
  // With one recipient a delivery, each recipient is a destination of its own to qmgr.
  if (recipients === 1) return processes;
  const nexthops = new Set(
    steps
      .filter(({ target }) => target.kind === "amavis")
      .map(({ request }) => splitTransport(request.text).nexthop),
  );
  return Math.min(processes, each * nexthops.size);
}

/** NAME_destination_..._limit or default_destination_..._limit as qmgr(8) reads them, from main.cf only; 0 is no limit. */
export function transportLimit(system: MailSystem, { name }: Service, suffix: string): number | undefined {
  const own = system.parameters.entry(`${name}_${suffix}`) !== undefined;
  return limitOf(system, own ? `${name}_${suffix}` : `default_${suffix}`);
}

function limitOf({ environment }: MailSystem, name: string): number | undefined {
  const { text, unknown } = environment.value(name);
  return unknown === undefined && /^\d+$/.test(text) ? Number(text) || Number.POSITIVE_INFINITY : undefined;
}
