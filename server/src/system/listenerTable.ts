/** The listeners of a system as rows, for people and programs (`mailflow show listeners`). */
import type { Location } from "../semantics/located.js";
import { columnFaults } from "../semantics/postfix/columns.js";
import { LineIndex } from "../syntax/text.js";
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
  /** Absolute path of the file that opens the socket. */
  readonly file: string;
  /** From 0. */
  readonly line: number;
}

/**
 * One row for every socket that the real programs would open; none of a program that does not start.
 * @param internal true = Postfix's own sockets under private/ and public/ as well.
 */
export function listenerTable(system: MailSystem, internal = false): ListenerRow[] {
  const rows: ListenerRow[] = [];
  const place = placer(system);
  const postfixRuns = postfixStarts(system);
  const amavisRuns = !system.amavis?.problems.some((problem) => problem.fatal);
  for (const socket of system.sockets) {
    const { program, address, port, location } = socket;
    if (socket.program === "postfix" ? !postfixRuns : !amavisRuns) continue;
    const service = socket.program === "postfix" ? socket.service.name : socket.listener.spec;
    rows.push({ program, service, network: "inet", address, port, path: "", ...place(location) });
  }
  if (amavisRuns)
    for (const { network, path, spec, origin } of system.amavis?.listeners ?? [])
      if (network === "unix" && origin)
        rows.push({
          program: "amavisd",
          service: spec,
          network,
          address: "",
          port: 0,
          path,
          ...place(origin),
        });
  if (internal && postfixRuns)
    for (const service of system.services)
      if (service.type !== "inet" && !service.overriddenBy) {
        const path = `${service.public ? "public" : "private"}/${service.name}`;
        const base = {
          program: "postfix",
          service: service.name,
          network: "unix",
          address: "",
          port: 0,
          path,
        } as const;
        rows.push({ ...base, ...place(service.nameLocation) });
      }
  return rows;
}

/** Turns locations into file and line; one index a file. */
function placer(system: MailSystem): (location: Location) => { file: string; line: number } {
  const indexes = new Map<string, LineIndex>();
  const { main, master, amavis } = system.source;
  return ({ file, range }) => {
    let index = indexes.get(file);
    if (!index) {
      index = new LineIndex([main, master, ...amavis].find((source) => source?.path === file)?.text ?? "");
      indexes.set(file, index);
    }
    return { file, line: index.lineAt(range.start) };
  };
}

/** Endpoint faults at which master(8) gives up; a port out of range only listens elsewhere. */
const HARMLESS: ReadonlySet<string> = new Set(["port-out-of-range"]);
const MAIN_FATAL: ReadonlySet<string> = new Set(["missing-equals", "missing-name"]);

/** Whether the files let Postfix start at all, as far as they decide it. */
export function postfixStarts(system: MailSystem): boolean {
  if (system.main?.problems.some((problem) => MAIN_FATAL.has(problem.kind))) return false;
  if (system.master?.problems.some((problem) => problem.kind === "unclosed-brace")) return false;
  if (system.master?.entries.some((entry) => columnFaults(entry).some(({ by }) => by !== "exec")))
    return false;
  for (const { fault } of system.listenSets.values()) if (fault && !HARMLESS.has(fault.kind)) return false;
  return true;
}
