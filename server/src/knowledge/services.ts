/**
 * Facts about the daemons that master.cf starts and about the services that every Postfix has. Source:
 * the accepted types and forced limits of each daemon's main(), and the shipped master.cf files.
 */
import serviceData from "./data/services.js";
import { lazy } from "./lazy.js";

export type ServiceType = "inet" | "unix" | "fifo" | "pass" | "unix-dgram";

export interface ProgramFacts {
  readonly program: string;
  /** Types that its skeleton accepts; with another it ends with "unsupported transport type". */
  readonly types: readonly ServiceType[];
  /** The process limit that it insists on (0 = no limit); undefined when any will do. */
  readonly processLimit: number | undefined;
  /** True when it must run with root's rights: `unprivileged` has to be n. */
  readonly needsRoot: boolean;
  /** Whether it can do its work in a chroot. "pointless" is possible, but defeats its purpose. */
  readonly chroot: "yes" | "no" | "pointless";
  /** Words like "user=" that may stand behind the name beside options; undefined when that is unknown. */
  readonly arguments: readonly string[] | undefined;
  readonly requiredArguments: readonly string[];
  /** Letters that its flags= argument accepts. */
  readonly flags: string;
  /** True for a delivery agent: its service can be a transport in transport:nexthop. */
  readonly deliversMail: boolean;
  /** Usual wakeup column, "60" or "1000?"; undefined for "-". */
  readonly wakeup: string | undefined;
  /** Socket in public/ rather than private/: the private column is n. */
  readonly public: boolean;
  /** Service names that other programs look for, where they differ from the program's. */
  readonly serviceNames: readonly string[];
  readonly since: string;
}

/** One line of a shipped master.cf, columns as written there. */
export interface DefaultEntry {
  readonly service: string;
  readonly type: ServiceType;
  readonly private: string;
  readonly unprivileged: string;
  readonly chroot: string;
  readonly wakeup: string;
  readonly processLimit: string;
  readonly command: string;
}

/** A parameter that names the service other programs connect to. */
export interface ServiceNameParameter {
  readonly parameter: string;
  readonly defaultService: string;
  readonly socket: "private" | "public";
  readonly program: string;
}

interface ProgramRow {
  readonly program: string;
  readonly types: readonly ServiceType[];
  readonly processLimit?: number;
  readonly root?: boolean;
  readonly chroot?: "no" | "pointless";
  readonly arguments?: readonly string[] | "unknown";
  readonly required?: readonly string[];
  readonly flags?: string;
  readonly transport?: boolean;
  readonly wakeup?: string;
  readonly public?: boolean;
  readonly serviceNames?: readonly string[];
  readonly since?: string;
}

interface Data {
  readonly programs: readonly ProgramRow[];
  readonly debianEntries: readonly string[];
  readonly upstreamEntries: readonly string[];
  readonly serviceNameParameters: readonly (readonly [string, string, "private" | "public", string])[];
}

const data = lazy(() => serviceData() as Data);
const programs = lazy(() => new Map(data().programs.map((row) => [row.program, factsOf(row)])));

/** What is known of a daemon by the name in the last column; undefined for one that Postfix does not ship. */
export function programFacts(program: string): ProgramFacts | undefined {
  return programs().get(program);
}

/** The daemons of Postfix, for completion and "did you mean". */
export function programNames(): readonly string[] {
  return [...programs().keys()];
}

/**
 * The entries of the master.cf that Debian 12 installs, or of the one in Postfix's own distribution
 * (without its commented examples). Debian's has chroot y where the other has n.
 */
export function defaultEntries(distribution: "debian" | "upstream"): readonly DefaultEntry[] {
  return (distribution === "debian" ? data().debianEntries : data().upstreamEntries).map((line) => {
    const [service, type, isPrivate, unprivileged, chroot, wakeup, processLimit, command] = line.split(" ");
    return {
      service: service ?? "",
      type: (type ?? "unix") as ServiceType,
      private: isPrivate ?? "-",
      unprivileged: unprivileged ?? "-",
      chroot: chroot ?? "-",
      wakeup: wakeup ?? "-",
      processLimit: processLimit ?? "-",
      command: command ?? "",
    };
  });
}

/** The parameters such as cleanup_service_name, and the service that each names by default. */
export function serviceNameParameters(): readonly ServiceNameParameter[] {
  return data().serviceNameParameters.map(([parameter, defaultService, socket, program]) => ({
    parameter,
    defaultService,
    socket,
    program,
  }));
}

function factsOf(row: ProgramRow): ProgramFacts {
  return {
    program: row.program,
    types: row.types,
    processLimit: row.processLimit,
    needsRoot: row.root ?? false,
    chroot: row.chroot ?? "yes",
    arguments: row.arguments === "unknown" ? undefined : (row.arguments ?? []),
    requiredArguments: row.required ?? [],
    flags: row.flags ?? "",
    deliversMail: row.transport ?? false,
    wakeup: row.wakeup,
    public: row.public ?? false,
    serviceNames: row.serviceNames ?? [],
    since: row.since ?? "1.1",
  };
}
