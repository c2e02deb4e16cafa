/**
 * Which parameter names a configuration may use, and which of its `$names` nothing defines, as postconf(1)
 * finds it (its modules for service, user and database parameters; every branch measured with 3.7.11).
 *
 * A name is valid when Postfix has it, when it is made of a service of master.cf and a suffix, or when the
 * configuration uses it itself: some `$name` refers to it, a restriction class is called so, or a database table
 * without a file of its own reads it. main.cf and the `-o` of each service are scopes of their own: what main.cf
 * mentions makes a name valid everywhere, what a service mentions only there and in main.cf.
 */
import { databaseSuffixes, mayNameDatabase } from "../../knowledge/databaseTables.js";
import { isBuiltInParameter, isLegacyParameter, parameterFacts } from "../../knowledge/parameters.js";
import { servicePatterns } from "../../knowledge/servicePatterns.js";
import { parseExpression, scannedParts } from "../../syntax/postfix/expression.js";
import type { MasterTree } from "../../syntax/postfix/master.js";
import { extractBraces, splitList } from "../../syntax/postfix/words.js";
import type { Location } from "../located.js";
import {
  createEnvironment,
  type Definition,
  type Environment,
  MainParameters,
  READ_ONLY,
  type Value,
} from "./parameters.js";
import type { Service } from "./services.js";

/** A name that is set where nothing reads it: postconf's "unused parameter". */
export interface UnusedName {
  readonly name: string;
  readonly value: string;
  readonly nameLocation: Location;
  readonly valueLocation: Location;
  /** The service whose `-o` it is; undefined in main.cf. */
  readonly service: Service | undefined;
}

/** A `$name` that has neither a value nor a default: postconf's "undefined parameter". It expands to nothing. */
export interface UndefinedName {
  readonly name: string;
  /** The parameter in whose value it stands. */
  readonly parameter: string;
  /** The raw value, and where in it the name stands. */
  readonly value: string;
  readonly start: number;
  readonly end: number;
  readonly location: Location;
  readonly service: Service | undefined;
}

export interface Names {
  /** In the order of the files. Names that a template fills in are among them: whoever reports must look. */
  readonly unused: readonly UnusedName[];
  readonly undefined: readonly UndefinedName[];
  /** Assignments that every program ignores (process_id, process_name, service_name). */
  readonly readOnly: readonly UnusedName[];
  /** Whether postconf takes the name in main.cf or, with a service, in its `-o`. */
  isValid(name: string, service?: Service): boolean;
  /** Names of main.cf that are valid only because the configuration itself uses them. */
  readonly userDefined: ReadonlySet<string>;
}

export interface NamesInput {
  readonly main: MainParameters;
  readonly environment: Environment;
  readonly services: readonly Service[];
  readonly version: string;
  readonly isServiceParameter: (name: string) => boolean;
}

/** The names of one scope: main.cf, or all `-o` of the entries that share a service's name and type. */
interface Scope {
  readonly service: Service | undefined;
  readonly definitions: ReadonlyMap<string, Definition>;
  readonly nameLocations: ReadonlyMap<string, Location>;
  readonly environment: Environment;
  /** Valid in this scope only. */
  readonly valid: Set<string>;
}

export function readNames(input: NamesInput): Names {
  const reader = new NameReader(input);
  return {
    unused: reader.unused(),
    undefined: reader.undefinedNames,
    readOnly: reader.readOnly(),
    isValid: (name, service) => reader.isValid(name, service),
    userDefined: reader.main.valid,
  };
}

/** The test whether a name is made of a service in master.cf and a suffix that this service's program has. */
export function serviceParameterTest(tree: MasterTree | undefined): ((name: string) => boolean) | undefined {
  if (!tree) return undefined;
  let programs: Map<string, Set<string>> | undefined;
  const read = () => {
    const table = new Map<string, Set<string>>();
    for (const { columns, stray } of tree.entries) {
      if (stray || !columns.service || !columns.command) continue;
      const known = table.get(columns.service.text);
      if (known) known.add(columns.command.text);
      else table.set(columns.service.text, new Set([columns.command.text]));
    }
    return table;
  };
  return (name) =>
    servicePatterns().some((pattern) => {
      if (!name.endsWith(pattern.suffix)) return false;
      programs ??= read();
      const found = programs.get(name.slice(0, -pattern.suffix.length));
      return found !== undefined && pattern.programs.some((program) => found.has(program));
    });
}

class NameReader {
  readonly main: Scope;
  readonly undefinedNames: UndefinedName[] = [];
  readonly #input: NamesInput;
  readonly #scopes: Scope[] = [];
  readonly #byService = new Map<Service, Scope>();

  constructor(input: NamesInput) {
    this.#input = input;
    this.main = mainScope(input);
    const byName = new Map<string, Service[]>();
    for (const service of input.services) {
      const key = `${service.name}/${service.entry.columns.type?.text ?? ""}`;
      const known = byName.get(key);
      if (known) known.push(service);
      else byName.set(key, [service]);
    }
    for (const same of byName.values()) {
      const scope = serviceScope(same);
      for (const service of same) this.#byService.set(service, scope);
      if (scope.definitions.size > 0) this.#scopes.push(scope);
    }
    for (const scope of [this.main, ...this.#scopes]) this.#scan(scope);
  }

  isValid(name: string, service?: Service): boolean {
    if (this.#isKnown(name) || this.main.valid.has(name)) return true;
    return service !== undefined && this.#byService.get(service)?.valid.has(name) === true;
  }

  unused(): UnusedName[] {
    return this.#select((name, scope) => !this.isValid(name) && !scope.valid.has(name));
  }

  readOnly(): UnusedName[] {
    return this.#select((name) => READ_ONLY.has(name));
  }

  #select(wanted: (name: string, scope: Scope) => boolean): UnusedName[] {
    const found: UnusedName[] = [];
    for (const scope of [this.main, ...this.#scopes])
      for (const [name, definition] of scope.definitions) {
        const nameLocation = scope.nameLocations.get(name);
        if (!nameLocation || !wanted(name, scope)) continue;
        const valueLocation = definition.origin ?? nameLocation;
        found.push({ name, value: definition.raw, nameLocation, valueLocation, service: scope.service });
      }
    return found;
  }

  /** Names that are there without the configuration's doing. */
  #isKnown(name: string): boolean {
    const { version } = this.#input;
    return this.#isOwn(name) || isLegacyParameter(name, version);
  }

  #isOwn(name: string): boolean {
    const { version, isServiceParameter } = this.#input;
    return isBuiltInParameter(name, version) || isServiceParameter(name);
  }

  /** Follows what the values of a scope mention. */
  #scan(scope: Scope): void {
    const classes = scope.definitions.has("smtpd_restriction_classes") ? restrictionClasses(scope) : "";
    for (const name of classes.split(/[, \t\r\n]+/))
      if (name !== "" && !this.#use(name, scope)) this.#undefinedIn(scope, "smtpd_restriction_classes", name);
    for (const [name, definition] of scope.definitions) {
      const { raw } = definition;
      const refers = raw.includes("$");
      if ((!refers && !mayNameDatabase(raw)) || READ_ONLY.has(name)) continue;
      if (parameterFacts(name)?.table === "RAW") continue;
      if (refers) this.#scanValue(scope, definition);
      if (this.#isOwn(name)) this.#scanDatabases(scope, name);
    }
  }

  #scanValue(scope: Scope, definition: Definition): void {
    for (const part of scannedParts(parseExpression(definition.raw))) {
      if (part.kind !== "reference" || this.#use(part.name, scope)) continue;
      const { start, end } = part.nameRange;
      const location = definition.part?.(start, end) ?? definition.origin;
      if (!location) continue;
      this.undefinedNames.push({
        name: part.name,
        parameter: definition.name,
        value: definition.raw,
        start,
        end,
        location,
        service: scope.service,
      });
    }
  }

  /** A restriction class that is nowhere defined; found in the expanded value, so it is looked for in the text. */
  #undefinedIn(scope: Scope, parameter: string, name: string): void {
    const definition = scope.definitions.get(parameter);
    if (!definition?.origin) return;
    const start = Math.max(0, definition.raw.indexOf(name));
    const end = definition.raw.startsWith(name, start) ? start + name.length : definition.raw.length;
    const location = definition.part?.(start, end) ?? definition.origin;
    const { service } = scope;
    this.undefinedNames.push({ name, parameter, value: definition.raw, start, end, location, service });
  }

  /** `ldap:people` in a value reads people_search_base and the like (the form without a file). */
  #scanDatabases(scope: Scope, name: string): void {
    const value = scope.environment.value(name).text;
    if (!mayNameDatabase(value)) return;
    for (const [type, table] of tableNames(value))
      for (const suffix of databaseSuffixes(type) ?? []) this.#use(`${table}_${suffix}`, scope);
  }

  /** Makes a name valid where it is set; false when it is set nowhere and Postfix has none of that name. */
  #use(name: string, scope: Scope): boolean {
    let found = false;
    if (scope !== this.main && scope.definitions.has(name)) {
      scope.valid.add(name);
      found = true;
    } else if (this.main.definitions.has(name)) {
      if (!this.#isKnown(name)) this.main.valid.add(name);
      found = true;
    }
    if (scope === this.main)
      for (const other of this.#scopes)
        if (other.definitions.has(name)) {
          other.valid.add(name);
          found = true;
        }
    return found || this.#isKnown(name);
  }
}

function restrictionClasses({ definitions }: Scope): string {
  const values = [...definitions.values()].map(({ name, raw }) => [name, raw] as const);
  return expandRestrictionClasses(new Map(values)).text;
}

/**
 * The list of restriction classes as postconf expands it: with nothing but what main.cf, or the service, sets
 * itself, not even the defaults.
 */
export function expandRestrictionClasses(own: ReadonlyMap<string, string>): Value {
  const none = new MainParameters("", undefined);
  const scope = { withoutDefaults: true, own };
  const environment = createEnvironment(none, "", [], undefined, undefined, undefined, scope);
  return environment.value("smtpd_restriction_classes");
}

function mainScope({ main, environment }: NamesInput): Scope {
  const definitions = new Map<string, Definition>();
  const nameLocations = new Map<string, Location>();
  for (const name of main.names) {
    const definition = main.definition(name);
    const entry = main.entry(name);
    if (!definition || !entry) continue;
    definitions.set(name, definition);
    nameLocations.set(name, { file: main.file, range: entry.nameRange });
  }
  return { service: undefined, definitions, nameLocations, environment, valid: new Set() };
}

function serviceScope(same: readonly Service[]): Scope {
  const definitions = new Map<string, Definition>();
  const nameLocations = new Map<string, Location>();
  for (const { options, location } of same)
    for (const option of options) {
      if (!option.valid) continue;
      const { name, value: raw, valueRange, valuePart, nameRange } = option;
      const { file } = location;
      const part = (start: number, end: number) => ({ file, range: valuePart(start, end) });
      definitions.set(name, { name, raw, source: "option", origin: { file, range: valueRange }, part });
      nameLocations.set(name, { file, range: nameRange });
    }
  const service = same.at(-1);
  if (!service) throw new Error("a scope has a service");
  return { service, definitions, nameLocations, environment: service.environment, valid: new Set() };
}

/** The type:name pairs of a value, whatever it is, also inside braces; names of files are left out. */
function tableNames(value: string): [type: string, name: string][] {
  const found: [string, string][] = [];
  for (const word of splitList(value)) {
    if (word.startsWith("{")) {
      found.push(...tableNames(extractBraces(word)));
      continue;
    }
    const pieces = word.split(":");
    while (pieces[0] === "proxy" && pieces.length > 1) pieces.shift();
    const [type = "", ...rest] = pieces;
    const name = rest.join(":");
    if (rest.length === 0 || name.startsWith("/") || name.startsWith(".")) continue;
    if (name.startsWith("{")) found.push(...tableNames(extractBraces(name)));
    else found.push([type, name]);
  }
  return found;
}
