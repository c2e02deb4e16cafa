/**
 * What cleanup(8) does to the recipients of a message that comes in: virtual aliases and blind copies
 * (ADDRESS_REWRITING_README; scenarios i1 to i5). Both are left out with no_address_mappings.
 */
import type { Location } from "../semantics/located.js";
import type { Environment } from "../semantics/postfix/parameters.js";
import type { TableLookup } from "../system/lookup.js";
import { type Address, matchesDomain, readAddress } from "./route.js";

export interface Mapped {
  /** Recipients with the number of copies that each gets. */
  readonly recipients: ReadonlyMap<string, number>;
  readonly does: readonly string[];
  readonly because: readonly Location[];
  readonly assumptions: readonly string[];
}

/** virtual_alias_recursion_limit is larger; a chain longer than this is a circle. */
const MAX_ALIASES = 20;

export function mapRecipients(
  environment: Environment,
  lookup: TableLookup,
  recipients: ReadonlyMap<string, number>,
  sender: Address,
): Mapped {
  const result = new Map<string, number>();
  const does: string[] = [];
  const because: Location[] = [];
  const assumptions: string[] = [];
  // cleanup(8) drops a recipient that it has already, but only where the original recipient is the same too, unless
  // enable_original_recipient is off: an alias that names itself and another doubles the other (t31).
  const apart = !/^no$/i.test(environment.value("enable_original_recipient").text);
  for (const [recipient, copies] of recipients)
    for (const target of new Set(expand(environment, lookup, recipient, { does, because, assumptions }, 0))) {
      const before = result.get(target) ?? 0;
      result.set(target, apart ? before + copies : Math.max(before, copies));
    }
  const copy = (address: string, from: readonly Location[]) => {
    if (address === "") return;
    result.set(address, (result.get(address) ?? 0) + 1);
    does.push(`sends a blind copy to ${address}`);
    because.push(...from);
  };
  const origin = environment.definition("always_bcc")?.origin;
  copy(environment.value("always_bcc").text, origin ? [origin] : []);
  const bySender = lookup.maps(environment, "sender_bcc_maps", keys(sender));
  if (bySender.kind === "found") copy(bySender.value, bySender.location ? [bySender.location] : []);
  for (const recipient of recipients.keys()) {
    const answer = lookup.maps(environment, "recipient_bcc_maps", keys(readAddress(recipient)));
    if (answer.kind === "found") copy(answer.value, answer.location ? [answer.location] : []);
    if (answer.kind === "unknown") assumptions.push(`recipient_bcc_maps says nothing about ${recipient}`);
  }
  return { recipients: result, does, because, assumptions: [...new Set(assumptions)] };
}

interface Notes {
  readonly does: string[];
  readonly because: Location[];
  readonly assumptions: string[];
}

function expand(
  environment: Environment,
  lookup: TableLookup,
  recipient: string,
  notes: Notes,
  depth: number,
): string[] {
  const address = readAddress(recipient);
  const here =
    matchesDomain(environment, lookup, "mydestination", address.domain, false) === true ||
    address.domain === environment.value("myorigin").text.toLowerCase();
  const answer = lookup.maps(environment, "virtual_alias_maps", [
    `${address.local}@${address.domain}`,
    ...(here ? [address.local] : []),
    `@${address.domain}`,
  ]);
  if (answer.kind === "unknown") notes.assumptions.push(`virtual_alias_maps leaves ${recipient} alone`);
  if (answer.kind !== "found" || depth >= MAX_ALIASES) return [recipient];
  const targets = answer.value.split(/[\s,]+/).filter(Boolean);
  if (targets.length === 1 && targets[0]?.toLowerCase() === recipient.toLowerCase()) return [recipient];
  notes.does.push(`${recipient} becomes ${targets.join(", ")}`);
  if (answer.location) notes.because.push(answer.location);
  const origin = environment.value("myorigin").text;
  return targets.flatMap((target) => {
    const full = target.startsWith("@")
      ? `${address.local}${target}`
      : target.includes("@")
        ? target
        : `${target}@${origin}`;
    return full.toLowerCase() === recipient.toLowerCase()
      ? [full]
      : expand(environment, lookup, full, notes, depth + 1);
  });
}

function keys({ local, domain }: Address): string[] {
  if (local === "" && domain === "") return ["<>"];
  return [`${local}@${domain}`, local, `@${domain}`];
}
