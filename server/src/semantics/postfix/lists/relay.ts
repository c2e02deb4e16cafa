/**
 * Who may relay: what the restriction lists of a service say to a client from outside that asks for a recipient
 * elsewhere (smtpd_check.c; scenarios j1 to j9). Tables and policy services may say anything, so they are passed
 * over: only what is certain counts.
 */
import { Memo } from "../../../syntax/memo.js";
import type { Location } from "../../located.js";
import type { Environment } from "../parameters.js";
import { type AddressPattern, openness, readAddressPattern } from "./addresses.js";
import { type ListValue, listValue } from "./items.js";
import { MAX_CLASS_DEPTH, type Restriction, type RestrictionList, restrictionList } from "./restrictions.js";

/** Everything that has to let a recipient pass, in the order in which it is asked. */
const GATES = [
  "smtpd_client_restrictions",
  "smtpd_helo_restrictions",
  "smtpd_sender_restrictions",
  "smtpd_relay_restrictions",
  "smtpd_recipient_restrictions",
] as const;

export interface RelayDoor {
  /** The network in mynetworks that lets the world in; undefined when nobody is asked where he comes from. */
  readonly network: { readonly pattern: AddressPattern; readonly at: Location | undefined } | undefined;
  readonly openness: "world" | "wide";
  /** A permit in the relay or recipient restrictions, or in a class of theirs. */
  readonly permit: Location | undefined;
  /** The restriction that took a relay guard for its argument. */
  readonly swallowed: { readonly restriction: Restriction; readonly at: Location | undefined } | undefined;
}

type Outcome = "permits" | "rejects" | "goes-on" | "unknown";

/** How a stranger relays through a service; undefined when something stops him or it cannot be known. */
export function relayDoor(environment: Environment): RelayDoor | undefined {
  const trusted = widestNetwork(environment);
  const walk: Walk = {
    environment,
    trusted: trusted !== undefined,
    usedNetworks: false,
    permit: undefined,
    swallowed: undefined,
  };
  for (const gate of GATES) {
    const outcome = pass(walk, restrictionList(environment, gate), gate, 0);
    if (outcome === "rejects" || outcome === "unknown") return undefined;
  }
  if (walk.usedNetworks && trusted)
    return { network: trusted, openness: trusted.openness, swallowed: walk.swallowed, permit: walk.permit };
  return { network: undefined, openness: "world", swallowed: walk.swallowed, permit: walk.permit };
}

interface Walk {
  readonly environment: Environment;
  readonly trusted: boolean;
  usedNetworks: boolean;
  permit: Location | undefined;
  swallowed: RelayDoor["swallowed"];
}

function pass(walk: Walk, list: RestrictionList, gate: string, depth: number): Outcome {
  if (list.uncertain || depth > MAX_CLASS_DEPTH) return "unknown";
  for (const restriction of list.items) {
    const outcome = passOne(walk, restriction, list, gate, depth);
    if (outcome !== "goes-on") return outcome;
  }
  return "goes-on";
}

function passOne(
  walk: Walk,
  restriction: Restriction,
  list: RestrictionList,
  gate: string,
  depth: number,
): Outcome {
  const { kind, name, facts, fault, argument, warnOnly } = restriction;
  if (kind === "class") return pass(walk, restrictionList(walk.environment, name, gate), gate, depth + 1);
  if (fault === "argument-is-restriction" && argument) {
    walk.swallowed ??= { restriction, at: list.locate(restriction.item.start, argument.end) };
    return "goes-on";
  }
  if (fault !== undefined && fault !== "argument-ignored") return "rejects";
  if (name === "permit") {
    if (DECIDING.has(gate)) walk.permit = list.locate(restriction.item.start, restriction.item.end);
    return "permits";
  }
  if (name === "permit_mynetworks") {
    if (!walk.trusted) return "goes-on";
    walk.usedNetworks = true;
    return "permits";
  }
  if (facts?.kind === "removed") return "rejects";
  // The words that stop a stranger for certain; the others ask who he is or what he says.
  const stops = facts?.terminates || STOPS_RELAY.has(name);
  return stops && !warnOnly ? "rejects" : "goes-on";
}

const DECIDING: ReadonlySet<string> = new Set(["smtpd_relay_restrictions", "smtpd_recipient_restrictions"]);
const STOPS_RELAY: ReadonlySet<string> = new Set([
  "reject_unauth_destination",
  "defer_unauth_destination",
  "defer_if_permit",
]);

function widestNetwork(environment: Environment) {
  const list = listValue(environment, "mynetworks");
  const known = widest.get(list);
  if (known) return known.network;
  const network = findWidest(list);
  widest.set(list, { network });
  return network;
}

interface WideNetwork {
  readonly pattern: AddressPattern;
  readonly at: Location | undefined;
  readonly openness: "world" | "wide";
}
const widest = new Memo<ListValue, { readonly network: WideNetwork | undefined }>();

function findWidest(list: ListValue): WideNetwork | undefined {
  let wide: WideNetwork | undefined;
  for (const item of list.items) {
    const pattern = readAddressPattern(item);
    // Behind a table or a file that may say no, and behind a negation, less is certain: such a list is thought out.
    if (pattern.negated && openness(pattern.network) === "world") return wide;
    const degree = openness(pattern.network);
    if (degree === "site") continue;
    if (!wide || (wide.openness === "wide" && degree === "world"))
      wide = { pattern, at: list.locate(pattern.start, item.end), openness: degree };
  }
  return wide;
}
