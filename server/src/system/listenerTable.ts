/** The listeners of a system as rows, for people and programs (`mailflow show listeners`). */
import type { Location } from "../semantics/located.js";
import { columnFaults } from "../semantics/postfix/columns.js";
import type { MailSystem } from "./system.js";

export interface ListenerRow {
  readonly program: "postfix" | "amavisd";
  /** First column of master.cf, or the port or socket as amavisd's configuration has it. */
  readonly service: string;
  readonly network: "inet" | "unix";
  /** Wildcards as 0.0.0.0 and ::; "" for unix. One socket that takes both families (amavisd on `*`) is ::. */
  readonly address: string;
  /** The port that is really bound; 0 = a random one. */
  readonly port: number;
  readonly path: string;
  readonly location: Location | undefined;
}

/**
 * One row for every socket that the real programs would open; none of a program that does not start.
 * @param internal true = Postfix's own sockets under private/ and public/ as well.
 */
export function listenerTable(system: MailSystem, internal = false): ListenerRow[] {
  const rows: ListenerRow[] = [];
  const postfixRuns = postfixStarts(system);
  const amavisRuns = !system.amavis?.problems.some((problem) => problem.fatal);
  for (const socket of system.sockets) {
    const { address, port, location } = socket;
    if (socket.program === "postfix" ? !postfixRuns : !amavisRuns) continue;
    const service = socket.program === "postfix" ? socket.service.name : socket.listener.spec;
    rows.push({ program: socket.program, service, network: "inet", address, port, path: "", location });
  }
  if (amavisRuns)
    for (const { network, path, spec, origin } of system.amavis?.listeners ?? [])
      if (network === "unix")
        rows.push({
          program: "amavisd",
          service: spec,
          network,
          address: "",
          port: 0,
          path,
          location: origin,
        });
  if (internal && postfixRuns) rows.push(...internalSockets(system));
  return rows;
}

function internalSockets(system: MailSystem): ListenerRow[] {
  return system.services
    .filter((service) => service.type !== "inet" && !service.overriddenBy)
    .map((service) => ({
      program: "postfix" as const,
      service: service.name,
      network: "unix" as const,
      address: "",
      port: 0,
      path: `${service.public ? "public" : "private"}/${service.name}`,
      location: service.nameLocation,
    }));
}

/** Endpoint faults at which master(8) gives up; a port out of range only listens elsewhere. */
const HARMLESS: ReadonlySet<string> = new Set(["port-out-of-range"]);
const MAIN_FATAL: ReadonlySet<string> = new Set(["missing-equals", "missing-name"]);

/** Whether the files let Postfix start at all, as far as they decide it. */
export function postfixStarts(system: MailSystem): boolean {
  if (system.main?.problems.some((problem) => MAIN_FATAL.has(problem.kind))) return false;
  if (system.master?.problems.some((problem) => problem.kind === "unclosed-brace")) return false;
  if (system.master?.entries.some((entry) => columnFaults(entry).length > 0)) return false;
  for (const { fault } of system.listenSets.values()) if (fault && !HARMLESS.has(fault.kind)) return false;
  return true;
}
