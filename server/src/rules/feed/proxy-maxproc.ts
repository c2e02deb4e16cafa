import { mostProcesses } from "../../flow/capacity.js";
import type { Service } from "../../semantics/postfix/services.js";
import { limitPlace, maxServers } from "../amavis/concurrency.js";
import { relatedStep } from "../flow/places.js";
import type { Rule } from "../rule.js";

export const proxyMaxproc: Rule = {
  code: "proxy-maxproc",
  severity: "warning",
  summary: "More clients may be connected than amavisd can serve before the queue.",
  why: `With \`smtpd_proxy_filter\` every client that sends mail holds a process of amavisd, as long as it takes to send it. When there are more clients than \`$max_servers\`, the others get no greeting from amavisd, and after \`smtpd_proxy_timeout\` they are put off:

    warning: timeout talking to proxy 127.0.0.1:10024
    proxy-reject: END-OF-MESSAGE: 451 4.3.0 Error: queue file write error

\`smtpd_proxy_options = speed_adjust\` makes smtpd take in the whole message first, so that slow clients hold none (information).`,
  remedy: "Give the smtpd service the process limit that `$max_servers` says, or more processes to amavisd.",
  wrong: [
    {
      title: "a hundred clients for two processes",
      text: `-- main.cf --
compatibility_level = 3.6
-- master.cf --
smtp inet n - n - - smtpd
#                 ^ warning
  -o smtpd_proxy_filter=127.0.0.1:10024
127.0.0.1:10025 inet n - n - - smtpd
-- amavisd.conf --
$inet_socket_port = 10024;
$max_servers = 2;`,
    },
    {
      title: "with messages taken in first",
      text: `-- main.cf --
compatibility_level = 3.6
smtpd_proxy_options = speed_adjust
-- master.cf --
smtp inet n - n - 50 smtpd
#                 ^^ information
  -o smtpd_proxy_filter=127.0.0.1:10024
127.0.0.1:10025 inet n - n - - smtpd
-- amavisd.conf --
$inet_socket_port = 10024;
$max_servers = 20;`,
    },
  ],
  right: [
    {
      title: "equal numbers",
      text: `-- main.cf --
compatibility_level = 3.6
-- master.cf --
smtp inet n - n - 20 smtpd
  -o smtpd_proxy_filter=127.0.0.1:10024
127.0.0.1:10025 inet n - n - - smtpd
-- amavisd.conf --
$inet_socket_port = 10024;
$max_servers = 20;`,
    },
  ],
  check(context) {
    const servers = maxServers(context);
    // Sessions that nest without end need more than any number: filter-loop.
    if (!servers || context.flow.loops.length > 0) return;
    const seen = new Set<Service>();
    for (const step of context.flow.requests) {
      const { service, request, target } = step;
      if (request.kind !== "proxy" || target.kind !== "amavis" || seen.has(service)) continue;
      seen.add(service);
      const limit = mostProcesses(service);
      if (limit === undefined || limit <= servers.count) continue;
      const buffered = /\bspeed_adjust\b/.test(service.environment.value("smtpd_proxy_options").text);
      const at = limitPlace(service);
      context.report({
        at,
        severity: buffered ? "information" : "warning",
        message: `${service.name} takes ${limit === Number.POSITIVE_INFINITY ? "any number of" : limit} clients at a time, and each needs one of amavisd's ${servers.count} processes ($max_servers): the others wait${buffered ? "" : ", and are put off with 451 when that takes too long"}.`,
        related: [
          ...(servers.at ? [{ ...servers.at, message: "$max_servers" }] : []),
          ...relatedStep(context, step),
        ],
        fixes: () =>
          service.entry.columns.maxproc
            ? [
                {
                  title: `Set the process limit to ${servers.count}`,
                  edits: [{ ...at, newText: String(servers.count) }],
                },
              ]
            : [],
      });
    }
  },
};
