import { tcpServiceNames } from "../../knowledge/ports.js";
import type { Location } from "../../semantics/located.js";
import { readNexthop, readPort } from "../../semantics/postfix/endpoints.js";
import { hasPlaceholder } from "../../syntax/postfix/words.js";
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
      text: `-- master.cf --
reinject inet n - n - - smtpd
#^^^^^^^ error`,
    },
    {
      title: "in a nexthop",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:amavis
#                                        ^^^^^^ error
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp`,
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
    for (const step of context.flow.requests)
      if (step.target.kind === "bad-port" && step.target.reason === "unknown-name") {
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
    checkRelayhost(context);
  },
};

function checkRelayhost(context: RuleContext): void {
  const { definition, text, unknown } = context.system.environment.value("relayhost");
  if (!definition?.part || unknown !== undefined || definition.raw !== text || hasPlaceholder(text)) return;
  for (const destination of readNexthop(text, "smtp")) {
    const { port, portRange } = destination;
    if (!/^[A-Za-z]/.test(port) || readPort(port).kind !== "unknown-name") continue;
    report(
      context,
      definition.part(portRange.start, portRange.end),
      port,
      `No services database has the name "${port}"`,
      "the client stops with a fatal error, and mail is deferred",
    );
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
