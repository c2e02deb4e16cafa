import type { Rule } from "../rule.js";
import { exposedWays, insertBeforePort } from "./exposure.js";

export const unfilteredEntry: Rule = {
  code: "unfiltered-entry",
  severity: "error",
  summary: "Strangers can deliver mail at the service behind the filter, and nothing scans it.",
  why: `The service that takes mail back from the filter has no filter, or mail would go round. If it listens on all addresses and its restrictions are those of port 25, anybody who finds the port delivers viruses and spam to the mailboxes of this host past every check. To the log it is ordinary mail, only without amavisd's lines:

    postfix/smtpd[124]: 4F2A1: client=unknown[203.0.113.9]

It is no open relay: mail for other hosts is refused as it is on port 25.`,
  remedy:
    "Write the loopback address before the port (`127.0.0.1:10025`), and let the service's own restrictions end in `reject`: `-o smtpd_client_restrictions=permit_mynetworks,reject`.",
  wrong: [
    {
      title: "a bare port that only switches the filter off",
      text: `-- main.cf --
compatibility_level = 3.6
mynetworks = 127.0.0.0/8
inet_interfaces = all
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
10025 inet n - n - - smtpd
#^^^^ error
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "amavisd is not among the files",
      text: `-- main.cf --
compatibility_level = 3.6
mynetworks = 127.0.0.0/8
content_filter = smtp:[filter.example.com]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp unix - - n - - smtp
0.0.0.0:10025 inet n - n - - smtpd
#^^^^^^^^^^^^ warning
  -o content_filter=`,
    },
  ],
  right: [
    {
      title: "strangers are turned away",
      text: `-- main.cf --
compatibility_level = 3.6
mynetworks = 127.0.0.0/8
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
10025 inet n - n - - smtpd
  -o content_filter=
  -o smtpd_recipient_restrictions=permit_mynetworks,reject
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "a port for users with a password",
      text: `-- main.cf --
compatibility_level = 3.6
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
10587 inet n - n - - smtpd
  -o content_filter=
  -o smtpd_sasl_auth_enable=yes
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
  ],
  check(context) {
    for (const { way, access } of exposedWays(context)) {
      const { service, client, port, forward } = way;
      if (access !== "admitted") continue;
      context.report({
        at: service.nameLocation,
        // A filter on another host has to reach it, and who else does is not known here.
        severity: forward || client !== undefined ? "error" : "warning",
        message: `${service.name} takes mail back from the filter, listens on addresses that others can reach, and its restrictions let strangers deliver to recipients of this host: that mail passes no filter.`,
        fixes: () => insertBeforePort(service, client ?? "127.0.0.1", port),
      });
    }
  },
};
