import { normaliseAddress } from "../../semantics/postfix/address.js";
import { readNexthop, readPort } from "../../semantics/postfix/endpoints.js";
import { isPublicEntry } from "../../system/entries.js";
import type { AmavisSocket, InetSocket } from "../../system/listeners.js";
import { answering, overlaps } from "../../system/listeners.js";
import { deleteEntry } from "../edits.js";
import type { Fix } from "../finding.js";
import type { Rule, RuleContext } from "../rule.js";
import { type ServiceSocket, showPair } from "./collisions.js";

export const portCollisionForeign: Rule = {
  code: "port-collision-foreign",
  severity: "error",
  summary: "Postfix and amavisd want the same port.",
  why: `Two programs cannot share a port, not even a wildcard and one address of it. Whichever starts second dies. When that is Postfix, nothing of it listens, not even port 25:

    postfix/master[123]: fatal: bind 127.0.0.1 port 10024: Address already in use

When it is amavisd (all of it, though only one of its ports is taken):

    (!)Net::Server: Can't connect to TCP port 10024 on 127.0.0.1 [Address already in use]

and Postfix then talks to itself, where mail loops until "too many hops".`,
  remedy:
    "Keep the port in one of the two programs. By convention amavisd takes mail on 10024 and Postfix takes it back on 10025.",
  wrong: [
    {
      title: "both on 10024",
      text: `-- master.cf --
smtp inet n - n - - smtpd
127.0.0.1:10024 inet n - n - - smtpd
#^^^^^^^^^^^^^^ error
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
  ],
  right: [
    {
      title: "one port each",
      text: `-- master.cf --
smtp inet n - n - - smtpd
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
  ],
  check(context) {
    checkRelayhost(context);
    const { sockets, source } = context.system;
    const seen = new Set<string>();
    for (const socket of sockets) {
      if (socket.program !== "postfix") continue;
      for (const other of context.system.socketsByPort.get(socket.port) ?? []) {
        if (other.program !== "amavisd" || overlaps(socket, other) === undefined) continue;
        const key = `${socket.location.range.start}:${other.location.file}:${other.location.range.start}`;
        if (seen.has(key)) continue;
        seen.add(key);
        context.report({
          at: socket.location,
          severity: source.complete || !source.master?.template ? "error" : "warning",
          message: `"${socket.service.name}" listens on ${showPair(socket)}, and amavisd on ${showPair(other)} (${context.place(other.location)}): the program that starts second dies with "Address already in use".`,
          related: [{ ...other.location, message: `amavisd listens on ${showPair(other)}` }],
          fixes: () => mend(context, socket, other),
        });
      }
    }
  },
};

/**
 * A relayhost on this host is another program's port: a service of master.cf there collides with it, or, if
 * there is no such program, mail goes round in Postfix (f37).
 */
function checkRelayhost(context: RuleContext): void {
  const { system } = context;
  const { text, unknown, definition } = system.environment.value("relayhost");
  if (unknown !== undefined || !definition?.origin) return;
  for (const { host, port, kind, range } of readNexthop(text, "smtp")) {
    const number = readPort(port === "" ? "25" : port);
    if (
      kind !== "inet" ||
      number.kind !== "number" ||
      number.number === 25 ||
      normaliseAddress(host) === undefined
    )
      continue;
    for (const socket of answering(system.sockets, host, number.number)) {
      if (socket.program !== "postfix") continue;
      const relay =
        (definition.raw === text && definition.part?.(range.start, range.end)) || definition.origin;
      context.report({
        at: socket.location,
        message: `"${socket.service.name}" listens on ${showPair(socket)}, where relayhost sends all mail to another program (${context.place(relay)}): one of the two dies with "Address already in use", or mail goes round in Postfix.`,
        related: [{ ...relay, message: `relayhost = ${text}` }],
        fixes: () => [
          {
            title: `Remove the service ${socket.service.name} from master.cf`,
            edits: [deleteEntry(context, socket.service)],
            preferred: true,
          },
        ],
      });
    }
  }
}

function mend(context: RuleContext, socket: ServiceSocket, other: InetSocket & AmavisSocket): Fix[] {
  const fixes: Fix[] = [];
  const needed =
    context.flow.reinjections.has(socket.service) || isPublicEntry(context.system, socket.service);
  if (!needed)
    fixes.push({
      title: `Remove the service ${socket.service.name} from master.cf`,
      edits: [deleteEntry(context, socket.service)],
      preferred: true,
    });
  const withoutPort = removeListElement(context, other);
  if (withoutPort) fixes.push({ ...withoutPort, preferred: needed });
  return fixes;
}

/** Takes one of several ports out of a Perl list: the number with the comma beside it. */
function removeListElement(
  context: RuleContext,
  { location, port, listener }: InetSocket & AmavisSocket,
): Fix | undefined {
  const siblings = context.system.amavis?.listeners.filter((one) => one.origin && one.port !== port) ?? [];
  if (siblings.length === 0 || context.flow.fed.has(listener)) return undefined;
  const text = context.text(location.file);
  let { start, end } = location.range;
  const before = /,\s*$/.exec(text.slice(0, start));
  const after = /^\s*,\s*/.exec(text.slice(end));
  if (before) start -= before[0].length;
  else if (after) end += after[0].length;
  else return undefined;
  return {
    title: `Take port ${port} out of amavisd's list`,
    edits: [{ file: location.file, range: { start, end }, newText: "" }],
  };
}
