/** A parameter: what it is, its value here, the chain that the value comes from, and the facts. */
import {
  defaultValue,
  type ParameterFacts,
  parameterFacts,
  parameterNames,
  type RemovedFacts,
} from "../../knowledge/parameters.js";
import { longTextFor, textFor } from "../../knowledge/texts.js";
import { compareVersions, hasReached, includesFeature, isReleasedBy } from "../../knowledge/version.js";
import { unreadOptions } from "../../rules/endpoints/unreadOptions.js";
import { meantParameter } from "../../rules/main/unknownNames.js";
import { restrictionClasses } from "../../semantics/postfix/lists/restrictions.js";
import type { Definition, Environment, Value } from "../../semantics/postfix/parameters.js";
import type { Service } from "../../semantics/postfix/services.js";
import { placeLink, type View } from "../facts.js";
import { parameterManual } from "../manual.js";
import { bullets, code, enumerate, list, paragraphs, shown } from "../markdown.js";
import { accepts, wordMeanings } from "./accepts.js";
import { describeLevel } from "./compatibility.js";

/**
 * @param environment of the service that the place belongs to, or of main.cf.
 * @param service whose `-o` it is; undefined in main.cf.
 */
export function describeParameter(
  view: View,
  name: string,
  environment: Environment,
  service?: Service | undefined,
): string {
  const facts = parameterFacts(name);
  const value = environment.value(name);
  const text = textFor("parameter", name);
  const long = text && longTextFor("parameter", name)?.slice(text.length).trim();
  return paragraphs(
    heading(view, name, facts, value, environment, service),
    text,
    facts && outOfDate(view, facts),
    service && unread(view, name, service),
    (value.definition || facts) && origin(view, name, value, service),
    overridden(view, name, value.definition),
    name === "compatibility_level" && describeLevel(view),
    facts && !facts.removed && bullets(factLines(view, facts)),
    facts && wordMeanings(facts),
    long,
    facts && manual(facts),
  );
}

function manual(facts: ParameterFacts): string | undefined {
  const own = parameterManual(facts);
  return own && `Manual: ${own}`;
}

const LONG_VALUE = 90;

function heading(
  view: View,
  name: string,
  facts: ParameterFacts | undefined,
  value: Value,
  environment: Environment,
  service: Service | undefined,
): string {
  if (facts?.removed) return `**${name}**: ${goneSince(view, facts.removed)}`;
  if (!facts && !value.definition) return unknownName(view, name, service);
  const owner = service ? ` in the service ${code(service.name)}` : "";
  const known = facts ? "" : `\n\n${ownName(view, name, environment, service)}`;
  if (value.unknown !== undefined) return `**${name}**${owner}: ${unknownValue(view, name, value)}${known}`;
  const text = shown(value.text);
  // The first line is what terminal editors show; a long value would be all of it.
  if (text.length > LONG_VALUE) return `**${name}**${owner}\n\nValue: ${text}${known}`;
  return `**${name}** ${value.text.trim() === "" ? "is" : "="} ${text}${owner}${known}`;
}

function goneSince({ analysis }: View, { goneIn }: RemovedFacts): string {
  const { version } = analysis.system.profile;
  if (!goneIn) return "no parameter of its own";
  return `not in Postfix since ${goneIn}${hasReached(version, goneIn) ? "" : `; ${version} still has it`}`;
}

function unknownValue({ analysis }: View, name: string, { unknown, definition }: Value): string {
  const fromMachine = !definition && analysis.system.source.main !== undefined;
  return fromMachine && name === "mynetworks"
    ? "not set, so worked out from the addresses of the machine"
    : `not known from the files (${unknown})`;
}

/** What a name is that is set, but is none of Postfix's. */
function ownName(
  { analysis }: View,
  name: string,
  environment: Environment,
  service: Service | undefined,
): string {
  const { names } = analysis.system;
  if (restrictionClasses(environment).has(name)) return "A restriction class of this configuration.";
  if (names.userDefined.has(name) || names.isValid(name, service))
    return "A name of this configuration: it serves as `$name` in other values.";
  const meant = meantParameter(name);
  return `Postfix does not know this name, and nothing here uses it${meant ? `; is ${code(meant)} meant?` : "."}`;
}

function unknownName({ analysis }: View, name: string, service: Service | undefined): string {
  if (/^[a-z0-9_]*$/i.test(name) && name.length < 3) return `**${name || " "}**: the beginning of a name`;
  const { names, profile } = analysis.system;
  if (names.isValid(name, service)) return `**${name}**: a name that is nowhere set, so it is empty`;
  const longer = parameterNames(profile.version).filter((one) => one.startsWith(name));
  if (longer.length > 0) {
    const first = enumerate(longer.slice(0, 4).map(code), longer.length > 4 ? "," : "or");
    return `**${name}**: no parameter yet; the beginning of ${first}${longer.length > 4 ? " ..." : ""}`;
  }
  const meant = meantParameter(name);
  return `**${name}**: Postfix knows no such parameter${meant ? `; is ${code(meant)} meant?` : ""}`;
}

/** Deprecation, removal, or a release that does not have it yet. */
function outOfDate({ analysis }: View, facts: ParameterFacts): string | undefined {
  const { profile } = analysis.system;
  const instead = facts.replacement ? ` Use ${code(facts.replacement)} instead.` : "";
  if (facts.removed) {
    const { readThrough, warnedSince } = facts.removed;
    const still =
      readThrough.length > 0
        ? `Still read where it is set, by way of the default of ${enumerate(readThrough.map(code))}${warnedSince ? `; postconf warns of it since ${warnedSince}` : ""}.`
        : facts.removed.goneIn && !hasReached(profile.version, facts.removed.goneIn)
          ? ""
          : "Setting it has no effect.";
    return `${still}${instead}`.trim();
  }
  if (facts.deprecatedSince) {
    const now = isReleasedBy(profile.version, facts.deprecatedSince);
    return `**Deprecated since Postfix ${facts.deprecatedSince}**${now ? "" : ` (not yet in ${profile.version})`}: postconf warns of it.${instead}`;
  }
  if (facts.readOnly) return "An assignment is ignored: each program sets it itself.";
  if (profile.source === "given" && !includesFeature(profile.version, facts.since, facts.backports))
    return `**Postfix ${profile.version} does not have it yet**: it came with ${facts.since}.`;
  return undefined;
}

function unread(view: View, name: string, service: Service): string | undefined {
  const { system, flow } = view.analysis;
  const one = unreadOptions({ system, flow }).find(
    (option) => option.service === service && option.setting.name === name,
  );
  return one && `**${service.program} never looks at it**, so this \`-o\` has no effect.`;
}

/** Where the value comes from, what it takes the place of, and each `$name` that took part. */
function origin(view: View, name: string, value: Value, service: Service | undefined): string | undefined {
  const { definition, chain } = value;
  const { system } = view.analysis;
  const steps: string[] = [];
  if (definition?.source === "option") {
    const whose = service ?? ownerOf(view, definition);
    steps.push(
      `${code(`-o ${name}=${definition.raw}`)}${whose ? ` of ${code(whose.name)}` : ""}${at(view, definition)}`,
    );
    const below = system.environment.definition(name);
    if (below) steps.push(`in place of ${showDefinition(view, below)}`);
  } else if (definition?.source === "main")
    steps.push(
      definition.raw === value.text && chain.length === 0
        ? `set in ${definition.origin ? placeLink(view, definition.origin) : "main.cf"}`
        : showDefinition(view, definition),
    );
  else if (definition) {
    const same = definition.raw === value.text;
    steps.push(`not set here: the default${same ? "" : ` ${code(definition.raw)}`}`);
  }
  for (const link of chain) if (link !== definition) steps.push(showDefinition(view, link));
  if (steps.length === 0) return undefined;
  const [first = ""] = steps;
  return steps.length === 1
    ? `${first.charAt(0).toUpperCase()}${first.slice(1)}.`
    : `Where it comes from:\n${bullets(steps.slice(0, 12))}`;
}

function ownerOf({ analysis }: View, { origin }: Definition): Service | undefined {
  return analysis.system.services.find(
    ({ location }) =>
      origin?.file === location.file &&
      location.range.start <= origin.range.start &&
      origin.range.end <= location.range.end,
  );
}

function at(view: View, { origin }: Definition): string {
  return origin ? ` (${placeLink(view, origin)})` : "";
}

export function showDefinition(view: View, definition: Definition): string {
  const { name, raw, origin, source } = definition;
  const text = raw === "" ? `${code(name)} empty` : code(`${name} = ${raw}`);
  if (!origin) return `${text} (default)`;
  return `${text} (${source === "option" ? "`-o`, " : ""}${placeLink(view, origin)})`;
}

/** Services that set the parameter for themselves, seen from main.cf. */
function overridden(view: View, name: string, definition: Definition | undefined): string | undefined {
  if (definition?.source === "option") return undefined;
  const items = view.analysis.system.services.flatMap((service) => {
    if (service.overriddenBy || !service.options.some((option) => option.name === name)) return [];
    const own = service.environment.definition(name);
    if (own?.source !== "option" || !own.origin) return [];
    const { text, unknown } = service.environment.value(name);
    return [
      `${code(service.name)}: ${unknown === undefined ? shown(text) : "not known"} (${placeLink(view, own.origin)})`,
    ];
  });
  return list("Set otherwise by", items);
}

function factLines(view: View, facts: ParameterFacts): string[] {
  const lines = [`Takes ${accepts(facts)}`, ...defaults(view, facts)];
  const since = facts.since.startsWith("<") || facts.since === "1.1" ? undefined : release(facts.since);
  if (since)
    lines.push(
      `Since Postfix ${since}${facts.backports.length > 0 ? ` (and ${enumerate(facts.backports)})` : ""}`,
    );
  if (facts.perService) lines.push(`For the service ${code(facts.perService.service)} alone`);
  const readers = showReaders(facts);
  if (readers) lines.push(`Read by ${readers}`);
  return lines;
}

function defaults({ analysis }: View, facts: ParameterFacts): string[] {
  if (facts.readOnly) return [];
  const { profile, environment } = analysis.system;
  const now = defaultValue(facts.name, profile.version);
  if (now === undefined) return [`Default: worked out by the program`];
  const expanded = now.includes("$") ? environment.expand(now) : undefined;
  const means =
    expanded && expanded.unknown === undefined && facts.table !== "RAW" && expanded.text !== now
      ? `, here ${shown(expanded.text)}`
      : "";
  return [
    `Default in Postfix ${profile.version}: ${shown(now)}${means}`,
    ...changes(facts, now, profile.version),
  ];
}

/** When the default was or will be another one. */
function changes({ history }: ParameterFacts, now: string, version: string): string[] {
  const others = history.flatMap(([from, value], index) => {
    if (value === now) return [];
    const next = history[index + 1]?.[0];
    if (compareVersions(from, version) > 0 && !isReleasedBy(version, from))
      return [`${shown(value)} from ${branch(from)} on`];
    return next ? [`${shown(value)} before ${branch(next)}`] : [];
  });
  // Whole lists of tables beside each other tell nobody what changed.
  if (others.some((one) => one.length > 90)) {
    const releases = history.slice(1).map(([from]) => branch(from));
    return [`The default changed with Postfix ${enumerate(releases.slice(-6))}`];
  }
  return others.length > 0 ? [`In other releases: ${others.slice(-3).join(", ")}`] : [];
}

/** "3.0" for the branch that the facts call "3". */
export function release(version: string): string {
  return /^\d+$/.test(version) ? `${version}.0` : version;
}

/** "3.6" for the first release of a branch. */
function branch(version: string): string {
  return release(version.replace(/^(\d+\.\d+)\.0$/, "$1"));
}

/** Shared code that readers or uses stand for is not a program that anybody could look up. */
function showReaders({ readBy, usedIn }: ParameterFacts): string | undefined {
  const every = readBy.includes("*");
  const programs = (every ? usedIn : readBy).filter((name) => !/^(?:oqmgr|.*library|skeleton)$/.test(name));
  const shownOnes = programs.slice(0, 6);
  const rest = programs.length - shownOnes.length;
  const names = enumerate([...shownOnes, ...(rest > 0 ? [`${rest} more`] : [])]);
  if (!every) return programs.length > 0 ? names : undefined;
  return programs.length > 0 && programs.length === usedIn.length
    ? `every program; it matters in ${names}`
    : "every program";
}
