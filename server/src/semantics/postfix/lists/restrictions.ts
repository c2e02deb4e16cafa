/**
 * Restriction lists of smtpd as a structure: items with their arguments, classes resolved, what is never looked
 * at, whether the list holds a relay guard (generic_checks() and has_required() of smtpd_check.c; scenarios j3, j4,
 * j8; all messages observed with smtpd 3.7.11).
 */

import { type RestrictionFacts, restrictionFacts } from "../../../knowledge/restrictions.js";
import { Memo } from "../../../syntax/memo.js";
import type { Location } from "../../located.js";
import type { Environment } from "../parameters.js";
import { insideBraces, type ListItem, type ListValue, listItems, listValue } from "./items.js";

export type RestrictionFault =
  /** No restriction, no class: 451 for everybody who comes to it. */
  | "unknown"
  /** type:name in a list that has no default check_*_access. */
  | "bare-map"
  /** Nothing stands behind it, or no type:name: 451. */
  | "argument-missing"
  /** A DNS list without a domain at the end of the list: passed over. */
  | "argument-ignored"
  /** What it takes for its argument is a restriction, which is therefore never run. */
  | "argument-is-restriction"
  /** check_policy_service with what is no endpoint: smtpd does not start. */
  | "bad-endpoint";

export interface Restriction {
  readonly item: ListItem;
  readonly kind: "restriction" | "class" | "map" | "unknown" | "opaque";
  /** Lower case for restrictions, as written for classes. */
  readonly name: string;
  readonly facts: RestrictionFacts | undefined;
  readonly argument: ListItem | undefined;
  readonly fault: RestrictionFault | undefined;
  /** True behind warn_if_reject: it never rejects. */
  readonly warnOnly: boolean;
  /** The permit, reject or defer before it, because of which it is never looked at. */
  readonly ignoredAfter: string | undefined;
}

export interface RestrictionList {
  /** smtpd_relay_restrictions, or a class. */
  readonly name: string;
  readonly items: readonly Restriction[];
  readonly uncertain: boolean;
  locate(start: number, end: number): Location | undefined;
}

/** Words one of which smtpd wants to see among the relay and recipient restrictions (has_required). */
export const RELAY_GUARDS: ReadonlySet<string> = new Set([
  "reject_unauth_destination",
  "defer_unauth_destination",
  "reject",
  "defer",
  "defer_if_permit",
  "check_relay_domains",
]);
/** Lists in which a table without check_*_access before it has no meaning. */
const WITHOUT_BARE_MAP: ReadonlySet<string> = new Set([
  "smtpd_data_restrictions",
  "smtpd_end_of_data_restrictions",
]);

/** @param within the list that uses the class, when `name` is one: it decides what a bare table means. */
export function restrictionList(environment: Environment, name: string, within = name): RestrictionList {
  const value = listValue(environment, name);
  const bareMap = !WITHOUT_BARE_MAP.has(within);
  const classes = environment.value("smtpd_restriction_classes").text;
  const known = read.get(value)?.find((list) => list.bareMap === bareMap && list.classes === classes);
  if (known) return known;
  const list = {
    name,
    items: readRestrictions(value.items, restrictionClasses(environment), bareMap),
    uncertain: value.uncertain,
    locate: value.locate,
    bareMap,
    classes,
  };
  read.set(value, [...(read.get(value) ?? []), list]);
  return list;
}

/** Services share the lists that none of their options changes; what a word means depends on the classes too. */
const read = new Memo<
  ListValue,
  readonly (RestrictionList & { readonly bareMap: boolean; readonly classes: string })[]
>();

export function restrictionClasses(environment: Environment): ReadonlySet<string> {
  const { text } = environment.value("smtpd_restriction_classes");
  return text === "" ? NONE : new Set(listItems(text).map((item) => item.text));
}
const NONE: ReadonlySet<string> = new Set();

export function readRestrictions(
  items: readonly ListItem[],
  classes: ReadonlySet<string>,
  bareMap: boolean,
): Restriction[] {
  const found: Restriction[] = [];
  let warnOnly = false;
  let ignoredAfter: string | undefined;
  for (let index = 0; index < items.length; index++) {
    const item = items[index];
    if (!item) break;
    const read = readOne(item, items[index + 1], classes, bareMap);
    if (read.argument) index++;
    found.push({ item, ...read, warnOnly, ignoredAfter });
    const modifier = read.name === "warn_if_reject";
    // warn_if_reject takes the end from reject and defer, but not from permit.
    if (read.facts?.terminates && (!warnOnly || read.name === "permit")) ignoredAfter ??= item.text;
    warnOnly = modifier;
  }
  return found;
}

type Read = Pick<Restriction, "kind" | "name" | "facts" | "argument" | "fault">;

function readOne(
  item: ListItem,
  next: ListItem | undefined,
  classes: ReadonlySet<string>,
  bareMap: boolean,
): Read {
  const base = { name: item.text, facts: undefined, argument: undefined, fault: undefined };
  if (item.opaque) return { ...base, kind: "opaque" };
  if (item.text.includes(":")) return { ...base, kind: "map", fault: bareMap ? undefined : "bare-map" };
  const facts = restrictionFacts(item.text);
  if (!facts)
    return classes.has(item.text)
      ? { ...base, kind: "class" }
      : { ...base, kind: "unknown", fault: "unknown" };
  const known: Read = { ...base, kind: "restriction", name: item.text.toLowerCase(), facts };
  if (facts.argument === undefined || next?.opaque)
    return facts.argument === undefined ? known : { ...known, argument: next };
  const isRestriction = next !== undefined && (restrictionFacts(next.text) || classes.has(next.text));
  if (facts.argument.startsWith("dns-domain")) {
    if (!next) return { ...known, fault: "argument-ignored" };
    return { ...known, argument: next, fault: isRestriction ? "argument-is-restriction" : undefined };
  }
  if (next && isArgument(facts.argument, next.text)) {
    const bad = facts.argument === "policy-endpoint" && !isEndpoint(next.text);
    return { ...known, argument: next, fault: bad ? "bad-endpoint" : undefined };
  }
  if (facts.argument === "policy-endpoint" && next)
    return { ...known, argument: isRestriction ? undefined : next, fault: "bad-endpoint" };
  // The run ends here with 451, whatever the next word is; a word that is nothing else was meant as the argument.
  const meant = next && !isRestriction ? next : undefined;
  return { ...known, argument: meant, fault: "argument-missing" };
}

function isArgument(kind: string, text: string): boolean {
  return kind === "seconds" ? /^\d+$/.test(text) : text.includes(":");
}

/** attr_clnt(3): inet:, unix: or local: before the place; from 3.0 on in braces with settings behind it. */
function isEndpoint(text: string): boolean {
  const inside = insideBraces(text);
  const endpoint = inside ? (listItems(inside.text)[0]?.text ?? "") : text;
  return /^(?:inet|unix|local):/.test(endpoint) || endpoint.includes("$");
}

/** Restriction classes may name each other; more deeply nobody nests them on purpose. */
export const MAX_CLASS_DEPTH = 20;

/** Whether smtpd finds a relay guard: "maybe" where a part of the list is unknown. */
export function hasRelayGuard(environment: Environment, name: string, depth = 0): "yes" | "no" | "maybe" {
  const { items, uncertain } = restrictionList(environment, name);
  // has_required() reads word by word and knows no arguments.
  const words = items.flatMap(({ item, argument }) => (argument ? [item, argument] : [item]));
  const classes = restrictionClasses(environment);
  let maybe = uncertain;
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    const lower = word?.text.toLowerCase() ?? "";
    if (word?.opaque) {
      maybe = true;
      continue;
    }
    if (lower === "warn_if_reject" && index + 1 < words.length) index++;
    else if (lower === "permit") return maybe ? "maybe" : "no";
    else if (RELAY_GUARDS.has(lower)) return "yes";
    else if (word && classes.has(word.text)) {
      const inner = depth < MAX_CLASS_DEPTH ? hasRelayGuard(environment, word.text, depth + 1) : "maybe";
      if (inner === "yes") return "yes";
      if (inner === "maybe") maybe = true;
    }
  }
  return maybe ? "maybe" : "no";
}

/** A class of `start`'s that leads back to itself: smtpd walks it until its stack is used up (observed: signal 11). */
export function classCycle(environment: Environment, start: string): boolean {
  const classes = restrictionClasses(environment);
  const seen = new Set<string>();
  const open = [start];
  for (let name = open.pop(); name !== undefined; name = open.pop())
    for (const { kind, name: inner } of readRestrictions(listValue(environment, name).items, classes, true)) {
      if (kind !== "class") continue;
      if (inner === start) return true;
      if (!seen.has(inner)) open.push(inner);
      seen.add(inner);
    }
  return false;
}
