/**
 * Which names a configuration may set and which `$names` it may use, as postconf(1) judges them
 * (postconf_user.c, postconf_service.c, postconf_dbms.c, postconf_unused.c; POSTFIX 1.6): Postfix's own, those
 * of a service and a suffix, those that some value uses as `$name`, restriction classes, and settings of a
 * database table that is named without a path.
 */
import { isKnownParameter, parameterFacts } from "../../knowledge/parameters.js";
import { transportPattern } from "../../knowledge/servicePatterns.js";
import { type ExpressionPart, parseExpression } from "../../syntax/postfix/expression.js";
import type { MainEntry } from "../../syntax/postfix/main.js";
import type { MasterOption } from "../../syntax/postfix/master.js";
import { splitList } from "../../syntax/postfix/words.js";
import type { Location } from "../located.js";
import type { MainParameters } from "./parameters.js";
import type { Service } from "./services.js";

/** An assignment to a name that no program reads. */
export interface UnusedName {
  readonly name: string;
  readonly at: Location;
  /** The entry of main.cf, or the option with its service. */
  readonly entry: MainEntry | undefined;
  readonly option: MasterOption | undefined;
  readonly service: Service | undefined;
}

/** A `$name` that nothing defines: it expands to nothing. */
export interface UndefinedName {
  readonly name: string;
  /** The parameter in whose value it stands. */
  readonly within: string;
  /** The name without its `$`. */
  readonly at: Location;
  /** The whole `$name` or `${name...}`. */
  readonly whole: Location;
}

export interface ParameterNames {
  /** Every name that some value uses as `$name`. */
  readonly used: ReadonlySet<string>;
  readonly unused: readonly UnusedName[];
  readonly undefined: readonly UndefinedName[];
}

const DATABASE = /(?:ldap|mysql|pgsql|sqlite|memcache):([A-Za-z0-9_.-]+)(?![A-Za-z0-9_.-]|\/)/g;

/** A value with what postconf needs to know about its place. */
interface Written {
  readonly name: string;
  readonly value: string;
  readonly service: Service | undefined;
  readonly at: (start: number, end: number) => Location;
}

export function readParameterNames(main: MainParameters, services: readonly Service[]): ParameterNames {
  const programs = new Map<string, Set<string>>();
  for (const { name, program } of services) {
    const known = programs.get(name);
    if (known) known.add(program);
    else programs.set(name, new Set([program]));
  }
  const known = new Map<string, boolean>();
  const isKnown = (name: string): boolean => {
    let answer = known.get(name);
    if (answer === undefined) {
      answer = isKnownParameter(name, { transports: [] }) || isServiceParameter(name, programs);
      known.set(name, answer);
    }
    return answer;
  };
  const values = [...mainValues(main), ...services.flatMap(optionValues)];
  // What -o of a service defines is there for that service, and for values of main.cf.
  const defined = (name: string, service: Service | undefined): boolean =>
    main.entry(name) !== undefined ||
    (service ? [service] : services).some((one) => one.options.some((option) => option.name === name));
  const used = new Set<string>();
  const tables = new Set<string>();
  const missing: UndefinedName[] = [];
  const classes = new Map<Service | undefined, Set<string>>();
  for (const { name, value, service, at } of values) {
    if (name === "smtpd_restriction_classes") classes.set(service, new Set(splitList(value)));
    if (value.includes(":")) for (const [, table] of value.matchAll(DATABASE)) if (table) tables.add(table);
    if (!value.includes("$") || parameterFacts(name)?.table === "RAW") continue;
    for (const reference of references(parseExpression(value))) {
      used.add(reference.name);
      if (isKnown(reference.name) || defined(reference.name, service)) continue;
      missing.push({
        name: reference.name,
        within: name,
        at: at(reference.nameRange.start, reference.nameRange.end),
        whole: at(reference.range.start, reference.range.end),
      });
    }
  }
  const isUsed = (name: string, service: Service | undefined): boolean =>
    used.has(name) ||
    classes.get(undefined)?.has(name) === true ||
    (service !== undefined && classes.get(service)?.has(name) === true) ||
    (service === undefined && [...classes.values()].some((names) => names.has(name))) ||
    [...tables].some((table) => name.startsWith(`${table}_`));
  const unused: UnusedName[] = [];
  for (const name of main.names) {
    const entry = main.entry(name);
    if (!entry || isKnown(name) || isUsed(name, undefined)) continue;
    const at = { file: main.file, range: entry.nameRange };
    unused.push({ name, at, entry, option: undefined, service: undefined });
  }
  for (const service of services)
    for (const option of lastOptions(service)) {
      const { name } = option;
      if (isKnown(name) || isUsed(name, service)) continue;
      const at = { file: service.location.file, range: option.nameRange };
      unused.push({ name, at, entry: undefined, option, service });
    }
  return { used, unused, undefined: missing };
}

/** Names of a service and a suffix count when a service of that name runs a program that they are for. */
function isServiceParameter(name: string, programs: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  const pattern = transportPattern(name);
  if (!pattern) return false;
  const run = programs.get(pattern.service);
  return run !== undefined && pattern.programs.some((program) => run.has(program));
}

function* mainValues(main: MainParameters): Generator<Written> {
  for (const name of main.names) {
    const entry = main.entry(name);
    if (!entry) continue;
    const at = (start: number, end: number) => ({ file: main.file, range: entry.valuePart(start, end) });
    yield { name, value: entry.value, service: undefined, at };
  }
}

function optionValues(service: Service): Written[] {
  const { file } = service.location;
  return lastOptions(service).map((option) => ({
    name: option.name,
    value: option.value,
    service,
    at: (start, end) => ({ file, range: option.valuePart(start, end) }),
  }));
}

/** The options that count: the last one of each name. */
export function lastOptions(service: Service): MasterOption[] {
  if (service.options.length === 0) return [];
  const last = new Map<string, MasterOption>();
  for (const option of service.options) if (option.valid) last.set(option.name, option);
  return [...last.values()];
}

/** Every `$name` of a value, whether its branch is taken or not. */
function* references(
  parts: readonly ExpressionPart[],
): Generator<Extract<ExpressionPart, { kind: "reference" }>> {
  for (const part of parts) {
    if (part.kind === "reference") {
      yield part;
      yield* references(part.whenSet ?? []);
      yield* references(part.whenEmpty ?? []);
    } else if (part.kind === "comparison")
      for (const inner of [part.left, part.right, part.whenTrue ?? [], part.whenFalse ?? []])
        yield* references(inner);
  }
}
