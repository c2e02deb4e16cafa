/** Walks that the rules about lists share: every list of a kind that is set, with the service that reads it. */

import type { ParameterClass } from "../../knowledge/parameters.js";
import type { Location } from "../../semantics/located.js";
import { type ListItem, listValue } from "../../semantics/postfix/lists/items.js";
import {
  type Restriction,
  type RestrictionList,
  restrictionList,
} from "../../semantics/postfix/lists/restrictions.js";
import {
  readTableReference,
  type TableReference,
  tablesWithin,
} from "../../semantics/postfix/lists/tableReference.js";
import type { Environment } from "../../semantics/postfix/parameters.js";
import type { Service } from "../../semantics/postfix/services.js";
import { readsParameter, type Setting } from "../../semantics/postfix/settings.js";
import { Memo } from "../../syntax/memo.js";
import { hasPlaceholder } from "../../syntax/postfix/words.js";
import type { MailSystem } from "../../system/system.js";

/** The settings of some classes that somebody reads: an option only counts on a program that looks at it. */
export function settingsOf(system: MailSystem, classes: ReadonlySet<ParameterClass>): readonly Setting[] {
  let found = cache.get(system);
  if (!found) {
    found = new Map();
    for (const setting of system.settings) {
      const { facts, service } = setting;
      if (!facts || !LISTS.has(facts.class)) continue;
      if (service && (!readsParameter(service.program, facts) || service.uncertain)) continue;
      const known = found.get(facts.class);
      if (known) known.push(setting);
      else found.set(facts.class, [setting]);
    }
    cache.set(system, found);
  }
  const byClass = found;
  return [...classes].flatMap((name) => byClass.get(name) ?? []);
}

const LISTS: ReadonlySet<ParameterClass> = new Set<ParameterClass>([
  "address-list",
  "domain-list",
  "map",
  "map-list",
  "restriction-list",
  "restriction-class-names",
]);
const cache = new Memo<MailSystem, Map<ParameterClass, Setting[]>>();

const RESTRICTION_LISTS: ReadonlySet<ParameterClass> = new Set<ParameterClass>(["restriction-list"]);

export interface FoundRestriction {
  readonly restriction: Restriction;
  readonly list: RestrictionList;
  /** The parameter in which smtpd meets it, also when it stands in a class. */
  readonly parameter: string;
  readonly service: Service | undefined;
  /** Undefined when it is no text of a file. */
  readonly at: Location | undefined;
}

/** Every restriction of every list that counts, with those of the classes that the lists use. */
export function restrictionsOf(system: MailSystem): readonly FoundRestriction[] {
  let found = restrictions.get(system);
  if (!found) {
    found = settingsOf(system, RESTRICTION_LISTS).flatMap(({ name, environment, service }) =>
      collect(environment, name, name, service, new Set()),
    );
    restrictions.set(system, found);
  }
  return found;
}
const restrictions = new Memo<MailSystem, readonly FoundRestriction[]>();

function collect(
  environment: Environment,
  name: string,
  parameter: string,
  service: Service | undefined,
  seen: Set<string>,
): FoundRestriction[] {
  const list = restrictionList(environment, name, parameter);
  return list.items.flatMap((restriction) => {
    const { item, kind } = restriction;
    const own = { restriction, list, parameter, service, at: list.locate(item.start, item.end) };
    if (kind !== "class" || seen.has(restriction.name)) return [own];
    seen.add(restriction.name);
    return [own, ...collect(environment, restriction.name, parameter, service, seen)];
  });
}

export interface FoundTable {
  readonly reference: TableReference;
  readonly parameter: string;
  readonly service: Service | undefined;
  readonly environment: Environment;
  /** True when another table looks up in it (proxy:, unionmap: ...). */
  readonly wrapped: boolean;
  locate(start: number, end: number): Location | undefined;
}

const MAPS: ReadonlySet<ParameterClass> = new Set<ParameterClass>(["map", "map-list"]);
const MATCH_LISTS: ReadonlySet<ParameterClass> = new Set<ParameterClass>(["address-list", "domain-list"]);
/** Not opened by a daemon: newaliases(1) and proxymap's lists of what it may open. */
const NOT_OPENED: ReadonlySet<string> = new Set([
  "alias_database",
  "proxy_read_maps",
  "proxy_write_maps",
  "non_bdb_custom_mapping",
]);

/** Every table that a value names and a program opens, those inside other tables too. */
export function tablesOf(system: MailSystem): readonly FoundTable[] {
  let found = tables.get(system);
  if (!found) {
    found = [...mapTables(system), ...matchTables(system), ...restrictionTables(system)];
    tables.set(system, found);
  }
  return found;
}
const tables = new Memo<MailSystem, readonly FoundTable[]>();

function references(item: ListItem): { reference: TableReference; wrapped: boolean }[] {
  return [...tablesWithin(readTableReference(item))].map((reference, index) => ({
    reference,
    wrapped: index > 0,
  }));
}

function mapTables(system: MailSystem): FoundTable[] {
  return settingsOf(system, MAPS).flatMap(({ name, environment, service }) => {
    if (NOT_OPENED.has(name)) return [];
    const list = listValue(environment, name);
    return list.items
      .filter(({ opaque, unclosed, text }) => !opaque && !unclosed && !hasPlaceholder(text))
      .flatMap(references)
      .map((found) => ({ ...found, parameter: name, service, environment, locate: list.locate }));
  });
}

function matchTables(system: MailSystem): FoundTable[] {
  return settingsOf(system, MATCH_LISTS).flatMap(({ name, environment, service }) => {
    const list = listValue(environment, name);
    return list.items
      .filter(({ opaque, text }) => !opaque && /^!*[A-Za-z][\w-]*:[^:\d]/.test(text) && !hasPlaceholder(text))
      .map((item) => {
        const bangs = /^!*/.exec(item.text)?.[0].length ?? 0;
        return { ...item, text: item.text.slice(bangs), start: item.start + bangs };
      })
      .flatMap(references)
      .map((found) => ({ ...found, parameter: name, service, environment, locate: list.locate }));
  });
}

function restrictionTables(system: MailSystem): FoundTable[] {
  return restrictionsOf(system).flatMap(({ restriction, list, parameter, service }) => {
    const { kind, facts, argument, item, fault } = restriction;
    const map =
      kind === "map" ? item : facts?.argument === "map" && fault === undefined ? argument : undefined;
    if (!map || map.opaque || hasPlaceholder(map.text)) return [];
    const environment = service?.environment ?? system.environment;
    return references(map).map((found) => ({
      ...found,
      parameter,
      service,
      environment,
      locate: list.locate,
    }));
  });
}

/** Services that run smtpd and count; when there is no master.cf nobody knows them. */
export function smtpdServices(system: MailSystem): readonly Service[] {
  return system.services.filter(
    ({ program, overriddenBy, uncertain }) => program === "smtpd" && !overriddenBy && !uncertain,
  );
}
