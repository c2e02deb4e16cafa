/**
 * One mail system: what its programs are set to do, without judging it. Vendor syntax becomes one neutral
 * model here (sockets, filter requests, delivery methods); `flow/` asks the questions.
 */

import { lazy } from "../knowledge/lazy.js";
import { transportPattern } from "../knowledge/servicePatterns.js";
import { type EvaluatedAmavis, evaluateAmavis } from "../semantics/amavis/evaluate.js";
import { normaliseAddress } from "../semantics/postfix/address.js";
import { type HostNames, type ListenSet, listenSet } from "../semantics/postfix/listen.js";
import { type Names, readNames, serviceParameterTest } from "../semantics/postfix/names.js";
import { createEnvironment, type Environment, MainParameters } from "../semantics/postfix/parameters.js";
import { type VersionProfile, versionProfile } from "../semantics/postfix/profile.js";
import { readServices, type Service } from "../semantics/postfix/services.js";
import { readSettings, type Setting } from "../semantics/postfix/settings.js";
import { type AmavisTree, parseAmavis } from "../syntax/amavis/parser.js";
import { type MainTree, parseMain } from "../syntax/postfix/main.js";
import { type MasterTree, parseMaster } from "../syntax/postfix/master.js";
import type { InetSocket } from "./listeners.js";
import type { SourceFile, SystemSource } from "./source.js";
import { type LookupTables, lookupTables } from "./tables.js";

export interface SystemOptions {
  /** The Postfix version that somebody named, such as "3.7"; without it the model infers one (profile). */
  readonly postfixVersion?: string | undefined;
}

export interface MailSystem {
  readonly source: SystemSource;
  readonly options: SystemOptions;
  /** The Postfix release that defaults and accepted syntax are taken from. */
  readonly profile: VersionProfile;
  readonly main: MainTree | undefined;
  readonly master: MasterTree | undefined;
  readonly parameters: MainParameters;
  /** Parameters as main.cf alone gives them. */
  readonly environment: Environment;
  /** All entries of master.cf, also those that a later one overrides. */
  readonly services: readonly Service[];
  /** Every parameter that is set, where it counts. */
  readonly settings: readonly Setting[];
  /** Which parameter names are valid where, and which `$names` nothing defines. */
  readonly names: Names;
  readonly listenSets: ReadonlyMap<Service, ListenSet>;
  readonly amavis: EvaluatedAmavis | undefined;
  readonly amavisTrees: ReadonlyMap<string, AmavisTree>;
  /** The inet sockets of both programs, in the order of the files. */
  readonly sockets: readonly InetSocket[];
  /** The same by port, so that a look-up costs the same however many services there are. */
  readonly socketsByPort: ReadonlyMap<number, readonly InetSocket[]>;
  /** Services that a transport name means: by name, private ones first. */
  readonly transports: ReadonlyMap<string, Service>;
  readonly tables: LookupTables;
  readonly hosts: HostNames;
  /**
   * Why entries may be missing from master.cf as it is seen here (template conditions, no master.cf);
   * then nothing may be called missing or doubled.
   */
  readonly masterOpen: string | undefined;
}

/** Builds the model; trees and values of unchanged files are taken from `previous`. */
export function buildSystem(source: SystemSource, options: SystemOptions, previous?: MailSystem): MailSystem {
  const main = source.main && reuse(previous?.source.main, source.main, previous?.main, parseMainFile);
  const master =
    source.master && reuse(previous?.source.master, source.master, previous?.master, parseMasterFile);
  const parameters =
    main && main === previous?.main && source.main?.path === previous.source.main?.path
      ? previous.parameters
      : new MainParameters(source.main?.path ?? "", main);
  const masterFile = source.master?.path ?? "";
  const missingMain = source.main ? undefined : "main.cf is not here";
  const profile = versionProfile(options.postfixVersion, parameters);
  const { version } = profile;
  const isServiceParameter = serviceParameterTest(master);
  const environment = createEnvironment(parameters, masterFile, [], version, missingMain, undefined, {
    isServiceParameter,
  });
  const services = master
    ? readServices(master, {
        file: masterFile,
        main: parameters,
        version,
        missingMain,
        environment,
        isServiceParameter,
      })
    : [];
  const hosts = hostNames(environment, source);
  const { amavis, trees } = readAmavis(source, previous);
  const { sockets, sets } = postfixSockets(services, environment, hosts);
  const all = [...sockets, ...amavisSockets(amavis)];
  const later = new WorkedOutLater(
    () => readSettings(parameters, environment, services),
    () =>
      readNames({
        main: parameters,
        environment,
        services,
        version,
        isServiceParameter: isServiceParameter ?? ((name) => transportPattern(name) !== undefined),
      }),
  );
  return Object.assign(later, {
    source,
    options,
    profile,
    main,
    master,
    parameters,
    environment,
    services,
    listenSets: sets,
    amavis,
    amavisTrees: trees,
    sockets: all,
    socketsByPort: byPort(all),
    transports: transportTable(services),
    tables: lookupTables(source.tables),
    hosts,
    masterOpen: masterOpen(source, master, services),
  });
}

/**
 * The parts of the model that only some ask for. This is a class and no object with getters: V8 keeps the
 * closures of such getters in the old generation, and with them the whole model.
 */
class WorkedOutLater implements Pick<MailSystem, "settings" | "names"> {
  readonly #settings: () => readonly Setting[];
  readonly #names: () => Names;

  constructor(settings: () => readonly Setting[], names: () => Names) {
    this.#settings = lazy(settings);
    this.#names = lazy(names);
  }

  get settings(): readonly Setting[] {
    return this.#settings();
  }

  get names(): Names {
    return this.#names();
  }
}

const parseMainFile = (file: SourceFile) => parseMain(file.text, file.template);
const parseAmavisFile = (file: SourceFile) => parseAmavis(file.text, { template: file.template });
const parseMasterFile = (file: SourceFile) => parseMaster(file.text, file.template);

function reuse<T>(
  before: SourceFile | undefined,
  now: SourceFile,
  tree: T | undefined,
  parse: (file: SourceFile) => T,
): T {
  const same = before !== undefined && before.text === now.text && before.template === now.template;
  return same && tree !== undefined ? tree : parse(now);
}

function readAmavis(source: SystemSource, previous: MailSystem | undefined) {
  const trees = new Map<string, AmavisTree>();
  for (const file of source.skipped ?? []) {
    const old = previous?.source.skipped?.find(({ path }) => path === file.path);
    trees.set(file.path, reuse(old, file, previous?.amavisTrees.get(file.path), parseAmavisFile));
  }
  const before = previous && [...previous.source.amavis, ...(previous.source.includes?.values() ?? [])];
  const now = [...source.amavis, ...(source.includes?.values() ?? [])];
  let changed =
    now.length !== before?.length ||
    source.includeGaps !== previous?.source.includeGaps ||
    source.amavis.length !== previous?.source.amavis.length;
  now.forEach((file, index) => {
    const old = before?.[index];
    const same = old?.path === file.path && old.text === file.text && old.template === file.template;
    const tree = same ? previous?.amavisTrees.get(file.path) : undefined;
    if (!tree) changed = true;
    trees.set(file.path, tree ?? parseAmavisFile(file));
  });
  if (!changed) return { amavis: previous?.amavis, trees };
  const sourceOf = (file: SourceFile) => {
    const tree = trees.get(file.path);
    return tree && { path: file.path, tree, template: file.template };
  };
  const files = source.amavis.flatMap((file) => sourceOf(file) ?? []);
  const include = (path: string) => {
    const file = source.includes?.get(path);
    return file ? sourceOf(file) : source.includeGaps?.get(path);
  };
  return { amavis: files.length > 0 ? evaluateAmavis(files, { include }) : undefined, trees };
}

function hostNames(environment: Environment, source: SystemSource): HostNames {
  const own = environment.value("myhostname");
  return {
    own: own.unknown === undefined ? own.text.toLowerCase() : "",
    known: source.hosts ?? new Map(),
    addresses: new Set(
      [...source.addresses, ...boundAddresses(environment)].flatMap((one) => normaliseAddress(one) ?? []),
    ),
    allAddresses: source.addresses.length > 0,
  };
}

/** Addresses that main.cf takes for this host's. */
function boundAddresses(environment: Environment): string[] {
  return ["inet_interfaces", "smtp_bind_address", "smtp_bind_address6"].flatMap((name) =>
    environment
      .value(name)
      .text.split(/[\s,]+/)
      .filter(Boolean),
  );
}

function postfixSockets(services: readonly Service[], environment: Environment, hosts: HostNames) {
  const sockets: InetSocket[] = [];
  const sets = new Map<Service, ListenSet>();
  for (const service of services) {
    if (service.type !== "inet") continue;
    const set = listenSet(service, environment, hosts);
    sets.set(service, set);
    if (service.overriddenBy || set.port === undefined) continue;
    for (const { address, certain } of set.addresses)
      sockets.push({
        program: "postfix",
        service,
        set,
        address,
        port: set.port,
        location: service.nameLocation,
        certain,
        dualStack: false,
      });
  }
  return { sockets, sets };
}

function amavisSockets(amavis: EvaluatedAmavis | undefined): InetSocket[] {
  return (amavis?.listeners ?? []).flatMap((listener) => {
    const location = listener.origin;
    if (listener.network !== "inet" || listener.port === 0 || !location) return [];
    const address = normaliseAddress(listener.address) ?? listener.address;
    return [
      {
        program: "amavisd",
        listener,
        address,
        port: listener.port,
        location,
        certain: true,
        dualStack: address === "::",
      },
    ];
  });
}

function byPort(sockets: readonly InetSocket[]): Map<number, InetSocket[]> {
  const table = new Map<number, InetSocket[]>();
  for (const socket of sockets) {
    const known = table.get(socket.port);
    if (known) known.push(socket);
    else table.set(socket.port, [socket]);
  }
  return table;
}

/** qmgr(8) connects to private/NAME; a public socket of that name is what was meant where there is no other. */
function transportTable(services: readonly Service[]): Map<string, Service> {
  const table = new Map<string, Service>();
  for (const service of services) {
    if (service.type === "inet" || service.type === "pass" || service.overriddenBy) continue;
    const known = table.get(service.name);
    if (!known || (known.public && !service.public)) table.set(service.name, service);
  }
  return table;
}

/** A condition or a loop of a template engine around entries makes their number unknown. */
function masterOpen(
  source: SystemSource,
  master: MasterTree | undefined,
  services: readonly Service[],
): string | undefined {
  if (!source.master || !master) return "master.cf is not here";
  if (master.trivia.some((piece) => piece.kind === "control"))
    return "a template decides which entries master.cf has";
  if (services.some((service) => service.uncertain)) return "a template fills in a service of master.cf";
  return undefined;
}
