/** Values of parameters, by kind. */
import { defaultValue, type ParameterFacts, parameterFacts } from "../../knowledge/parameters.js";
import { serviceNameParameters } from "../../knowledge/services.js";
import { listItems } from "../../semantics/postfix/lists/items.js";
import { restrictionClasses } from "../../semantics/postfix/lists/restrictions.js";
import type { MailSystem } from "../../system/system.js";
import type { ValuePlace } from "../position.js";
import { SUGGESTED_VALUES } from "./common.js";
import { milterItems, nexthopItems, proxyItems, transportItems } from "./destinations.js";
import { type Context, type Item, RANK, wordItems } from "./item.js";
import { restrictionItems } from "./restrictions.js";
import { serviceUse } from "./system.js";
import { tableItems } from "./tables.js";
import { fixedWords } from "./words.js";

export function valueItems(context: Context, place: ValuePlace): Item[] {
  const { system } = context.analysis;
  const { parameter, environment } = place;
  if (restrictionClasses(environment).has(parameter)) return restrictionItems(context, place);
  const facts = parameterFacts(parameter) ?? factsByUse(system, parameter);
  if (!facts || facts.readOnly) return [];
  if (facts.class === "restriction-list") return restrictionItems(context, place);
  const present = presentItems(place);
  // Inside the braces of inline:{ ... } and the like the keys are people's own.
  if (/inline:\{[^}]*$|randmap:\{[^}]*$/.test(place.before)) return [];
  const items = [
    ...empty(context, place, facts),
    ...suggested(system, place, facts),
    ...byClass(context, place, facts, present),
    ...builtIn(system, facts, place.form),
  ];
  const seen = new Set<string>();
  const multiple = isList(facts);
  return items.filter(({ label }) => {
    if (seen.has(label) || (multiple && present.has(label))) return false;
    seen.add(label);
    return true;
  });
}

/** What a name of people's own is read as: the parameter that it is the value of (`x = $mine`). */
function factsByUse(system: MailSystem, name: string): ParameterFacts | undefined {
  for (const setting of system.settings)
    if (setting.definition.raw.includes(`$${name}`)) {
      const facts = setting.facts;
      if (facts) return facts;
    }
  return undefined;
}

const SINGLE: ReadonlySet<string> = new Set([
  "bool",
  "int",
  "time",
  "size",
  "enum",
  "hostname",
  "transport-destination",
  "service-name",
  "compat-level",
  "path",
  "smtp-reply-code",
]);

function isList(facts: ParameterFacts): boolean {
  return !SINGLE.has(facts.class);
}

/** The items that a list has beside the one under the cursor. */
function presentItems({ before, after, word }: ValuePlace): ReadonlySet<string> {
  const others = [
    ...listItems(before.slice(0, before.length - word.typed.length)),
    ...listItems(word.typed === "" ? after : after.replace(/^[^\s,{}]*/, "")),
  ];
  return new Set(others.map(({ text }) => text));
}

function suggested(
  system: MailSystem,
  { parameter, form }: ValuePlace,
  { class: kind }: ParameterFacts,
): Item[] {
  const values = SUGGESTED_VALUES[parameter] ?? [];
  const at = kind === "hostname" || kind === "raw-string" || kind === "string" ? RANK.wanted : RANK.common;
  return values.flatMap(([label, note], index): Item[] => {
    // Without braces a blank would end the value of an option.
    if (form === "separate" && /\s/.test(label)) return [];
    const transport = /^([\w-]+):unix:/.exec(label)?.[1];
    if (transport !== undefined && !system.masterOpen && !system.transports.has(transport)) return [];
    return [{ label, kind: "value", rank: at + index, ...(note === undefined ? {} : { detail: note }) }];
  });
}

function byClass(
  context: Context,
  place: ValuePlace,
  facts: ParameterFacts,
  present: ReadonlySet<string>,
): Item[] {
  const { system } = context.analysis;
  const { environment, word } = place;
  const tables = () => tableItems(context, { environment, purpose: facts.name, typed: word.typed, present });
  switch (facts.class) {
    case "map":
    case "map-list":
      return tables();
    case "transport-destination":
      return isReinjection(context, place) ? [] : transportItems(context, place);
    case "nexthop":
    case "nexthop-list":
      return nexthopItems(context);
    case "proxy-endpoint":
      return proxyItems(context);
    case "milter-list":
      return milterItems(context, place);
    case "service-name":
      return serviceNameItems(system, facts.name);
    case "service-list":
      return serviceListItems(system, facts.name);
    case "restriction-class-names":
      return classNameItems(system);
    case "domain-list":
      return [...domainItems(system, facts.name), ...later(tables())];
    case "address-list":
    case "access-list":
      if (/_interfaces$/.test(facts.name)) return [];
      return word.typed.includes(":/") || /^(?:cidr|hash|texthash|lmdb):/.test(word.typed)
        ? tables()
        : later(tables());
    default:
      return fixedWords(context, place, facts);
  }
}

/** A service that takes mail back must not send it to the filter again. */
function isReinjection({ analysis }: Context, { parameter, service, word }: ValuePlace): boolean {
  return (
    parameter === "content_filter" &&
    word.typed === "" &&
    service !== undefined &&
    serviceUse(analysis, service.program, service) === "reinjection"
  );
}

const later = (items: readonly Item[]): Item[] => items.map((item) => ({ ...item, rank: item.rank + 100 }));

/** Kinds of values that are switched off for one service by an empty value. */
const SWITCHED_OFF: ReadonlySet<string> = new Set([
  "transport-destination",
  "proxy-endpoint",
  "milter-list",
  "map",
  "map-list",
]);

/** `-o content_filter=` and the like: nothing is a value too. */
function empty({ analysis }: Context, place: ValuePlace, facts: ParameterFacts): Item[] {
  const { service, before, after } = place;
  if (!service || !SWITCHED_OFF.has(facts.class) || before.trim() !== "" || after.trim() !== "") return [];
  const { program } = service;
  const rank = serviceUse(analysis, program, service) === "reinjection" ? RANK.wanted - 1 : RANK.usual - 1;
  return [{ label: "(empty)", kind: "value", insert: "", rank, detail: "none for this service" }];
}

/** The default, as a beginning to change. */
function builtIn(system: MailSystem, facts: ParameterFacts, form: ValuePlace["form"]): Item[] {
  const value = defaultValue(facts.name, system.profile.version);
  if (value === undefined || value === "" || value.length > 60 || /^(?:bool|enum)/.test(facts.class))
    return [];
  // Blanks end the value of an option; what is worked out from other values is no beginning to change.
  // A name of a service that is not here, or a table in the notation of another system, is none either.
  if (/^(?:map|service-name|transport-destination|restriction)/.test(facts.class)) return [];
  if (/\$\{|\$\(/.test(value) || (form === "separate" && /\s/.test(value))) return [];
  return [{ label: value, kind: "value", rank: RANK.rare - 1, detail: "the default" }];
}

function serviceNameItems({ services }: MailSystem, parameter: string): Item[] {
  const facts = serviceNameParameters().find((one) => one.parameter === parameter);
  if (!facts) return [];
  return services
    .filter(({ program, type }) => program === facts.program && type !== "inet")
    .map(({ name }, index) => ({
      label: name,
      kind: "service",
      rank: RANK.common + index,
      detail: `runs ${facts.program}`,
    }));
}

function serviceListItems({ services, transports }: MailSystem, parameter: string): Item[] {
  if (parameter === "defer_transports") return wordItems([...transports.keys()], "service", RANK.common);
  return services.map(({ name, type }, index) => ({
    label: `${name}/${type}`,
    kind: "service",
    rank: RANK.common + index,
  }));
}

/** Names that are set and that nothing reads yet. */
function classNameItems({ names }: MailSystem): Item[] {
  const unused = names.unused.filter(({ service }) => !service).map(({ name }) => name);
  return wordItems(unused, "restriction", RANK.wanted, () => ({ detail: "set, and not used yet" }));
}

function domainItems({ environment }: MailSystem, parameter: string): Item[] {
  if (parameter !== "relay_domains" && parameter !== "mydestination" && !parameter.startsWith("virtual_"))
    return [];
  const domain = environment.value("mydomain");
  if (domain.unknown !== undefined || domain.text === "" || parameter.startsWith("virtual_")) return [];
  return [{ label: "$mydomain", kind: "variable", rank: RANK.common + 5, detail: domain.text }];
}
