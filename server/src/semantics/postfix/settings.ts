/**
 * Every place where a parameter gets a value that counts, with the environment in which it is read: what rules
 * about values go through. An assignment that a later one overrides is none.
 */
import { type ParameterFacts, parameterFacts } from "../../knowledge/parameters.js";
import type { Location } from "../located.js";
import type { Definition, Environment, MainParameters, Value } from "./parameters.js";
import type { Service } from "./services.js";

export interface Setting {
  readonly name: string;
  readonly definition: Definition;
  readonly nameLocation: Location;
  /** The whole value as it stands in the file. */
  readonly valueLocation: Location;
  /** The service whose `-o` it is, or in whose environment a value of main.cf differs; undefined for main.cf itself. */
  readonly service: Service | undefined;
  readonly environment: Environment;
  /** What is known of the parameter; undefined for a name that Postfix does not have. */
  readonly facts: ParameterFacts | undefined;
  /** The value as the daemon reads it; for parameters that are kept unexpanded (RAW) as written. */
  readonly value: Value;
}

/** The settings of main.cf, then those of each service; entries that another overrides are left out. */
export function readSettings(
  main: MainParameters,
  environment: Environment,
  services: readonly Service[],
): Setting[] {
  const settings: Setting[] = [];
  for (const name of main.names) settings.push(...mainSetting(name, main, environment, undefined));
  let dependents: Map<string, string[]> | undefined;
  for (const service of services) {
    if (service.overriddenBy) continue;
    settings.push(...optionSettings(service));
    if (service.options.length === 0) continue;
    dependents ??= dependentsOf(main, environment);
    settings.push(...changedByOptions(service, main, dependents));
  }
  return settings;
}

/** For each `$name`, the parameters of main.cf whose value depends on it. */
function dependentsOf(main: MainParameters, environment: Environment): Map<string, string[]> {
  const table = new Map<string, string[]>();
  for (const name of main.names)
    for (const mentioned of environment.value(name).mentions) {
      const known = table.get(mentioned);
      if (known) known.push(name);
      else table.set(mentioned, [name]);
    }
  return table;
}

function mainSetting(
  name: string,
  main: MainParameters,
  environment: Environment,
  service: Service | undefined,
): Setting[] {
  const entry = main.entry(name);
  const definition = environment.definition(name);
  if (!entry || definition?.source !== "main") return [];
  const at = { file: main.file, range: entry.nameRange };
  return [setting(definition, at, environment, service)];
}

function optionSettings(service: Service): Setting[] {
  const last = new Map(
    service.options.filter((option) => option.valid).map((option) => [option.name, option] as const),
  );
  return [...last.values()].flatMap((option) => {
    const definition = service.environment.definition(option.name);
    if (definition?.source !== "option") return [];
    const at = { file: service.location.file, range: option.nameRange };
    return [setting(definition, at, service.environment, service)];
  });
}

/** What main.cf sets by way of a `$name` that an option of the service changes, in the order of main.cf. */
function changedByOptions(
  service: Service,
  main: MainParameters,
  dependents: ReadonlyMap<string, readonly string[]>,
): Setting[] {
  const options = new Set(service.options.map((option) => option.name));
  const changed = new Set<string>();
  for (const option of options)
    for (const name of dependents.get(option) ?? []) if (!options.has(name)) changed.add(name);
  if (changed.size === 0) return [];
  return [...main.names].flatMap((name) =>
    changed.has(name) ? mainSetting(name, main, service.environment, service) : [],
  );
}

function setting(
  definition: Definition,
  nameLocation: Location,
  environment: Environment,
  service: Service | undefined,
): Setting {
  return new ReadSetting(definition, nameLocation, environment, service);
}

/** Facts and value are looked up when they are first asked for: most settings of a file stay what they were. */
class ReadSetting implements Setting {
  readonly name: string;
  readonly valueLocation: Location;
  #facts: ParameterFacts | undefined | null = null;

  constructor(
    readonly definition: Definition,
    readonly nameLocation: Location,
    readonly environment: Environment,
    readonly service: Service | undefined,
  ) {
    this.name = definition.name;
    this.valueLocation = definition.origin ?? nameLocation;
  }

  get facts(): ParameterFacts | undefined {
    if (this.#facts === null) this.#facts = parameterFacts(this.name);
    return this.#facts;
  }

  get value(): Value {
    const expanded = this.environment.value(this.name);
    if (this.facts?.table !== "RAW") return expanded;
    return {
      text: this.definition.raw,
      unknown: expanded.unknown,
      definition: this.definition,
      chain: [],
      mentions: new Set<string>(),
      fault: undefined,
    };
  }
}

/** Where a stretch of a setting's value was written, for a finding about that stretch. */
export function locateInSetting(setting: Setting, start: number, end: number): Location {
  const { environment, name, definition, valueLocation, facts } = setting;
  if (facts?.table === "RAW") return definition.part?.(start, end) ?? valueLocation;
  return environment.locate(name, start, end) ?? valueLocation;
}

/**
 * Whether a program looks at a parameter. Programs that are not Postfix's own are taken to read nothing but
 * what every program reads.
 */
export function readsParameter(program: string, facts: ParameterFacts): boolean {
  return facts.readBy.includes("*") || facts.readBy.includes(program);
}
