/** Every nexthop of smtp(8) and lmtp(8) that the configuration names, with the client that will read it. */

import type { FilterStep, Flow } from "../../flow/flow.js";
import type { Location } from "../../semantics/located.js";
import {
  type Destination,
  readNexthop,
  readsAsTransport,
  splitTransport,
} from "../../semantics/postfix/endpoints.js";
import type { Service } from "../../semantics/postfix/services.js";
import { locateInSetting, type Setting } from "../../semantics/postfix/settings.js";
import { Memo } from "../../syntax/memo.js";
import { hasPlaceholder } from "../../syntax/postfix/words.js";
import type { MailSystem } from "../../system/system.js";
import { requestPart, showRequest } from "../flow/places.js";
import type { RuleContext } from "../rule.js";

export interface NexthopUse {
  /** "relayhost = ..." or "FILTER ... in smtpd_sender_restrictions", for messages. */
  readonly shown: string;
  /** The parameter that names it. */
  readonly parameter: string;
  /** The filter request that it belongs to; undefined for any other nexthop. */
  readonly step: FilterStep | undefined;
  readonly protocol: "smtp" | "lmtp";
  /** The service of master.cf that connects; undefined where it cannot be known. */
  readonly client: Service | undefined;
  /** A transport may stand before it in this parameter. */
  readonly afterTransport: boolean;
  readonly text: string;
  readonly destinations: readonly Destination[];
  /** The place of a stretch of `text`. */
  at(start: number, end: number): Location;
}

/** Transports for delivery: transport:nexthop. content_filter comes with the filter requests. */
export const TRANSPORTS: ReadonlySet<string> = new Set([
  "default_transport",
  "relay_transport",
  "local_transport",
  "virtual_transport",
  "mailbox_transport",
  "fallback_transport",
  "best_mx_transport",
  "address_verify_default_transport",
  "address_verify_relay_transport",
  "address_verify_local_transport",
  "address_verify_virtual_transport",
]);
/** A lone nexthop; lmtp_fallback_relay takes no prefix either ("unknown service: x/tcp"). */
const PLAIN: ReadonlySet<string> = new Set([
  "relayhost",
  "address_verify_relayhost",
  "smtp_fallback_relay",
  "lmtp_fallback_relay",
]);

/** No nexthop has these: some other program fills in the value, whatever its notation. */
const FILLED_IN = /[{}<>]/;

const known = new Memo<Flow, readonly NexthopUse[]>();

/** The nexthops of a system, worked out once for all rules about them. */
export function nexthopUses(context: RuleContext): readonly NexthopUse[] {
  let uses = known.get(context.flow);
  if (!uses) {
    uses = [...requestUses(context), ...settingUses(context.system)];
    known.set(context.flow, uses);
  }
  return uses;
}

function requestUses({ flow, system }: RuleContext): NexthopUse[] {
  return flow.requests.flatMap((step): NexthopUse[] => {
    const { request } = step;
    if (request.kind === "proxy" || request.unknown !== undefined || hasPlaceholder(request.text)) return [];
    return transportUse(system, request.text, {
      shown: showRequest(step),
      parameter: request.parameter,
      step,
      at: (start, end) => requestPart(step, { start, end }) ?? step.service.nameLocation,
    });
  });
}

function settingUses(system: MailSystem): NexthopUse[] {
  return system.settings.flatMap((setting): NexthopUse[] => {
    const { name } = setting;
    if (!TRANSPORTS.has(name) && !PLAIN.has(name)) return [];
    const { text, unknown } = setting.value;
    if (text === "" || unknown !== undefined || hasPlaceholder(text)) return [];
    const origin = {
      shown: `${name} = ${text}`,
      parameter: name,
      step: undefined,
      at: (start: number, end: number) => locateInSetting(setting, start, end),
    };
    return TRANSPORTS.has(name)
      ? transportUse(system, text, origin)
      : plainUse(system, setting, text, origin);
  });
}

type Origin = Pick<NexthopUse, "shown" | "parameter" | "step" | "at">;

function transportUse(system: MailSystem, text: string, origin: Origin): NexthopUse[] {
  const { transport, nexthop, nexthopRange } = splitTransport(text);
  if (FILLED_IN.test(nexthop)) return [];
  const client = system.transports.get(transport);
  if (nexthop === "" || !client || client.uncertain) return [];
  const protocol = client.program;
  if (protocol !== "smtp" && protocol !== "lmtp") return [];
  const { start: offset } = nexthopRange;
  return [
    {
      ...origin,
      protocol,
      client,
      afterTransport: true,
      text: nexthop,
      destinations: readNexthop(nexthop, protocol),
      at: (start, end) => origin.at(start + offset, end + offset),
    },
  ];
}

function plainUse(
  system: MailSystem,
  { name, service }: Setting,
  text: string,
  origin: Origin,
): NexthopUse[] {
  const client = service ?? system.transports.get(name === "lmtp_fallback_relay" ? "lmtp" : "smtp");
  if (FILLED_IN.test(text)) return [];
  // An option on a program that never looks at it is another rule's business.
  if (service && service.program !== name.split("_")[0]) return [];
  return [
    {
      ...origin,
      protocol: "smtp",
      client: client?.uncertain ? undefined : client,
      afterTransport: false,
      text,
      destinations: readNexthop(text, "smtp"),
    },
  ];
}

/** Whether the whole nexthop is a mistake of its own kind: main-relayhost-transport-form. */
export function hasTransportForm(use: NexthopUse, destination: Destination): boolean {
  return (
    !use.afterTransport && readsAsTransport(use.text.slice(destination.range.start, destination.range.end))
  );
}

export { isHostsFileName, looksUpNatively } from "../../flow/nameLookup.js";
