import { tcpServiceNames } from "../../knowledge/ports.js";
import type { Location } from "../../semantics/located.js";
import { portFault } from "../../semantics/postfix/endpoints.js";
import { hasTransportForm, nexthopUses } from "../endpoints/nexthops.js";
import { socketUses } from "../endpoints/sockets.js";
import type { Fix } from "../finding.js";
import { requestPart } from "../flow/places.js";
import { nearest } from "../nearest.js";
import type { Rule, RuleContext } from "../rule.js";
import { endpointFaults, wantedPorts } from "./listen-faults.js";

export const unknownServiceName: Rule = {
  code: "unknown-service-name",
  severity: "error",
  summary: "A port is given by a name that no services database has.",
  why: `A port that is no number is looked up in /etc/services. A name that is not there stops master(8):

    postfix/master[123]: fatal: 127.0.0.1:reinject: Servname not supported for ai_socktype

Postfix does not start; \`postfix reload\` returns success and the running master dies. As the port of a nexthop the name is fatal for the smtp client, and mail is deferred.`,
  remedy: "Write the port as a number.",
  wrong: [
    {
      title: "a name of one's own",
      text: `-- main.cf --
inet_interfaces = loopback-only
-- master.cf --
smtp inet n - n - - smtpd
reinject inet n - n - - smtpd
#^^^^^^^ error
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;
$forward_method = $notify_method = 'smtp:[127.0.0.1]:10025';`,
    },
    {
      title: "in a nexthop",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:amavis
#                                        ^^^^^^ error
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
  ],
  right: [
    {
      title: "numbers and the names that every host knows",
      text: `-- master.cf --
smtp inet n - n - - smtpd
127.0.0.1:10025 inet n - n - - smtpd`,
    },
  ],
  check(context) {
    for (const { at, text } of endpointFaults(context, "unknown-service-name")) {
      const negative = /^-\d/.test(text);
      report(
        context,
        at,
        text,
        negative
          ? `"${text}" is no port number, and Postfix looks for a service of that name`
          : `No services database has the name "${text}"`,
        "master stops when it opens the socket, at a reload even while it runs",
      );
    }
    // A proxy filter that is one word lacks its port: main-proxy-form.
    for (const step of context.flow.requests)
      if (
        step.target.kind === "bad-port" &&
        step.target.reason === "unknown-name" &&
        (step.request.kind !== "proxy" || /\w:/.test(step.request.text.replace(/^inet:/i, "")))
      ) {
        const at = requestPart(step, step.target.range);
        if (at)
          report(
            context,
            at,
            step.target.port,
            `No services database has the name "${step.target.port}"`,
            "the client stops with a fatal error, and mail is deferred",
          );
      }
    checkNexthops(context);
    for (const use of socketUses(context)) {
      const { kind, host, port, fault } = use.endpoint;
      if (use.form === "proxy" || kind !== "inet" || fault !== undefined || host === "") continue;
      if (portFault(port) !== "unknown-name") continue;
      const end = use.text.length;
      report(
        context,
        use.at(end - port.length, end),
        port,
        `No services database has the name "${port}"`,
        "no connection is made, and mail is refused for now or passes unchecked",
      );
    }
  },
};

/** Ports of nexthops that are no filter requests: relayhost, transports, fallback relays. */
function checkNexthops(context: RuleContext): void {
  for (const use of nexthopUses(context)) {
    if (use.step) continue;
    for (const destination of use.destinations) {
      const { port, portRange, fault } = destination;
      if (fault !== undefined || port === "" || portFault(port) !== "unknown-name") continue;
      // "smtp:relay.example.com" is no misspelt port: main-relayhost-transport-form.
      if (hasTransportForm(use, destination)) continue;
      report(
        context,
        use.at(portRange.start, portRange.end),
        port,
        `No services database has the name "${port}"`,
        "the client stops with a fatal error, and mail is deferred",
      );
    }
  }
}

function report(context: RuleContext, at: Location, name: string, what: string, then: string): void {
  context.report({ at, message: `${what}: ${then}.`, fixes: () => mend(context, at, name) });
}

function mend(context: RuleContext, at: Location, name: string): Fix[] {
  const to = (newText: string, title: string): Fix => ({ title, edits: [{ ...at, newText }] });
  const fixes: Fix[] = [];
  if (/^-\d+$/.test(name)) return [to(name.slice(1), `Write ${name.slice(1)}`)];
  const known = nearest(name.toLowerCase(), tcpServiceNames());
  if (known) fixes.push(to(known, `Write ${known}`));
  const ports = at.file === context.system.source.master?.path ? wantedPorts(context) : amavisPorts(context);
  for (const port of ports) fixes.push(to(String(port), `Write ${port}`));
  return fixes.map((fix, index) => ({ ...fix, preferred: index === 0 && fixes.length === 1 }));
}

function amavisPorts(context: RuleContext): number[] {
  return [
    ...new Set(
      context.system.sockets.filter((socket) => socket.program === "amavisd").map((socket) => socket.port),
    ),
  ];
}
