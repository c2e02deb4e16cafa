import { feederOf } from "../../flow/feeders.js";
import type { FilterStep } from "../../flow/flow.js";
import type { Target } from "../../flow/resolve.js";
import type { Range } from "../../syntax/text.js";
import { showEndpoint } from "../../system/listeners.js";
import type { Fix } from "../finding.js";
import { relatedStep, requestPart, requestPlace, showRequest } from "../flow/places.js";
import type { Rule, RuleContext } from "../rule.js";

export const filterWrongProtocol: Rule = {
  code: "filter-wrong-protocol",
  severity: "error",
  summary: "Mail is fed to a port where the protocol of the client is not spoken.",
  why: `A listener whose policy bank says \`protocol => 'AM.PDP'\` waits for the requests of helper programs and of amavisd-release. An SMTP or LMTP client gets no greeting from it; the two wait for one another until Postfix gives up after five minutes and keeps the mail:

    status=deferred (conversation with 127.0.0.1[127.0.0.1] timed out while receiving the initial server greeting)

Before the queue (\`smtpd_proxy_filter\`) the client is told \`451 4.3.0 Error: queue file write error\`. Between SMTP and LMTP there is no mistake to make with amavisd, which answers to both on one port. Postfix itself takes SMTP alone: what lmtp(8) brings to an smtpd bounces,

    status=bounced (host 127.0.0.1[127.0.0.1] refused to talk to me: 500 5.5.2 Error: command not recognized)`,
  remedy: "Feed mail to a port whose protocol is SMTP, which is the default.",
  wrong: [
    {
      title: "the port of amavisd-release",
      text: `-- main.cf --
compatibility_level = 3.6
content_filter = smtp-amavis:[127.0.0.1]:9998
#                            ^^^^^^^^^^^^^^^^ error
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = [10024, 9998];
$interface_policy{'9998'} = 'AM.PDP-INET';
$policy_bank{'AM.PDP-INET'} = { protocol => 'AM.PDP' };`,
    },
    {
      title: "an LMTP client and a service of Postfix",
      text: `-- main.cf --
compatibility_level = 3.6
content_filter = lmtp-amavis:[127.0.0.1]:10025
#                            ^^^^^^^^^^^^^^^^^ error
-- master.cf --
smtp inet n - n - - smtpd
lmtp-amavis unix - - n - 2 lmtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "the protocol is given to every port",
      text: `-- main.cf --
compatibility_level = 3.6
-- master.cf --
smtp inet n - n - - smtpd
  -o smtpd_proxy_filter=127.0.0.1:10024
#                       ^^^^^^^^^^^^^^^ error
127.0.0.1:10025 inet n - n - - smtpd
-- amavisd.conf --
$inet_socket_port = 10024;
$interface_policy{'10024'} = 'P';
$policy_bank{'P'} = { protocol => 'AM.PDP' };`,
    },
  ],
  right: [
    {
      title: "SMTP and LMTP are the same to amavisd",
      text: `-- main.cf --
compatibility_level = 3.6
content_filter = lmtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
submission inet n - n - - smtpd
  -o content_filter=smtp-amavis:[127.0.0.1]:10026
lmtp-amavis unix - - n - 2 lmtp
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = [10024, 10026];
$interface_policy{'10024'} = 'S';
$interface_policy{'10026'} = 'L';
$policy_bank{'S'} = { protocol => 'SMTP' };
$policy_bank{'L'} = { protocol => 'LMTP' };`,
    },
  ],
  check(context) {
    for (const step of context.flow.requests) {
      if (step.target.kind === "postfix") checkPostfix(context, step, step.target);
      if (step.target.kind !== "amavis") continue;
      const { endpoint, sockets } = step.target;
      const listener = sockets[0]?.listener;
      const protocol = listener?.protocol.value;
      if (!listener || (protocol !== "AM.PDP" && protocol !== "AM.CL")) continue;
      const at = requestPart(step, endpoint.range) ?? requestPlace(step);
      const by = listener.protocol.origin;
      context.report({
        at,
        message: `${showRequest(step)} sends mail to ${showEndpoint(endpoint.address, endpoint.port)}, where amavisd speaks ${protocol} and no SMTP: both sides wait until Postfix gives up, and mail is ${step.request.kind === "proxy" ? "refused with 451" : "deferred"}.`,
        related: [
          ...(by ? [{ ...by, message: `the protocol is set here (${context.place(by)})` }] : []),
          ...relatedStep(context, step),
        ],
        fixes: () => mend(context, step),
      });
    }
  },
};

/** smtpd(8) does not know LHLO, and the LMTP client takes its 500 for the last word (run with 3.7.11). */
function checkPostfix(
  context: RuleContext,
  step: FilterStep,
  { endpoint, sockets }: Extract<Target, { kind: "postfix" }>,
): void {
  const feeder = feederOf(context.system, context.flow, step);
  const service = sockets[0]?.service;
  if (feeder?.protocol !== "lmtp" || service?.program !== "smtpd") return;
  context.report({
    at: requestPart(step, endpoint.range) ?? requestPlace(step),
    message: `${showRequest(step)} sends mail by LMTP to ${showEndpoint(endpoint.address, endpoint.port)}, where ${service.name} speaks SMTP only: mail bounces with "500 5.5.2 Error: command not recognized".`,
    related: [
      { ...service.nameLocation, message: `${service.name} listens there` },
      { ...feeder.service.nameLocation, message: `${feeder.service.name} runs lmtp(8)` },
    ],
    fixes: () => otherPorts(context, step, endpoint.range),
  });
}

function mend(context: RuleContext, step: FilterStep): Fix[] {
  if (step.target.kind !== "amavis") return [];
  const fixes = otherPorts(context, step, step.target.endpoint.range);
  const { origin } = step.target.sockets[0]?.listener.protocol ?? {};
  if (origin && fixes.length === 0)
    fixes.push({ title: "Let amavisd speak SMTP there", edits: [{ ...origin, newText: "'SMTP'" }] });
  return fixes;
}

/** The ports at which amavisd speaks SMTP, each as a change of the request. */
function otherPorts({ system }: RuleContext, step: FilterStep, range: Range): Fix[] {
  const at = step.request.part?.(range.start, range.end);
  const seen = new Set<number>();
  const fixes: Fix[] = [];
  for (const socket of system.sockets) {
    if (!at || socket.program !== "amavisd" || seen.has(socket.port)) continue;
    const protocol = socket.listener.protocol.value;
    if (protocol === "AM.PDP" || protocol === "AM.CL") continue;
    seen.add(socket.port);
    const host = socket.address === "::1" ? "::1" : "127.0.0.1";
    const written =
      step.request.kind === "proxy" ? showEndpoint(host, socket.port) : `[${host}]:${socket.port}`;
    fixes.push({
      title: `Send mail to ${written}, where amavisd speaks SMTP`,
      edits: [{ ...at, newText: written }],
      preferred: seen.size === 1,
    });
  }
  return fixes;
}
