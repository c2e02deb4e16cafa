/** A restriction at its place: which list, when it runs, whether it is reached, what its argument is. */
import { type RestrictionFacts, restrictionLists, restrictionNames } from "../../knowledge/restrictions.js";
import { longTextFor, textFor } from "../../knowledge/texts.js";
import { nearest } from "../../rules/nearest.js";
import {
  type Restriction,
  type RestrictionList,
  restrictionClasses,
} from "../../semantics/postfix/lists/restrictions.js";
import type { Environment } from "../../semantics/postfix/parameters.js";
import { placeLink, type View } from "../facts.js";
import { restrictionManual } from "../manual.js";
import { code, enumerate, list, paragraphs, shown } from "../markdown.js";
import { release } from "./parameter.js";

/** @param index of the restriction in the list. */
export function describeRestriction(
  view: View,
  restrictions: RestrictionList,
  index: number,
  environment: Environment,
): string {
  const restriction = restrictions.items[index];
  if (!restriction) return "";
  const { facts, item, kind } = restriction;
  const lists = restrictionLists();
  const phase = lists.find(({ name }) => name === restrictions.name);
  const text = textFor("restriction", item.text);
  const bare = kind === "map" ? phase?.bareMap : undefined;
  return paragraphs(
    `**${item.text}**${restriction.argument ? ` ${code(restriction.argument.text)}` : ""}: ${position(restrictions, index)}`,
    kind === "class" && classText(view, item.text, environment),
    bare && `A table by itself stands for ${code(`${bare} ${item.text}`)}.`,
    kind === "unknown" &&
      `smtpd knows no such restriction: clients that come this far get 451.${suggestion(item.text)}`,
    text,
    effect(restriction),
    when(restrictions.name, environment),
    facts && here(view, restriction, environment),
    facts && list("Facts", factLines(facts)),
    text && longTextFor("restriction", item.text)?.slice(text.length).trim(),
    facts && manual(facts),
  );
}

function manual({ aliasOf, name }: RestrictionFacts): string | undefined {
  const page = restrictionManual(aliasOf ?? name);
  return page && `Manual: ${page}`;
}

function suggestion(word: string): string {
  const lower = word.toLowerCase();
  const names = restrictionNames();
  const meant = names.find((name) => name.startsWith(lower)) ?? nearest(lower, names);
  return meant ? ` Is ${code(meant)} meant?` : "";
}

function position({ name, items, uncertain }: RestrictionList, index: number): string {
  const of = uncertain ? "" : ` of ${items.length}`;
  return `${ordinal(index + 1)}${of} in ${code(name)}`;
}

function ordinal(number: number): string {
  const ending =
    number % 100 > 10 && number % 100 < 14 ? "th" : (["th", "st", "nd", "rd"][number % 10] ?? "th");
  return `${number}${ending}`;
}

function classText(view: View, name: string, environment: Environment): string {
  const { definition, text } = environment.value(name);
  const at = definition?.origin ? ` (${placeLink(view, definition.origin)})` : "";
  return `A restriction class of this configuration: ${shown(text)}${at}`;
}

/** Whether it has an effect at this place. */
function effect({ ignoredAfter, warnOnly, fault, name }: Restriction): string | undefined {
  if (ignoredAfter !== undefined) return `**Never reached**: ${code(ignoredAfter)} before it ends the list.`;
  switch (fault) {
    case "argument-missing":
      return "**Its argument is missing**: clients that come this far get 451.";
    case "argument-ignored":
      return "**It has no domain behind it**, so it is passed over.";
    case "argument-is-restriction":
      return "**It takes the next restriction for its argument**, which is therefore never run.";
    case "bare-map":
      return "**This list needs a check in front of a table**: clients that come this far get 451.";
    case "bad-endpoint":
      return "**What stands behind it is no endpoint**: smtpd does not start.";
    default:
      break;
  }
  if (name === "permit" || name === "reject" || name === "defer")
    return warnOnly && name !== "permit"
      ? "Behind `warn_if_reject` it only logs."
      : "It ends the list: nothing behind it is looked at.";
  return warnOnly ? "Behind `warn_if_reject` it only logs what it would have rejected." : undefined;
}

const DELAYED: ReadonlySet<string> = new Set([
  "smtpd_client_restrictions",
  "smtpd_helo_restrictions",
  "smtpd_sender_restrictions",
]);

function when(name: string, environment: Environment): string | undefined {
  const phase = restrictionLists().find((one) => one.name === name)?.phase;
  if (!phase) return undefined;
  const delayed = DELAYED.has(name) && !/^no$/i.test(environment.value("smtpd_delay_reject").text);
  return delayed
    ? `Runs at RCPT TO, not at ${phase} already, because \`smtpd_delay_reject\` is yes.`
    : `Runs at ${phase}.`;
}

const OWN_LISTS = ["mydestination", "virtual_alias_domains", "virtual_mailbox_domains", "relay_domains"];

/** The settings that it depends on, with their values. */
function here(view: View, { name }: Restriction, environment: Environment): string | undefined {
  const names =
    name === "permit_mynetworks"
      ? ["mynetworks"]
      : name === "permit_sasl_authenticated"
        ? ["smtpd_sasl_auth_enable"]
        : /_unauth_destination$|^permit_auth_destination$/.test(name)
          ? OWN_LISTS
          : [];
  return list(
    "It depends on",
    names.map((parameter) => {
      const { text, unknown, definition } = environment.value(parameter);
      const at = definition?.origin ? ` (${placeLink(view, definition.origin)})` : "";
      return `${code(parameter)}: ${unknown === undefined ? shown(text) : unknown}${at}`;
    }),
  );
}

const NEEDS: Readonly<Record<string, string>> = {
  client: "the client's address and name",
  "reverse-client": "the name that the client's address has in DNS",
  helo: "the name in HELO",
  sender: "the sender",
  recipient: "the recipient",
  sasl: "a login",
  "sender+sasl": "the sender and a login",
  "sender+recipients": "the sender and the recipients",
  "tls-client-cert": "a client certificate",
  etrn: "an ETRN command",
};

function factLines(facts: RestrictionFacts): string[] {
  const lines: string[] = [];
  const needs = NEEDS[facts.needs];
  if (needs) lines.push(`looks at ${needs}`);
  if (facts.documentedFor.length > 0)
    lines.push(`meant for the ${enumerate(facts.documentedFor)} restrictions, allowed in every list`);
  if (facts.okForbidden) lines.push("OK as a result is a server error (451): answer DUNNO");
  if (facts.aliasOf) lines.push(`old name of ${code(facts.aliasOf)}`);
  if (facts.deprecatedSince && !facts.aliasOf)
    lines.push(
      facts.deprecatedSince === "always" ? "out of use" : `deprecated since Postfix ${facts.deprecatedSince}`,
    );
  if (facts.removedIn) lines.push(`not in Postfix since ${facts.removedIn}`);
  if (facts.replacement) lines.push(`use ${code(facts.replacement)} instead`);
  if (/^\d/.test(facts.since) && facts.since !== "1.1") lines.push(`since Postfix ${release(facts.since)}`);
  return lines;
}

/** Restriction lists and classes: the names whose values are restrictions. */
export function isRestrictionList(environment: Environment, name: string): boolean {
  return restrictionLists().some((one) => one.name === name) || restrictionClasses(environment).has(name);
}
