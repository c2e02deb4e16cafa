import type { AmavisListener } from "../../semantics/amavis/configuration.js";
import { showEndpoint } from "../../system/listeners.js";
import type { Rule } from "../rule.js";

export const listenerUnfed: Rule = {
  code: "listener-unfed",
  severity: "information",
  summary: "amavisd has a port with settings of its own, and nothing in Postfix sends mail there.",
  why: `A port with a policy bank is made for a kind of mail: that of one's own users, or of a second pass. As long as no \`content_filter\`, FILTER action or \`smtpd_proxy_filter\` names it, its settings never apply. Often the entry of submission still feeds the port of incoming mail.`,
  remedy: "Name the port on the service whose mail it is for, or let amavisd listen there no more.",
  unfixable: "Which service the port was made for is not in the files.",
  wrong: [
    {
      title: "a bank for submission, and submission goes elsewhere",
      text: `-- main.cf --
compatibility_level = 3.6
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
submission inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = [10024, 10026];
#                           ^^^^^ information
$interface_policy{'10026'} = 'ORIGINATING';
$policy_bank{'ORIGINATING'} = { originating => 1 };`,
    },
  ],
  right: [
    {
      title: "every port is fed, or is for programs that are not Postfix",
      text: `-- main.cf --
compatibility_level = 3.6
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
submission inet n - n - - smtpd
  -o content_filter=smtp-amavis:[127.0.0.1]:10026
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = [10024, 10026, 9998];
$interface_policy{'10026'} = 'ORIGINATING';
$interface_policy{'9998'} = 'AM.PDP-INET';
$policy_bank{'ORIGINATING'} = { originating => 1 };
$policy_bank{'AM.PDP-INET'} = { protocol => 'AM.PDP' };`,
    },
    {
      title: "a table that is not here may name it",
      text: `-- main.cf --
compatibility_level = 3.6
content_filter = smtp-amavis:[127.0.0.1]:10024
smtpd_sender_restrictions = check_sender_access hash:/srv/senders
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = [10024, 10026];
$interface_policy{'10026'} = 'ORIGINATING';
$policy_bank{'ORIGINATING'} = { originating => 1 };`,
    },
  ],
  check(context) {
    const { system, flow } = context;
    const { amavis, masterOpen, source } = system;
    if (!amavis || masterOpen !== undefined || !source.complete || flow.fed.size === 0) return;
    const fedPorts = new Set([...flow.fed].map(({ port }) => port));
    const idle = new Map<string, AmavisListener>();
    for (const listener of amavis.listeners) {
      const { network, port, protocol, banks } = listener;
      if (network !== "inet" || port === 0 || fedPorts.has(port) || banks.length === 0) continue;
      if (protocol.value === "AM.PDP" || protocol.value === "AM.CL" || typeof protocol.value !== "string")
        continue;
      if (!idle.has(listener.spec)) idle.set(listener.spec, listener);
    }
    if (idle.size === 0 || mayNameAnyPort(context)) return;
    for (const { origin, address, port, banks } of idle.values())
      if (origin)
        context.report({
          at: origin,
          message: `No service of Postfix sends mail to ${showEndpoint(address, port)}: the policy bank ${banks.join(", ")}, which amavisd has for this port, is never used.`,
        });
  },
};

/** Whether something that is not known here may feed a port: an unknown request, another filter, a table. */
function mayNameAnyPort({ system, flow }: Parameters<Rule["check"]>[0]): boolean {
  if (flow.requests.some(({ target }) => target.kind !== "amavis")) return true;
  return system.settings.some(
    ({ name, value }) =>
      (/_(?:restrictions|checks|transport_maps)$|^transport_maps$|_transport$|^relayhost$/.test(name) ||
        name === "smtpd_milters") &&
      /[:/]/.test(value.text),
  );
}
