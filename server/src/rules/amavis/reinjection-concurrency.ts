import { mostProcesses } from "../../flow/capacity.js";
import type { Service } from "../../semantics/postfix/services.js";
import { forwardPlace } from "../flow/places.js";
import type { Rule } from "../rule.js";
import { limitPlace, maxServers } from "./concurrency.js";

export const reinjectionConcurrency: Rule = {
  code: "reinjection-concurrency",
  severity: "error",
  summary: "The service that takes mail back has fewer processes than amavisd.",
  why: `amavisd keeps sessions to the reinjection service open. With a process limit of 1 and five processes of amavisd, one session holds the only smtpd, the others get no greeting, and mail is stuck in the active queue for the time of a timeout (observed: 4 of 20 mails). With more than one process, but fewer than amavisd has, it is a matter of load (warning).`,
  remedy: "Set the process limit of the service to `$max_servers` or more, or to `-`.",
  wrong: [
    {
      title: "one process for five",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 5 smtp
127.0.0.1:10025 inet n - n - 1 smtpd
#                            ^ error
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;
$max_servers = 5;`,
    },
    {
      title: "three for five",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 5 smtp
127.0.0.1:10025 inet n - n - 3 smtpd
#                            ^ warning
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;
$max_servers = 5;`,
    },
  ],
  right: [
    {
      title: "as many",
      text: `-- master.cf --
smtp inet n - n - - smtpd
127.0.0.1:10025 inet n - n - 5 smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;
$max_servers = 5;`,
    },
    {
      title: "0 is no limit",
      text: `-- master.cf --
smtp inet n - n - - smtpd
127.0.0.1:10025 inet n - n - 0 smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;
$max_servers = 5;`,
    },
  ],
  check(context) {
    const servers = maxServers(context);
    if (!servers) return;
    const seen = new Set<Service>();
    for (const step of context.flow.forwards) {
      if (step.role !== "forward" || step.target.kind !== "postfix") continue;
      const service = step.target.sockets[0]?.service;
      if (!service || seen.has(service)) continue;
      seen.add(service);
      const limit = mostProcesses(service);
      if (limit === undefined || limit >= servers.count) continue;
      const at = limitPlace(service);
      const from = forwardPlace(step);
      context.report({
        at,
        severity: limit === 1 ? "error" : "warning",
        message: `"${service.name}" has ${limit} ${limit === 1 ? "process" : "processes"}, and amavisd ${servers.count} ($max_servers): sessions that amavisd keeps open shut out the others, and mail ${limit === 1 ? "is stuck" : "may be stuck"} in the active queue.`,
        related: [
          ...(servers.at ? [{ ...servers.at, message: "$max_servers" }] : []),
          ...(from ? [{ ...from, message: "amavisd hands mail back here" }] : []),
        ],
        fixes: () => [
          {
            title: `Set the process limit to ${servers.count}`,
            edits: [{ ...at, newText: String(servers.count) }],
            preferred: true,
          },
        ],
      });
    }
  },
};
