/** Names at the start of a line of main.cf. */
import { parameterFacts, parameterNames } from "../../knowledge/parameters.js";
import { servicePatterns } from "../../knowledge/servicePatterns.js";
import { longTextFor, textFor } from "../../knowledge/texts.js";
import { includesFeature } from "../../knowledge/version.js";
import { restrictionClasses } from "../../semantics/postfix/lists/restrictions.js";
import { READ_ONLY } from "../../semantics/postfix/parameters.js";
import { LineIndex } from "../../syntax/text.js";
import type { MailSystem } from "../../system/system.js";
import type { NamePlace } from "../position.js";
import { COMMON_PARAMETERS, COMMON_SUFFIXES } from "./common.js";
import { type Context, type Item, RANK } from "./item.js";

export interface KnownName {
  readonly name: string;
  readonly deprecated: boolean;
  readonly replacement: string | undefined;
  /** Place among the names that people come for; undefined for the others. */
  readonly common: number | undefined;
}

/** A session has one version, seldom two. */
const byVersion = new Map<string, readonly KnownName[]>();

/** Every name that a release has, with what its place in a list depends on. Worked out once a version. */
export function knownNames(version: string): readonly KnownName[] {
  let names = byVersion.get(version);
  if (!names) {
    names = parameterNames(version).flatMap((name): KnownName[] => {
      const facts = parameterFacts(name);
      if (facts?.readOnly || READ_ONLY.has(name)) return [];
      const since = facts?.deprecatedSince;
      const deprecated =
        facts?.removed !== undefined || (since !== undefined && includesFeature(version, since, []));
      const hasMore = longTextFor("parameter", name) !== textFor("parameter", name);
      const common = deprecated ? undefined : (COMMON_PARAMETERS.get(name) ?? (hasMore ? 90 : undefined));
      return [{ name, deprecated, replacement: facts?.replacement, common }];
    });
    byVersion.set(version, names);
  }
  return names;
}

export function parameterNameItems({ analysis, text }: Context, place: NamePlace): Item[] {
  const { system } = analysis;
  const lines = new LineIndex(text);
  const ending = endingOf(place.rest);
  const setAlready = (name: string) => {
    const entry = system.parameters.entry(name);
    // The name under the cursor is not set already: it is being written.
    return entry && entry.nameRange.start !== place.word.range.start ? entry : undefined;
  };
  const item = (name: string, rank: number, detail?: string, deprecated = false): Item => {
    const entry = setAlready(name);
    const at = entry && `line ${lines.lineAt(entry.nameRange.start) + 1}`;
    return {
      label: name,
      kind: "parameter",
      insert: `${name}${ending}`,
      rank: entry ? RANK.present : rank,
      documentation: ["parameter", name],
      ...(at ? { detail: `set in ${at}` } : detail === undefined ? {} : { detail }),
      ...(deprecated ? { deprecated } : {}),
    };
  };
  const items: Item[] = [];
  for (const { name, deprecated, replacement, common } of knownNames(system.profile.version)) {
    const rank = deprecated ? RANK.deprecated : common === undefined ? RANK.usual : RANK.common + common;
    const detail = deprecated && replacement !== undefined ? `now ${replacement}` : undefined;
    items.push(item(name, rank, detail, deprecated));
  }
  const known = new Set(items.map(({ label }) => label));
  const add = (name: string, rank: number, detail: string) => {
    if (name === "" || known.has(name)) return;
    known.add(name);
    items.push(item(name, rank, detail));
  };
  for (const [name, detail] of wantedNames(system)) add(name, RANK.wanted, detail);
  for (const { name, rank, detail } of serviceNames(system)) add(name, rank, detail);
  return items;
}

/** What is still to come behind the name. */
function endingOf(rest: string): string {
  if (/^\s*=/.test(rest)) return "";
  return /^\s/.test(rest) && rest.trim() !== "" ? " =" : " = ";
}

/** Names that the configuration refers to, or makes a restriction class of, and does not set. */
export function wantedNames(system: MailSystem): ReadonlyMap<string, string> {
  const wanted = new Map<string, string>();
  for (const { name, service } of system.names.undefined)
    if (!system.parameters.entry(name))
      wanted.set(name, service ? `used by ${service.name}, and nowhere set` : "used, and nowhere set");
  for (const name of restrictionClasses(system.environment))
    if (!system.parameters.entry(name)) wanted.set(name, "a restriction class without its list");
  return wanted;
}

/** Parameters of the transports and pipes that master.cf has: `smtp-amavis_destination_concurrency_limit`. */
function serviceNames(system: MailSystem): { name: string; rank: number; detail: string }[] {
  return [...system.transports.values()].flatMap((service) =>
    servicePatterns()
      .filter((pattern) => pattern.programs.includes(service.program))
      .map(({ suffix }) => ({
        name: `${service.name}${suffix}`,
        rank: RANK.usual - (10 - (COMMON_SUFFIXES.get(suffix) ?? 10)),
        detail: `for the ${suffix === "_time_limit" ? "service" : "transport"} ${service.name}`,
      })),
  );
}
