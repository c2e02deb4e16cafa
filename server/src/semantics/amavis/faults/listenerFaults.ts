/** Sockets that amavisd cannot open, or opens otherwise than they look. */
import type { AssignmentNotes } from "../assignmentNotes.js";
import type { AmavisListener, AmavisProblem } from "../configuration.js";
import { settingOf } from "../methods.js";
import { textOf } from "../value.js";
import { type Evaluated, firstLine } from "./settingFaults.js";

/** sockaddr_un holds 108 bytes with the zero at the end. */
const LONGEST_PATH = 107;

export function listenerFaults(evaluated: Evaluated): AmavisProblem[] {
  return [
    ...noListeners(evaluated),
    ...evaluated.listeners.flatMap((listener) => [
      ...privileged(evaluated, listener),
      ...pathTooLong(listener),
      ...protocolFault(evaluated, listener),
    ]),
    ...overlapping(evaluated.listeners),
  ];
}

function noListeners({ listeners, open, machine, used }: Evaluated): AmavisProblem[] {
  if (listeners.length > 0 || open !== undefined) return [];
  // Nothing is said of an empty configuration, nor where a socket was refused already.
  if (used.every(({ found }) => found.uses.every(({ access }) => access === "read"))) return [];
  const sockets = machine.store.global("@listen_sockets");
  const named = ["$inet_socket_port", "$unix_socketname"].map((name) =>
    settingOf(machine.store.global(name)),
  );
  const refused =
    (sockets.kind === "array" && sockets.items.length > 0) || named.some(({ value }) => textOf(value) !== "");
  const at = named.find(({ origin }) => origin !== undefined)?.origin ?? firstLine(used);
  if (refused || at === undefined) return [];
  const assignments = machine.assignments.of("$inet_socket_port");
  const last = assignments.at(-1);
  return [
    {
      ...at,
      kind: "no-listeners",
      message:
        'No port and no socket is set: amavisd stops at its start with "No listen sockets or ports specified".',
      fatal: true,
      absence: true,
      fix:
        last === undefined
          ? {
              title: "Set $inet_socket_port = 10024;",
              range: { start: at.range.start, end: at.range.start },
              newText: "$inet_socket_port = 10024;\n",
              certain: false,
            }
          : {
              title: "Set $inet_socket_port to 10024",
              file: last.file,
              range: last.valueRange,
              newText: "10024",
              certain: false,
            },
    },
  ];
}

function privileged({ machine }: Evaluated, listener: AmavisListener): AmavisProblem[] {
  const { network, port, origin, spec } = listener;
  if (network !== "inet" || port < 1 || port >= 1024 || origin === undefined) return [];
  // A port above 65535 that wraps is reported as such.
  if (!new RegExp(`(?:^|:)0*${port}(?:/\\w+)?$`).test(spec)) return [];
  const chroot = textOf(settingOf(machine.store.global("$daemon_chroot_dir")).value);
  return [
    {
      ...origin,
      kind: "port-privileged",
      message: `amavisd gives up root before it binds: port ${port} is refused with "Permission denied", and it does not start.`,
      fatal: chroot === "",
      severity: chroot === "" ? "error" : "warning",
    },
  ];
}

function pathTooLong({ network, path, origin }: AmavisListener): AmavisProblem[] {
  if (network !== "unix" || origin === undefined || path.length * 3 <= LONGEST_PATH) return [];
  const bytes = new TextEncoder().encode(path).length;
  if (bytes <= LONGEST_PATH) return [];
  return [
    {
      ...origin,
      kind: "unix-path-too-long",
      message: `The path has ${bytes} bytes, a socket's path at most ${LONGEST_PATH}: amavisd opens a socket whose name is cut off, and nobody finds it.`,
      fatal: false,
      severity: "error",
    },
  ];
}

const PROTOCOLS = ["SMTP", "LMTP", "AM.PDP", "TCP-LOOKUP"];

function protocolFault({ machine }: Evaluated, listener: AmavisListener): AmavisProblem[] {
  const { value, origin } = listener.protocol;
  if (typeof value !== "string") return [];
  if (value === "") return listener.network === "unix" ? protocolMissing(machine.assignments, listener) : [];
  if (PROTOCOLS.includes(value) || origin === undefined) return [];
  const meant = PROTOCOLS.find((name) => name === value.toUpperCase().replace(/^E(?=SMTP$)/, ""));
  return [
    {
      ...origin,
      kind: "protocol-value",
      message: `amavisd knows no protocol "${value}": it is one of ${PROTOCOLS.join(", ")}, in capitals. It starts, and then ends each connection with "unsupported protocol".`,
      fatal: false,
      severity: "error",
      fix:
        meant === undefined
          ? undefined
          : { title: `Write ${meant}`, range: origin.range, newText: `'${meant}'` },
    },
  ];
}

function protocolMissing(assignments: AssignmentNotes, listener: AmavisListener): AmavisProblem[] {
  const { origin } = listener;
  if (origin === undefined) return [];
  const last = [...assignments.of("$unix_socketname"), ...assignments.of("@listen_sockets")]
    .filter(({ file }) => file === origin.file)
    .at(-1);
  const newText =
    "\n$interface_policy{'SOCK'} = 'AM.PDP-SOCK';\n$policy_bank{'AM.PDP-SOCK'} = { protocol => 'AM.PDP' };";
  return [
    {
      ...origin,
      kind: "protocol-missing-unix",
      message: `Nothing says which protocol is spoken on ${listener.path}: amavisd ends each connection with "protocol not specified".`,
      fatal: false,
      severity: "error",
      absence: true,
      fix:
        last === undefined
          ? undefined
          : {
              title: "Let it speak AM.PDP",
              range: { start: last.range.end, end: last.range.end },
              newText,
              certain: false,
            },
    },
  ];
}

/** Two sockets of amavisd's own that want the same address, one of them by a wildcard: the second bind fails. */
function overlapping(listeners: readonly AmavisListener[]): AmavisProblem[] {
  const problems: AmavisProblem[] = [];
  const byPort = new Map<number, AmavisListener[]>();
  for (const listener of listeners) {
    if (listener.network !== "inet" || listener.port === 0) continue;
    const earlier = byPort.get(listener.port) ?? [];
    const other = earlier.find((one) => collide(one, listener));
    if (other !== undefined && listener.origin !== undefined) {
      problems.push({
        ...listener.origin,
        kind: "wildcard-and-specific",
        message: `amavisd itself opens port ${listener.port} of ${wildcard(other) ? "all addresses" : other.address} already: the second socket is refused with "Address already in use", and it does not start.`,
        fatal: true,
        related: other.origin === undefined ? [] : [{ ...other.origin, message: "the other socket" }],
      });
    }
    byPort.set(listener.port, [...earlier, listener]);
  }
  return problems;
}

const wildcard = ({ address }: AmavisListener) => address === "::" || address === "0.0.0.0";

function collide(one: AmavisListener, other: AmavisListener): boolean {
  if (!wildcard(one) && !wildcard(other)) return false;
  if (one.dualStack === true || other.dualStack === true) return true;
  const six = ({ address }: AmavisListener) => address.includes(":");
  const name = [one, other].some(({ address }) => !/^[\d.]+$|:/.test(address) && address !== "localhost");
  return !name && six(one) === six(other);
}
