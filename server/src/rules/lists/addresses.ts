/** The items of address lists that are set, for the rules about what is wrong with them. */

import type { ParameterClass } from "../../knowledge/parameters.js";
import type { Location } from "../../semantics/located.js";
import { type AddressPattern, readAddressPattern } from "../../semantics/postfix/lists/addresses.js";
import { listValue } from "../../semantics/postfix/lists/items.js";
import { Memo } from "../../syntax/memo.js";
import { hasPlaceholder } from "../../syntax/postfix/words.js";
import type { MailSystem } from "../../system/system.js";
import { settingsOf } from "./settings.js";

const ADDRESS_LISTS: ReadonlySet<ParameterClass> = new Set<ParameterClass>(["address-list"]);
/** Lists of plain addresses, which know no networks and no brackets. */
const OTHER_GRAMMAR: ReadonlySet<string> = new Set(["inet_interfaces", "proxy_interfaces"]);

export interface FoundAddress {
  readonly pattern: AddressPattern;
  readonly parameter: string;
  readonly at: Location;
}

export function faultyAddresses(system: MailSystem): readonly FoundAddress[] {
  let found = cache.get(system);
  if (!found) {
    found = settingsOf(system, ADDRESS_LISTS).flatMap(({ name, environment }) => {
      if (OTHER_GRAMMAR.has(name)) return [];
      const list = listValue(environment, name);
      return list.items.flatMap((item) => {
        const pattern = readAddressPattern(item);
        const at = pattern.fault && list.locate(pattern.start, item.end);
        return at && !hasPlaceholder(item.text) ? [{ pattern, parameter: name, at }] : [];
      });
    });
    cache.set(system, found);
  }
  return found;
}
const cache = new Memo<MailSystem, readonly FoundAddress[]>();

/** Lists that smtpd asks before it answers EHLO: it hangs up when one fails (observed: 421 4.3.0). */
const ASKED_AT_EHLO: ReadonlySet<string> = new Set([
  "smtpd_authorized_xclient_hosts",
  "smtpd_authorized_xforward_hosts",
  "smtpd_authorized_verp_clients",
]);

/** The other lists only fail to make an exception (observed for limits, debugging, MX backup): mail passes. */
export function failureSeverity({ parameter }: FoundAddress): "error" | "warning" {
  return parameter === "mynetworks" || ASKED_AT_EHLO.has(parameter) ? "error" : "warning";
}

/** What an item that smtpd cannot use does to its list. */
export function listFails({ pattern, parameter }: FoundAddress, who = clientOf(pattern)): string {
  if (ASKED_AT_EHLO.has(parameter))
    return `smtpd answers EHLO of each ${who} that no earlier item names with "421 4.3.0 Server local data error"`;
  if (parameter === "mynetworks")
    return `each ${who} that no earlier item names gets "451 4.3.0 Temporary lookup failure"`;
  return `the list fails for each ${who} that no earlier item names`;
}

/** An item is only compared with clients of its own family. */
function clientOf({ text }: AddressPattern): string {
  return text.includes(":") ? "IPv6 client" : "IPv4 client";
}
