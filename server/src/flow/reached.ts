/**
 * Which restrictions a client comes to: those of each list up to the one that lets it pass or ends the list
 * (SMTPD_ACCESS_README; generic_checks() of smtpd_check.c).
 */
import type { Location } from "../semantics/located.js";
import {
  MAX_CLASS_DEPTH,
  type Restriction,
  type RestrictionList,
  restrictionList,
} from "../semantics/postfix/lists/restrictions.js";
import type { Environment } from "../semantics/postfix/parameters.js";
import { trusts } from "../system/feeds.js";
import { GATES, isOwnAddress } from "./admission.js";

export interface Reached {
  readonly restriction: Restriction;
  /** The parameter in which smtpd meets it, also when it stands in a class. */
  readonly gate: string;
  readonly at: Location | undefined;
}

/** What is asked of a client at an address, or of a stranger; what may have been passed already is left out. */
export function restrictionsReached(
  environment: Environment,
  client: string | undefined,
): readonly Reached[] {
  const reached: Reached[] = [];
  for (const gate of GATES) walk(restrictionList(environment, gate), gate, 0);
  return reached;

  /** @returns true when nothing behind the list is asked any more. */
  function walk(list: RestrictionList, gate: string, depth: number): boolean {
    if (depth > MAX_CLASS_DEPTH) return true;
    for (const restriction of list.items) {
      const { name, kind, item, warnOnly, facts, ignoredAfter } = restriction;
      if (ignoredAfter !== undefined) return true;
      if (kind === "opaque") return true;
      if (kind === "class") {
        if (walk(restrictionList(environment, name, gate), gate, depth + 1)) return true;
        continue;
      }
      if (client !== undefined && mayPass(name, environment, client)) return true;
      reached.push({ restriction, gate, at: list.locate(item.start, restriction.argument?.end ?? item.end) });
      if (facts?.terminates && !warnOnly) return true;
    }
    return false;
  }
}

function mayPass(name: string, environment: Environment, client: string): boolean {
  if (name === "permit_mynetworks") return trusts(environment, client) !== false;
  return name === "permit_inet_interfaces" && isOwnAddress(environment, client) !== false;
}
