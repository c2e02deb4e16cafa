/**
 * Facts about Postfix parameters: kind of value, default by version, bounds, who reads it. Taken from the
 * parameter tables of the published sources by scripts/generate-facts.mjs.
 */
import debianDefaults from "./data/debianDefaults.js";
import parameterData from "./data/parameters.js";
import { lazy } from "./lazy.js";
import {
  type EnumFacts,
  noFacts,
  type ParameterClass,
  type ParameterFacts,
  type ParameterTable,
} from "./parameterFacts.js";
import { transportPattern } from "./servicePatterns.js";
import { ASSUMED_POSTFIX_VERSION, hasReached, includesFeature, isReleasedBy } from "./version.js";

export type {
  EnumFacts,
  ParameterClass,
  ParameterFacts,
  ParameterTable,
  RemovedFacts,
} from "./parameterFacts.js";

interface Extra {
  /** [version, how much of the value before it keeps, what follows]. */
  readonly history?: readonly (readonly [version: string, kept: number, rest: string])[];
  readonly backports?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly unit?: string;
  readonly enum?: number;
  readonly usedIn?: number;
  readonly deprecated?: string;
  readonly replacement?: string;
  readonly readOnly?: boolean;
}

type Row = readonly [
  name: string,
  classNumber: number,
  tableNumber: number,
  defaultText: string | null,
  since: string,
  readersNumber: number,
  mayBeEmpty: 0 | 1,
  extra?: Extra,
];

interface RemovedRow {
  readonly name: string;
  readonly since?: string;
  readonly goneIn?: string;
  readonly readThrough?: readonly string[];
  readonly replacement?: string;
  readonly warnedSince?: string;
}

interface Data {
  readonly classes: readonly ParameterClass[];
  readonly tables: readonly ParameterTable[];
  readonly readers: readonly (readonly string[])[];
  readonly enums: readonly Partial<EnumFacts>[];
  readonly parameters: readonly Row[];
  readonly removed: readonly RemovedRow[];
}

const data = lazy(() => parameterData() as Data);
const rows = lazy(() => new Map(data().parameters.map((row) => [row[0], row])));
const removedRows = lazy(() => new Map(data().removed.map((row) => [row.name, row])));
const debian = lazy(() => new Map(Object.entries(debianDefaults() as Record<string, string>)));

/** Rows that somebody has asked for: configurations name the same few hundred again and again. */
const unpacked = new Map<string, ParameterFacts>();

/**
 * What is known of a parameter: one of Postfix's own, a name made of a service and a suffix
 * (`relay_destination_rate_delay`; the service need not exist), or a removed one (`removed` is set).
 * Undefined for anything else. Names are case-sensitive.
 */
export function parameterFacts(name: string): ParameterFacts | undefined {
  const row = rows().get(name);
  if (row) {
    let facts = unpacked.get(name);
    if (!facts) {
      facts = factsOfRow(row);
      unpacked.set(name, facts);
    }
    return facts;
  }
  if (derived.has(name)) return derived.get(name);
  const facts = derivedFacts(name);
  if (derived.size >= MOST_REMEMBERED) derived.clear();
  derived.set(name, facts);
  return facts;
}

/** What was found for names that are no rows, most of them the configuration's own. */
const derived = new Map<string, ParameterFacts | undefined>();
const MOST_REMEMBERED = 1000;

function derivedFacts(name: string): ParameterFacts | undefined {
  const legacy = removedRows().get(name);
  if (legacy) return factsOfRemoved(legacy);
  const pattern = transportPattern(name);
  if (!pattern) return undefined;
  const general = rows().get(pattern.defaultParameter);
  const known = general && factsOfRow(general);
  return {
    ...noFacts(name, pattern.class as ParameterClass, pattern.since),
    table: known?.table ?? "ADHOC",
    // Postfix's own exception of this form, local_destination_concurrency_limit, is a row of the table.
    default: `$${pattern.defaultParameter}`,
    readBy: pattern.readBy,
    min: known?.min,
    max: known?.max,
    unit: known?.unit,
    perService: { service: pattern.service, suffix: pattern.suffix },
  };
}

/** All names that `version` has, in alphabetical order; for completion and for "did you mean". */
export function parameterNames(version: string = ASSUMED_POSTFIX_VERSION): readonly string[] {
  let names = namesByVersion.get(version);
  if (!names) {
    names = collectNames(version);
    namesByVersion.set(version, names);
  }
  return names;
}

/** A session has one version, seldom two. */
const namesByVersion = new Map<string, readonly string[]>();

function collectNames(version: string): readonly string[] {
  const names = data()
    .parameters.filter((row) => includesFeature(version, row[4], row[7]?.backports ?? []))
    .map((row) => row[0]);
  // Later releases dropped these.
  const dropped = data().removed.filter(({ name }) => defaultValue(name, version) !== undefined);
  return dropped.length === 0 ? names : [...names, ...dropped.map(({ name }) => name)].sort();
}

/** True for the names that the release has of its own, without those made of a service and a suffix. */
export function isBuiltInParameter(name: string, version: string = ASSUMED_POSTFIX_VERSION): boolean {
  const row = rows().get(name);
  return row !== undefined && includesFeature(version, row[4], row[7]?.backports ?? []);
}

/** True for a name of old that the release still reads where it is set, by way of a default that mentions it. */
export function isLegacyParameter(name: string, version: string = ASSUMED_POSTFIX_VERSION): boolean {
  const legacy = removedRows().get(name);
  return legacy !== undefined && stillWorks(legacy, version);
}

export interface KnownContext {
  /**
   * Names of the services in master.cf that deliver mail (for `_time_limit`: that run pipe or spawn).
   * Without it every service is taken to exist, since a main.cf read alone cannot know.
   */
  readonly transports?: Iterable<string>;
  /** Postfix release, "3.7.11" or "3.7"; without it the name counts as known if any release has it. */
  readonly version?: string;
}

/**
 * True when Postfix has a parameter of that name, so that setting it is not a spelling mistake: its own
 * names, service names with a suffix, and old names that a current default still reads. Names that only
 * this configuration uses as `$name`, restriction classes and `<table>_<suffix>` settings of database
 * tables are not known here.
 */
export function isKnownParameter(name: string, context: KnownContext = {}): boolean {
  const row = rows().get(name);
  if (row) {
    const { version } = context;
    return version === undefined || includesFeature(version, row[4], row[7]?.backports ?? []);
  }
  const legacy = removedRows().get(name);
  if (legacy) return stillWorks(legacy, context.version);
  const pattern = transportPattern(name);
  if (!pattern || (context.version !== undefined && !hasReached(context.version, pattern.since)))
    return false;
  if (context.transports === undefined) return true;
  for (const transport of context.transports) if (name === transport + pattern.suffix) return true;
  return false;
}

function stillWorks(legacy: RemovedRow, version: string | undefined): boolean {
  // What a RAW default mentions is filled in for each delivery, not from main.cf.
  const tables = data().tables;
  const through = (legacy.readThrough ?? []).map((name) => rows().get(name));
  if (through.some((row) => row && tables[row[2]] !== "RAW")) return true;
  return version !== undefined && legacy.goneIn !== undefined && !hasReached(version, legacy.goneIn);
}

/**
 * The built-in default in that release, not expanded, as `postconf -d` prints it; where Debian 12's build
 * of 3.7 differs (paths, map type) Debian's. Undefined for unknown names and for values that depend on
 * the host. Version without patch level: the newest of that branch.
 */
export function defaultValue(name: string, version: string = ASSUMED_POSTFIX_VERSION): string | undefined {
  const ofDistribution = hasReached(version, "3.7") && !hasReached(version, "3.8") && debian().get(name);
  if (typeof ofDistribution === "string") return ofDistribution;
  // The release's own number, where it is named in full.
  if (name === "mail_version") return /\.\d+\./.test(version) ? version : undefined;
  const facts = parameterFacts(name);
  if (!facts || facts.removed) return undefined;
  if (facts.history.length === 0) return facts.default;
  let value: string | undefined;
  for (const [from, text] of facts.history) {
    // Before the first entry the oldest known default is the best answer (a backport).
    if (value === undefined || isReleasedBy(version, from)) value = text;
  }
  return value;
}

function factsOfRow(row: Row): ParameterFacts {
  const [name, classNumber, tableNumber, defaultText, since, readersNumber, mayBeEmpty, extra = {}] = row;
  const list = extra.enum === undefined ? undefined : data().enums[extra.enum];
  const history = unpackHistory(extra.history ?? []);
  return {
    ...noFacts(name, data().classes[classNumber] ?? "string", since),
    table: data().tables[tableNumber] ?? "STR",
    default: defaultText ?? history.at(-1)?.[1],
    history,
    backports: extra.backports ?? [],
    readBy: data().readers[readersNumber] ?? [],
    usedIn: extra.usedIn === undefined ? [] : (data().readers[extra.usedIn] ?? []),
    mayBeEmpty: mayBeEmpty === 1,
    min: extra.min,
    max: extra.max,
    minLength: extra.minLength,
    maxLength: extra.maxLength,
    unit: extra.unit,
    enum: list && {
      values: list.values ?? [],
      multiple: list.multiple ?? false,
      caseSensitive: list.caseSensitive ?? false,
      note: list.note,
    },
    deprecatedSince: extra.deprecated,
    replacement: extra.replacement,
    readOnly: extra.readOnly ?? false,
  };
}

function unpackHistory(packed: NonNullable<Extra["history"]>): [version: string, value: string][] {
  let value = "";
  return packed.map(([version, kept, rest]) => {
    value = value.slice(0, kept) + rest;
    return [version, value];
  });
}

function factsOfRemoved(row: RemovedRow): ParameterFacts {
  return {
    ...noFacts(row.name, "string", row.since ?? "1.1"),
    mayBeEmpty: true,
    replacement: row.replacement,
    removed: { goneIn: row.goneIn, readThrough: row.readThrough ?? [], warnedSince: row.warnedSince },
  };
}
