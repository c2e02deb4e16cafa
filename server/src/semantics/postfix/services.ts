/**
 * The services of master.cf: which entry counts, under which identity, with which parameters
 * (master_ent.c and master_conf.c as written down in POSTFIX 1.6; scenarios f01 to f45, l1 to m3).
 */
import type { Column, MasterEntry, MasterOption, MasterTree } from "../../syntax/postfix/master.js";
import { hasPlaceholder } from "../../syntax/postfix/words.js";
import type { Location } from "../located.js";
import { normaliseAddress } from "./address.js";
import { SERVICE_TYPES } from "./columns.js";
import { readPort, splitHostPort } from "./endpoints.js";
import { createEnvironment, type Environment, type MainParameters } from "./parameters.js";

export interface Service {
  readonly entry: MasterEntry;
  /** First column as written. */
  readonly name: string;
  /** inet, unix, fifo, pass, unix-dgram; what is none of them is guessed from the name. */
  readonly type: string;
  /** Last part of the command's path. */
  readonly program: string;
  /** True for `n`; `-` and `y` mean private. */
  readonly public: boolean;
  /** Identity that master(8) compares: type and canonical name; undefined when it cannot be known. */
  readonly key: string | undefined;
  /** Options in the order of the file, with those of a line that lost its indentation. The last of a name counts. */
  readonly options: readonly MasterOption[];
  readonly environment: Environment;
  readonly location: Location;
  readonly nameLocation: Location;
  /** The later entry with the same identity, which counts instead of this one. */
  overriddenBy: Service | undefined;
  /** True when a template fills in a part of the columns: what it is cannot be known. */
  readonly uncertain: boolean;
}

export interface ServiceOptions {
  readonly file: string;
  readonly main: MainParameters;
  readonly version: string | undefined;
  readonly missingMain: string | undefined;
  /** The environment of main.cf alone. */
  readonly environment: Environment;
  readonly isServiceParameter?: ((name: string) => boolean) | undefined;
}

/** The services in the order of the file. Entries without a service name and type are left out. */
export function readServices(tree: MasterTree, options: ServiceOptions): Service[] {
  const services: Service[] = [];
  const byKey = new Map<string, Service>();
  tree.entries.forEach((entry, index) => {
    const { service: name, type } = entry.columns;
    if (entry.stray || !name || !type || entry.lostOptions.length > 0) return;
    const service = readService(entry, tree.entries[index + 1], options);
    services.push(service);
    if (service.key === undefined) return;
    const earlier = byKey.get(service.key);
    if (earlier) earlier.overriddenBy = service;
    byKey.set(service.key, service);
  });
  for (const service of services)
    while (service.overriddenBy?.overriddenBy) service.overriddenBy = service.overriddenBy.overriddenBy;
  return services;
}

function readService(entry: MasterEntry, next: MasterEntry | undefined, options: ServiceOptions): Service {
  const text = (column: Column) => entry.columns[column]?.text ?? "";
  const { file, main, version, missingMain, environment } = options;
  const uncertain = [text("service"), text("type"), text("private"), text("command")].some(hasPlaceholder);
  const known = SERVICE_TYPES.includes(text("type"));
  const at = (range: { start: number; end: number }): Location => ({ file, range });
  const effective = [...entry.options, ...(next?.lostOptions ?? [])];
  return {
    entry,
    name: text("service"),
    type: known ? text("type") : guessType(text("service")),
    program: (text("command") || lastWord(entry)).split("/").pop() ?? "",
    public: text("private") === "n",
    key: uncertain || !known ? undefined : serviceKey(text("service"), text("type"), text("private")),
    options: effective,
    environment: createEnvironment(main, file, effective, version, missingMain, environment, {
      isServiceParameter: options.isServiceParameter,
      own: new Map([
        ["process_name", text("command").split("/").pop() ?? ""],
        ["service_name", text("service")],
      ]),
    }),
    location: at(entry.range),
    nameLocation: at(entry.columns.service?.range ?? entry.range),
    overriddenBy: undefined,
    uncertain,
  };
}

/** The command of an entry that lacks columns: its last word, when the line is no longer than that. */
function lastWord(entry: MasterEntry): string {
  return entry.words.length > 2 ? (entry.words.at(-1)?.text ?? "") : "";
}

/** What an entry with a misspelt type was meant to be, so that the rest of the system is judged as if it were. */
function guessType(name: string): string {
  return /^\d+$|:\d+$|^\[/.test(name) ? "inet" : "unix";
}

/**
 * The identity of a service: for inet a number for the port and the one spelling of an address, a host
 * name as written (f26-case); for the others private or public and the name (m3-unix-public-private).
 */
export function serviceKey(name: string, type: string, privateColumn: string): string | undefined {
  if (type !== "inet") return `${type}:${privateColumn === "n" ? "public" : "private"}/${name}`;
  const { host, port, fault } = splitHostPort(name, "port");
  if (fault !== undefined) return undefined;
  const number = readPort(port);
  if (number.kind !== "number") return undefined;
  const address = host === "" ? "" : `[${normaliseAddress(host) ?? host}]:`;
  return `inet:${address}${number.number}`;
}
