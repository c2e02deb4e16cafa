/** What `postconf -n`, `-xn`, `-d`, `-P` and `-Px` print, as data. */
import { isBuiltInParameter, parameterFacts, parameterNames } from "../../knowledge/parameters.js";
import { servicePatterns } from "../../knowledge/servicePatterns.js";
import { parseExpression, scannedParts } from "../../syntax/postfix/expression.js";
import type { MasterOption, MasterTree } from "../../syntax/postfix/master.js";
import type { Location } from "../located.js";
import { type Names, readNames, serviceParameterTest } from "./names.js";
import {
  createEnvironment,
  type Environment,
  type MainParameters,
  READ_ONLY,
  type Value,
} from "./parameters.js";
import { namespaceOf, normalised, type PostconfEntry, postconfEntries } from "./postconf.js";
import type { Service } from "./services.js";

export interface ParameterView {
  readonly name: string;
  /** As written, blanks normalised; undefined where only the machine could tell. */
  readonly value: string | undefined;
  /** With `$names` expanded; undefined where the files do not say, or where a fault stops every program. */
  readonly expanded: string | undefined;
  /** Why there is no value, or no expanded one. */
  readonly unknown: string | undefined;
  /** The warning with which postconf -x, and every program that reads it, stops. */
  readonly fault: string | undefined;
  /** Where it stands; undefined for a built-in default. */
  readonly origin: Location | undefined;
}

export interface PostconfInput {
  readonly main: MainParameters;
  readonly master: MasterTree | undefined;
  readonly masterFile: string;
  readonly services: readonly Service[];
  readonly version: string;
  readonly missingMain: string | undefined;
}

/** postconf's reading of one configuration. */
export class PostconfView {
  readonly entries: readonly PostconfEntry[];
  readonly #input: PostconfInput;
  readonly #environment: Environment;
  /** By name and type; entries of one name share their parameters, the last assignment counts. */
  readonly #namespaces = new Map<string, Map<string, MasterOption>>();
  readonly #isServiceParameter: ((name: string) => boolean) | undefined;

  constructor(input: PostconfInput) {
    this.#input = input;
    this.entries = input.master ? postconfEntries(input.master) : [];
    this.#isServiceParameter = serviceParameterTest(input.master);
    const { main, masterFile, version, missingMain } = input;
    this.#environment = createEnvironment(main, masterFile, [], version, missingMain, undefined, {
      isServiceParameter: this.#isServiceParameter,
    });
    for (const entry of this.entries)
      for (const option of entry.options) {
        const namespace = this.#namespaces.get(namespaceOf(entry)) ?? new Map<string, MasterOption>();
        this.#namespaces.set(namespaceOf(entry), namespace.set(option.name, option));
      }
    for (const namespace of this.#namespaces.values()) for (const name of READ_ONLY) namespace.delete(name);
  }

  /** What `postconf -n` prints: names that nothing reads are left out, as are those that are ignored. */
  set(): ParameterView[] {
    const { main } = this.#input;
    const names = this.names();
    return [...main.names]
      .filter((name) => !READ_ONLY.has(name) && names.isValid(name))
      .sort(byBytes)
      .map((name) => this.#view(name, this.#environment));
  }

  /** What `postconf -d` prints for the names that main.cf does not set; expanded as `postconf -x` does. */
  defaults(): ParameterView[] {
    const { main } = this.#input;
    const names = new Set(parameterNames(this.#input.version));
    for (const { fields } of this.entries)
      for (const { suffix, programs } of servicePatterns())
        if (programs.includes(fields[7] ?? "")) names.add(`${fields[0]}${suffix}`);
    return [...names]
      .filter((name) => !main.entry(name) || READ_ONLY.has(name))
      .sort(byBytes)
      .map((name) => this.#view(name, this.#environment));
  }

  /** The namespaces that have parameters, in the order of the file. */
  namespaces(): ReadonlyMap<string, readonly ParameterView[]> {
    const views = new Map<string, ParameterView[]>();
    for (const entry of this.entries) {
      const namespace = namespaceOf(entry);
      const options = this.#namespaces.get(namespace);
      if (!options || options.size === 0 || views.has(namespace)) continue;
      const environment = this.environmentOf(entry);
      views.set(
        namespace,
        [...options.keys()].sort(byBytes).map((name) => this.#optionView(name, environment)),
      );
    }
    return views;
  }

  locate({ entry }: PostconfEntry): Location {
    return { file: this.#input.masterFile, range: entry.range };
  }

  /** Entries that lack columns: postconf ends at the first of them. */
  leftOut(): Location[] {
    const read = new Set(this.entries.map(({ entry }) => entry));
    const entries = this.#input.master?.entries ?? [];
    return entries
      .filter((entry) => !read.has(entry))
      .map(({ range }) => ({ file: this.#input.masterFile, range }));
  }

  /** Parameters as postconf looks them up for an entry. */
  environmentOf(entry: PostconfEntry): Environment {
    const { main, masterFile, version, missingMain } = this.#input;
    const options = [...(this.#namespaces.get(namespaceOf(entry))?.values() ?? [])];
    return createEnvironment(main, masterFile, options, version, missingMain, this.#environment, {
      isServiceParameter: this.#isServiceParameter,
      own: new Map([
        ["process_name", entry.fields[7]?.split("/").pop() ?? ""],
        ["service_name", entry.fields[0] ?? ""],
      ]),
    });
  }

  #view(name: string, environment: Environment): ParameterView {
    // Each program has its own values of these.
    const raw = READ_ONLY.has(name) ? undefined : environment.definition(name);
    const facts = parameterFacts(name);
    if (!raw) {
      const { unknown } = environment.value(name);
      return {
        name,
        value: undefined,
        expanded: undefined,
        unknown: unknown ?? "not known",
        fault: undefined,
        origin: undefined,
      };
    }
    const value = normalised(raw.raw);
    // These are kept as they are: names in them are filled in when they are used.
    if (facts?.table === "RAW")
      return { name, value, expanded: value, unknown: undefined, fault: undefined, origin: raw.origin };
    return { name, value, ...expansion(environment.value(name)), origin: raw.origin };
  }

  #optionView(name: string, environment: Environment): ParameterView {
    const definition = environment.definition(name);
    const value = normalised(definition?.raw ?? "");
    return { name, value, ...expansion(environment.value(name)), origin: definition?.origin };
  }

  /** What ends every postconf, whatever it is asked: it expands all values of parameters that Postfix has. */
  faults(): string[] {
    const { main } = this.#input;
    const own = (name: string) =>
      parameterFacts(name)?.table !== "RAW" &&
      (isBuiltInParameter(name, this.#input.version) || this.#isServiceParameter?.(name) === true);
    // The machine's networks are worked out from these, also where they are defaults.
    const forNetworks = main.entry("mynetworks")
      ? []
      : ["mynetworks_style", "inet_interfaces", "inet_protocols"];
    const faults = [...[...main.names].filter(own), ...forNetworks].map(
      (name) => this.#environment.value(name).fault,
    );
    for (const entry of this.entries) {
      const environment = this.environmentOf(entry);
      const names = [...(this.#namespaces.get(namespaceOf(entry))?.keys() ?? [])];
      faults.push(...names.filter(own).map((name) => environment.value(name).fault));
    }
    return faults.filter((fault) => fault !== undefined);
  }

  /** Warnings about `$` expressions in all values, also where no branch is taken that has them. */
  scanFaults(): string[] {
    const { main } = this.#input;
    const values = [...main.names].map((name) => [name, main.entry(name)?.value ?? ""] as const);
    for (const options of this.#namespaces.values())
      for (const { name, value } of options.values()) values.push([name, value]);
    return values.flatMap(([name, value]) => {
      if (!value.includes("$") || READ_ONLY.has(name) || parameterFacts(name)?.table === "RAW") return [];
      return [...scannedParts(parseExpression(value))].flatMap((part) =>
        part.kind === "broken" ? [part.log] : [],
      );
    });
  }

  /** Validity by what postconf takes for options, which is not always what the daemon does. */
  names(): Names {
    const byEntry = new Map(this.#input.services.map((service) => [service.entry, service]));
    const services = this.entries.flatMap((entry) => {
      const service = byEntry.get(entry.entry);
      return service ? [{ ...service, options: entry.options, environment: this.environmentOf(entry) }] : [];
    });
    const { main, version } = this.#input;
    return readNames({
      main,
      environment: this.#environment,
      services,
      version,
      isServiceParameter: this.#isServiceParameter ?? (() => false),
    });
  }
}

function expansion({ text, unknown, fault }: Value): Pick<ParameterView, "expanded" | "unknown" | "fault"> {
  return unknown === undefined && fault === undefined
    ? { expanded: normalised(text), unknown: undefined, fault: undefined }
    : { expanded: undefined, unknown: fault ?? unknown, fault };
}

function byBytes(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
