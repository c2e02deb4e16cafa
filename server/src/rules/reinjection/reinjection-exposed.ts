import { showEndpoint } from "../../system/listeners.js";
import type { Rule } from "../rule.js";
import { exposedWays, insertBeforePort } from "./exposure.js";

export const reinjectionExposed: Rule = {
  code: "reinjection-exposed",
  severity: "warning",
  summary:
    "The service that takes mail back from the filter can be reached from outside; only its restrictions keep strangers out.",
  why: `A port number alone listens on all addresses of inet_interfaces. What comes in there passes no filter, so that one line of a restriction list, or one network too many in \`mynetworks\`, decides whether strangers can deliver unfiltered mail. Each port scan leaves

    postfix/smtpd[124]: NOQUEUE: reject: CONNECT from unknown[203.0.113.5]: 554 5.7.1 ... Client host rejected: Access denied

The filter comes from this very host, so nobody else needs the port.`,
  remedy: "Write the loopback address before the port: `127.0.0.1:10025`.",
  wrong: [
    {
      title: "guarded by its restrictions alone",
      text: `-- main.cf --
compatibility_level = 3.6
inet_interfaces = all
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
10025 inet n - n - - smtpd
#^^^^ warning
  -o content_filter=
  -o smtpd_client_restrictions=permit_mynetworks,reject
  -o mynetworks=127.0.0.0/8
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
  ],
  right: [
    {
      title: "on the loopback",
      text: `-- main.cf --
compatibility_level = 3.6
inet_interfaces = all
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
  -o smtpd_client_restrictions=permit_mynetworks,reject
  -o mynetworks=127.0.0.0/8
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "inet_interfaces keeps it inside",
      text: `-- main.cf --
compatibility_level = 3.6
inet_interfaces = loopback-only
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "the filter is on another host and has to come in",
      text: `-- main.cf --
compatibility_level = 3.6
content_filter = smtp:[filter.example.com]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp unix - - n - - smtp
10025 inet n - n - - smtpd
  -o content_filter=
  -o smtpd_client_restrictions=permit_mynetworks,reject
  -o mynetworks=10.1.2.3/32`,
    },
  ],
  check(context) {
    for (const { way, access } of exposedWays(context)) {
      const { service, client, port } = way;
      // Where the filter is another host, the port has to be open.
      if (access === "admitted" || client === undefined) continue;
      context.report({
        at: service.nameLocation,
        message: `${service.name}, which takes mail back from the filter, listens on addresses that others can reach; only its restriction lists turn strangers away. The filter comes from ${client}: ${showEndpoint(client, port)} would do.`,
        fixes: () => insertBeforePort(service, client, port),
      });
    }
  },
};
