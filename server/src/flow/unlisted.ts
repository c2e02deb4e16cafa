/**
 * Recipients that smtpd(8) refuses because nobody has the address, or because all mail for it goes to error(8)
 * (smtpd_reject_unlisted_recipient, LOCAL_RECIPIENT_README; scenario t17).
 */
import type { Location } from "../semantics/located.js";
import type { Environment } from "../semantics/postfix/parameters.js";
import { overrideOptions } from "../system/feeds.js";
import type { TableLookup } from "../system/lookup.js";
import type { MailSystem } from "../system/system.js";
import { type Address, readAddress, route } from "./route.js";

export interface UnlistedRecipient {
  readonly outcome: "rejected";
  readonly text: string;
  readonly because: readonly Location[];
}

/** Which tables list the recipients of an address class, and what smtpd says when they do not. */
const LISTS = {
  local: ["local_recipient_maps", "local recipient table"],
  "virtual-alias": ["virtual_alias_maps", "virtual alias table"],
  "virtual-mailbox": ["virtual_mailbox_maps", "virtual mailbox table"],
  relay: ["relay_recipient_maps", "relay recipient table"],
} as const;

/** @param environment that of the smtpd. Undefined when it takes the recipient, or when tables are not at hand. */
export function unlistedRecipient(
  system: MailSystem,
  environment: Environment,
  lookup: TableLookup,
  recipient: Address,
  sender: string,
): UnlistedRecipient | undefined {
  if (/^no$/i.test(environment.value("smtpd_reject_unlisted_recipient").text)) return undefined;
  if (overrideOptions(environment).has("no_unknown_recipient_checks")) return undefined;
  const address = `${recipient.local}@${recipient.domain}`;
  const keys = [address, recipient.local, `@${recipient.domain}`];
  const alias = lookup.maps(environment, "virtual_alias_maps", keys);
  // What an alias names is looked at when it is delivered.
  if (alias.kind !== "none") return undefined;
  const found = route(system.environment, lookup, recipient, readAddress(sender));
  if ("kind" in found) return undefined;
  if (found.transport === "error" && found.class !== "virtual-alias")
    return { outcome: "rejected", text: `550 ${found.nexthop}`, because: found.because };
  if (found.class === "default") return undefined;
  const [list, shown] = LISTS[found.class];
  const value = environment.value(list);
  if (value.unknown !== undefined || (value.text === "" && found.class !== "virtual-alias")) return undefined;
  if (found.class !== "virtual-alias" && lookup.maps(environment, list, keys).kind !== "none")
    return undefined;
  const origin = value.definition?.origin;
  return {
    outcome: "rejected",
    text: `550 5.1.1 <${address}>: User unknown in ${shown}`,
    because: origin ? [origin] : found.because,
  };
}
