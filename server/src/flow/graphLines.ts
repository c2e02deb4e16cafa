/** What the boxes of the flow graph say about a service or a listener. */
import type { AmavisListener } from "../semantics/amavis/configuration.js";
import type { Environment } from "../semantics/postfix/parameters.js";
import type { Service } from "../semantics/postfix/services.js";
import { CHECKS, takesMail } from "../system/feeds.js";
import { showEndpoint } from "../system/listeners.js";
import type { MailSystem } from "../system/system.js";
import { checksContent, mapsAddresses, miltersOf, stageOf } from "./paths.js";

/** Where the service takes mail. */
export function serviceLines(system: MailSystem, service: Service): string[] {
  const set = system.listenSets.get(service);
  if (service.type !== "inet")
    return service.program === "pickup" ? ["sendmail command"] : [`${service.name} (${service.type})`];
  if (set?.port === undefined) return [service.name];
  const { port } = set;
  return set.addresses.map(({ address }) => showEndpoint(address, port));
}

export function showListener(listener: AmavisListener): string {
  if (listener.network === "unix") return listener.path;
  return listener.port === 0 ? listener.spec : showEndpoint(listener.address, listener.port);
}

/** What changes a recipient or a sender, by what people call it. */
const MAPPINGS: readonly (readonly [doing: string, parameters: readonly string[]])[] = [
  ["canonical addresses", ["canonical_maps", "sender_canonical_maps", "recipient_canonical_maps"]],
  ["masquerading", ["masquerade_domains"]],
  ["aliases", ["virtual_alias_maps"]],
  ["blind copies", ["always_bcc", "sender_bcc_maps", "recipient_bcc_maps"]],
];
/** More milters than this would make a box too wide. */
const MILTERS_SHOWN = 2;

/**
 * What is done to mail that comes in by the service: address mappings and blind copies, header and body checks,
 * milters; what receive_override_options switches off is left out. Nothing where that is not known.
 */
export function doings(system: MailSystem, service: Service): string[] {
  if (!takesMail(service)) return [];
  const stage = stageOf(system, service);
  const { cleanup } = stage;
  if (!cleanup) return [];
  const done: string[] = [];
  if (mapsAddresses(stage))
    done.push(...MAPPINGS.flatMap(([doing, parameters]) => (isSet(cleanup, parameters) ? [doing] : [])));
  if (checksContent(stage) && isSet(cleanup, CHECKS)) done.push("header or body checks");
  const milters = miltersOf(stage);
  const more = milters.length - MILTERS_SHOWN;
  return [
    ...(done.length > 0 ? [done.join(", ")] : []),
    ...milters.slice(0, MILTERS_SHOWN).map((milter) => `milter ${milter}`),
    ...(more > 0 ? [more === 1 ? "and one more milter" : `and ${more} more milters`] : []),
  ];
}

function isSet(environment: Environment, parameters: readonly string[]): boolean {
  return parameters.some((name) => {
    const { text, unknown } = environment.value(name);
    return text !== "" || unknown !== undefined;
  });
}
