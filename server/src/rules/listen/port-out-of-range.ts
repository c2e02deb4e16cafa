import type { Location } from "../../semantics/located.js";
import { portFault, splitHostPort } from "../../semantics/postfix/endpoints.js";
import { nexthopUses } from "../endpoints/nexthops.js";
import { socketUses } from "../endpoints/sockets.js";
import type { Fix } from "../finding.js";
import { requestPart } from "../flow/places.js";
import type { Rule, RuleContext } from "../rule.js";
import { endpointFaults, wantedPorts } from "./listen-faults.js";

export const portOutOfRange: Rule = {
  code: "port-out-of-range",
  severity: "error",
  summary: "A port number is 0 or above 65535.",
  why: `No program complains. The kernel gets the number modulo 65536, so \`70025 inet\` listens on port 4489, and port 0 means any free port, another one at every start. Whoever connects to the number that was meant is refused:

    connect to 127.0.0.1[127.0.0.1]:10025: Connection refused

As a nexthop such a number is fatal for the smtp client.`,
  remedy: "Write a number from 1 to 65535.",
  wrong: [
    {
      title: "a digit too many",
      text: `-- master.cf --
smtp inet n - n - - smtpd
127.0.0.1:100255 inet n - n - - smtpd
#         ^^^^^^ error
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;
$forward_method = $notify_method = 'smtp:[127.0.0.1]:10025';`,
    },
  ],
  right: [
    {
      title: "a port that exists",
      text: `-- master.cf --
127.0.0.1:20025 inet n - n - - smtpd`,
    },
  ],
  check(context) {
    for (const { at, text, set } of endpointFaults(context, "port-out-of-range"))
      report(context, at, text, effect(Number(text), set.port));
    for (const listener of context.system.amavis?.listeners ?? []) {
      const number = writtenPort(listener.spec);
      if (!listener.origin || number === undefined || (number > 0 && number <= 65535)) continue;
      report(context, listener.origin, String(number), effect(number, listener.port));
    }
    for (const step of context.flow.requests)
      if (step.target.kind === "bad-port" && step.target.reason === "out-of-range") {
        const at = requestPart(step, step.target.range);
        if (at)
          report(
            context,
            at,
            step.target.port,
            `the smtp client stops with "bad network port", and mail is deferred`,
          );
      }
    for (const use of nexthopUses(context))
      for (const { port, portRange, fault } of use.destinations)
        if (!use.step && fault === undefined && portFault(port) === "out-of-range")
          report(
            context,
            use.at(portRange.start, portRange.end),
            port,
            `the ${use.protocol} client stops with "bad network port", and mail is deferred`,
          );
    for (const use of socketUses(context)) {
      const { kind, port, fault } = use.endpoint;
      if (use.form === "proxy" || kind !== "inet" || fault !== undefined) continue;
      const end = use.text.length;
      if (portFault(port) === "out-of-range")
        report(
          context,
          use.at(end - port.length, end),
          port,
          "every connection is refused, and mail with it, or it passes unchecked",
        );
    }
  },
};

function effect(number: number, listens: number | undefined): string {
  if (number === 0)
    return "the service listens on a random port, another one at every start, and nobody finds it";
  return `it listens on ${listens ?? number % 65536} instead, without a word in the log`;
}

function writtenPort(spec: string): number | undefined {
  const port = splitHostPort(spec.replace(/^inet6?:/i, ""), "port").port;
  return /^\d+$/.test(port) ? Number(port) : undefined;
}

const reported = (context: RuleContext, at: Location, port: number): Fix => ({
  title: `Write ${port}, where a filter hands mail back`,
  edits: [
    {
      file: at.file,
      range: at.range,
      newText: context
        .text(at.file)
        .slice(at.range.start, at.range.end)
        .replace(/\d+(?=\D*$)/, String(port)),
    },
  ],
});

function report(context: RuleContext, at: Location, text: string, what: string): void {
  context.report({
    at,
    message: `Port ${text} does not exist: ${what}.`,
    // A port that a program listens on can be what was meant; where mail is sent to is anybody's guess.
    fixes: () =>
      (at.file === context.system.source.main?.path ? [] : wantedPorts(context)).map((port) =>
        reported(context, at, port),
      ),
  });
}
