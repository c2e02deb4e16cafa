import { argumentFaults } from "../../semantics/postfix/arguments.js";
import { type RelayDoor, relayDoor } from "../../semantics/postfix/lists/relay.js";
import { hasRelayGuard } from "../../semantics/postfix/lists/restrictions.js";
import { isReachable } from "../../system/entries.js";
import type { Rule } from "../rule.js";
import { smtpdServices } from "./settings.js";

export const openRelay: Rule = {
  code: "open-relay",
  severity: "error",
  summary: "Strangers may send mail to anywhere through this server.",
  why: `Whoever finds the port sends spam through it, within hours the queue is full, and other servers refuse everything that comes from the address. Nothing complains: the log shows ordinary deliveries,

    postfix/smtpd[124]: 4F2A1: client=unknown[203.0.113.9]
    postfix/smtp[125]: 4F2A1: to=<someone@elsewhere.example>, ... status=sent

It takes a listener that can be reached from outside and lists that let a stranger pass: \`permit_mynetworks\` with a network of the whole internet in mynetworks, or a guard that is never run because the restriction before it takes it for its argument.`,
  remedy: "Name only your own networks in `mynetworks`, or let the service listen on 127.0.0.1 alone.",
  unfixable: "Which networks are meant only the administrator knows.",
  wrong: [
    {
      title: "mynetworks holds the internet",
      text: `-- main.cf --
compatibility_level = 3.6
inet_interfaces = all
mynetworks = 127.0.0.0/8 0.0.0.0/0
#                        ^^^^^^^^^ error
-- master.cf --
smtp inet n - n - - smtpd`,
    },
    {
      title: "one service only",
      text: `-- main.cf --
compatibility_level = 3.6
mynetworks = 127.0.0.0/8
-- master.cf --
smtp inet n - n - - smtpd
2525 inet n - n - - smtpd
  -o mynetworks=[::]/0
#               ^^^^^^ error
  -o smtpd_relay_restrictions=
  -o smtpd_recipient_restrictions=permit_mynetworks,reject`,
    },
    {
      title: "the DNS list takes the guard for its domain",
      text: `-- main.cf --
mynetworks = 127.0.0.0/8
smtpd_recipient_restrictions = permit_mynetworks, reject_rbl_client, reject_unauth_destination
#                                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error
-- master.cf --
smtp inet n - n - - smtpd`,
    },
    {
      title: "a class that permits before the guard is asked",
      text: `-- main.cf --
mynetworks = 127.0.0.0/8
smtpd_restriction_classes = trusted
trusted = check_client_access hash:/etc/postfix/clients, permit
#                                                        ^^^^^^ error
smtpd_recipient_restrictions = trusted, reject_unauth_destination
-- master.cf --
smtp inet n - n - - smtpd`,
    },
    {
      title: "a network that no one site has",
      text: `-- main.cf --
compatibility_level = 3.6
mynetworks = 127.0.0.0/8 203.0.0.0/8
#                        ^^^^^^^^^^^ warning
-- master.cf --
smtp inet n - n - - smtpd`,
    },
  ],
  right: [
    {
      title: "loopback only, private networks, and a list that does not ask mynetworks",
      text: `-- main.cf --
compatibility_level = 3.6
mynetworks = 127.0.0.0/8 10.0.0.0/8 192.168.0.0/16 172.16.0.0/12 [fe80::]/64 [fd00::]/8
-- master.cf --
smtp inet n - n - - smtpd
127.0.0.1:10025 inet n - n - - smtpd
  -o mynetworks=0.0.0.0/0
submission inet n - n - - smtpd
  -o mynetworks=0.0.0.0/0
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject`,
    },
  ],
  check(context) {
    const { system } = context;
    const template = system.source.master?.template ?? false;
    for (const service of smtpdServices(system)) {
      if (!isReachable(system, service)) continue;
      const { environment } = service;
      const guarded = GATES.some((name) => hasRelayGuard(environment, name) !== "no");
      if (!guarded || argumentFaults(service, template).some(({ fatal }) => fatal)) continue;
      const door = relayDoor(environment);
      const at = door?.network ? door.network.at : (door?.swallowed?.at ?? door?.permit);
      if (!door || !at) continue;
      context.report({
        at,
        severity: door.openness === "wide" ? "warning" : "error",
        message: describe(door),
        related: [{ ...service.nameLocation, message: `${service.name} can be reached from outside` }],
      });
    }
  },
};

const GATES = ["smtpd_relay_restrictions", "smtpd_recipient_restrictions"] as const;

function describe({ network, openness, swallowed }: RelayDoor): string {
  if (network) {
    const who = openness === "world" ? "everybody on the internet" : "a large part of the internet";
    return `${network.pattern.text} in mynetworks is ${who}, and permit_mynetworks lets it send mail to anywhere: ${openness === "world" ? "an open relay" : "whoever has an address there can relay"}.`;
  }
  if (!swallowed)
    return "This permit lets everybody send mail to anywhere before a guard is asked: an open relay.";
  return `${swallowed.restriction.item.text} takes ${swallowed.restriction.argument?.text} for its domain, so that guard is never run and everybody may send mail to anywhere: an open relay.`;
}
