/**
 * Which ways into Postfix pass a filter and which do not: port 25, submission, the sendmail command. Who attaches a
 * filter request is the service that takes the mail (POSTFIX 4.1): behind postscreen(8) that is the smtpd of type
 * pass, and for local mail pickup(8).
 */

import { isLoopback } from "../semantics/postfix/address.js";
import type { Service } from "../semantics/postfix/services.js";
import { Memo } from "../syntax/memo.js";
import { behindPostscreen } from "../system/entries.js";
import { FILTER_PARAMETERS } from "../system/feeds.js";
import type { MailSystem } from "../system/system.js";
import type { FilterStep, Flow } from "./flow.js";

export interface Entry {
  readonly way: "internet" | "submission" | "local";
  /** The service whose parameters decide. */
  readonly service: Service;
  /** The postscreen that owns the port, where there is one. */
  readonly postscreen: Service | undefined;
  /** What it asks of every mail; FILTER actions, which not every mail meets, are in `sometimes`. */
  readonly filters: readonly FilterStep[];
  readonly sometimes: boolean;
  /** True where an option of the service itself says that it has no filter: somebody has thought of it. */
  readonly exempted: boolean;
}

const known = new Memo<Flow, readonly Entry[]>();

/** The entries of mail whose parameters are known, in the order of master.cf. */
export function mailEntries(system: MailSystem, flow: Flow): readonly Entry[] {
  let entries = known.get(flow);
  if (!entries) {
    entries = system.services.flatMap((service) => entryOf(system, flow, service));
    known.set(flow, entries);
  }
  return entries;
}

function entryOf(system: MailSystem, flow: Flow, listener: Service): Entry[] {
  if (listener.overriddenBy || listener.uncertain) return [];
  const way = wayOf(system, flow, listener);
  if (!way) return [];
  const postscreen = listener.program === "postscreen" ? listener : undefined;
  const service = postscreen ? behindPostscreen(system, postscreen).service : listener;
  if (!service || service.uncertain) return [];
  const steps = flow.requestsOf(service, "any");
  return [
    {
      way,
      service,
      postscreen,
      filters: steps.filter(({ request }) => request.kind === "content_filter" || request.kind === "proxy"),
      sometimes: steps.some(({ request }) => request.kind === "access" || request.kind === "checks"),
      exempted: FILTER_PARAMETERS.some((name) => service.environment.definition(name)?.source === "option"),
    },
  ];
}

function wayOf(system: MailSystem, flow: Flow, service: Service): Entry["way"] | undefined {
  if (service.program === "pickup") return "local";
  if (service.type !== "inet" || (service.program !== "smtpd" && service.program !== "postscreen"))
    return undefined;
  const set = system.listenSets.get(service);
  if (flow.reinjections.has(service) || set?.addresses.every(({ address }) => isLoopback(address)))
    return undefined;
  if (set?.port === 25) return "internet";
  return set?.port === 587 || set?.port === 465 ? "submission" : undefined;
}

/**
 * The smtpd behind a postscreen that has a filter in its options, when that smtpd has none: postscreen does not look
 * at it, and mail passes by the filter (run with 3.7.11). Undefined when the filter is not lost.
 */
export function losesFilter(system: MailSystem, postscreen: Service, parameter: string): Service | undefined {
  if (!FILTER_PARAMETERS.includes(parameter)) return undefined;
  const { service } = behindPostscreen(system, postscreen);
  const written = postscreen.environment.value(parameter);
  if (!service || service.uncertain || written.text === "" || written.unknown !== undefined) return undefined;
  const there = service.environment.value(parameter);
  return there.text === "" && there.unknown === undefined ? service : undefined;
}
