/** Items of the smtpd_*_restrictions lists and of restriction classes, with their arguments. */
import { type RestrictionFacts, restrictionFacts, restrictionNames } from "../../knowledge/restrictions.js";
import { hasReached } from "../../knowledge/version.js";
import { listItems } from "../../semantics/postfix/lists/items.js";
import {
  hasRelayGuard,
  readRestrictions,
  restrictionClasses,
} from "../../semantics/postfix/lists/restrictions.js";
import type { ValuePlace } from "../position.js";
import { DNS_LISTS, RESTRICTIONS_BY_USE } from "./common.js";
import { policyItems } from "./destinations.js";
import { type Context, type Item, RANK, wordItems } from "./item.js";
import { isRestrictionList, serviceUse, usedItems } from "./system.js";
import { tableItems } from "./tables.js";

export function restrictionItems(context: Context, place: ValuePlace): Item[] {
  const { environment, parameter, word } = place;
  const classes = restrictionClasses(environment);
  const before = listItems(place.before.slice(0, place.before.length - word.typed.length));
  const last = before.at(-1)?.text ?? "";
  const asks = restrictionFacts(last);
  if (asks?.argument !== undefined) return argumentItems(context, place, asks);
  const behind = listItems(place.after.replace(/^[^\s,]*/, ""));
  const read = readRestrictions(before, classes, true);
  // What stands behind permit or reject is never looked at.
  if (read.some(({ facts, warnOnly }) => facts?.terminates && !warnOnly)) return [];
  const present = new Set(
    [...before, ...behind].map(({ text }) => text.toLowerCase()).filter((text) => !mayRepeat(text)),
  );
  const names = allNames(context, place, asks?.name === "warn_if_reject").filter(
    (name) => !present.has(name),
  );
  const order = orderOf(context, place);
  const items = names.flatMap((name): Item[] => {
    const facts = restrictionFacts(name);
    if (!facts) return [];
    const at = order.indexOf(name);
    const detail =
      facts.argument === undefined ? undefined : `${ARGUMENTS[facts.argument] ?? facts.argument} follows`;
    return [
      {
        label: name,
        kind: "restriction",
        insert: facts.argument === undefined ? name : `${name}${place.form === "separate" ? "," : " "}`,
        rank: at < 0 ? rankOf(facts, parameter) : RANK.common + at,
        documentation: ["restriction", name],
        ...(detail === undefined ? {} : { detail }),
      },
    ];
  });
  const own = [...classes]
    .filter((name) => name !== parameter && !present.has(name.toLowerCase()))
    .map(
      (name): Item => ({
        label: name,
        kind: "restriction",
        rank: RANK.common + 50,
        detail: "restriction class",
      }),
    );
  const values = [...context.analysis.system.names.userDefined]
    .filter((name) => name.endsWith("_restrictions") && name !== parameter)
    .map(
      (name): Item => ({
        label: `$${name}`,
        kind: "variable",
        rank: RANK.common + 60,
        detail: "of this main.cf",
      }),
    );
  return [...items, ...own, ...values];
}

/** Restrictions with an argument may stand more than once. */
function mayRepeat(name: string): boolean {
  const facts = restrictionFacts(name);
  return facts?.argument !== undefined || facts?.kind === "modifier";
}

const ARGUMENTS: Readonly<Record<string, string>> = {
  map: "type:table",
  "policy-endpoint": "inet:host:port or unix:path",
  "dns-domain[=value-pattern]": "a DNS list",
  seconds: "a number of seconds",
};

/** Lists in the order of the dialogue; what a restriction needs is known from its own list on. */
const PHASES = ["client", "helo", "sender", "relay", "recipient", "data", "end_of_data"];

function listName(parameter: string): string {
  return /^smtpd_(.*)_restrictions$/.exec(parameter)?.[1] ?? "";
}

/** The names that have a meaning in this list. */
function allNames({ analysis }: Context, { parameter, environment }: ValuePlace, warn: boolean): string[] {
  const { version } = analysis.system.profile;
  const list = listName(parameter);
  const delayed = !/^no$/i.test(environment.value("smtpd_delay_reject").text);
  return restrictionNames().filter((name) => {
    const facts = restrictionFacts(name);
    if (!facts || !hasReached(version, facts.since) || name === "check_address_map") return false;
    if (
      facts.deprecatedSince !== undefined &&
      (facts.deprecatedSince === "always" || hasReached(version, facts.deprecatedSince))
    )
      return false;
    if ((facts.needs === "etrn") !== (list === "etrn") && facts.needs === "etrn") return false;
    if (list === "etrn" && /^(?:sender|recipient)$/.test(facts.needs)) return false;
    // Without delay a list is run before the later commands have come: what needs them is passed over.
    if (
      !delayed &&
      PHASES.indexOf(facts.needs) > PHASES.indexOf(list) &&
      PHASES.includes(list) &&
      list !== "relay"
    )
      return false;
    return !warn || (facts.kind !== "permit" && facts.kind !== "modifier");
  });
}

function rankOf(facts: RestrictionFacts, parameter: string): number {
  return facts.documentedFor.includes(listName(parameter)) ? RANK.usual : RANK.rare;
}

/** Who may send to a service that takes mail back, and to one for users. */
const FOR_FILTERS = ["permit_mynetworks", "reject"];
const FOR_USERS = ["permit_sasl_authenticated", "reject"];

/** The usual order of the list; a list that lets everybody relay wants its guard first. */
function orderOf({ analysis }: Context, place: ValuePlace): readonly string[] {
  const { parameter, environment, before, service } = place;
  const use = service && serviceUse(analysis, service.program, service);

  const usual = RESTRICTIONS_BY_USE[listName(parameter)] ?? RESTRICTIONS_BY_USE.recipient ?? [];
  const own = use === "reinjection" ? FOR_FILTERS : use === "submission" ? FOR_USERS : [];
  const order = [...own, ...usual.filter((name) => !own.includes(name))];
  const guarded = ["smtpd_relay_restrictions", "smtpd_recipient_restrictions"].some(
    (name) => hasRelayGuard(environment, name) !== "no",
  );
  const relays = parameter === "smtpd_relay_restrictions" || parameter === "smtpd_recipient_restrictions";
  if (guarded || !relays || !/permit_/.test(before)) return order;
  return ["reject_unauth_destination", ...order.filter((name) => name !== "reject_unauth_destination")];
}

function argumentItems(context: Context, place: ValuePlace, facts: RestrictionFacts): Item[] {
  const { environment, word } = place;
  const present = new Set<string>();
  switch (facts.argument) {
    case "map":
      return tableItems(context, { environment, purpose: facts.name, typed: word.typed, present });
    case "policy-endpoint":
      return policyItems(context);
    case "seconds":
      return wordItems(["1", "2", "5"], "value", RANK.common);
    default: {
      const used = usedItems(context.analysis, isRestrictionList(context.analysis)).filter((text) =>
        /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i.test(text),
      );
      const known =
        facts.kind === "permit"
          ? DNS_LISTS.allowed
          : /rhs/.test(facts.name)
            ? DNS_LISTS.domains
            : DNS_LISTS.addresses;
      return wordItems([...new Set([...known, ...used])], "value", RANK.common);
    }
  }
}
