import { feedConnections } from "../../flow/capacity.js";
import { feeders } from "../../flow/feeders.js";
import { relatedStep } from "../flow/places.js";
import type { Rule } from "../rule.js";
import { limitPlace, maxServers, seconds } from "./concurrency.js";

/** A process of amavisd that is busy with a mail is free again after some seconds; a client that waits less gives up. */
const SHORT_WAIT = 60;

export const filterConcurrency: Rule = {
  code: "filter-concurrency",
  severity: "warning",
  summary: "Postfix opens more connections to amavisd than amavisd has processes.",
  why: `Connections beyond $max_servers wait for a greeting. That loses nothing, but it is about three times slower than equal numbers (information). When the transport waits only a short time for the greeting (\`smtp_helo_timeout\`), mail is deferred although amavisd works (warning):

    status=deferred (conversation with 127.0.0.1[127.0.0.1] timed out while receiving the initial server greeting)`,
  remedy: "Give the transport in master.cf the process limit that `$max_servers` says.",
  wrong: [
    {
      title: "20 clients for 2 processes, and little patience",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 20 smtp
#                        ^^ warning
  -o smtp_helo_timeout=2s
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;
$max_servers = 2;`,
    },
    {
      title: "20 clients for 2 processes",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 20 smtp
#                        ^^ information
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;
$max_servers = 2;`,
    },
  ],
  right: [
    {
      title: "the queue manager keeps to the number",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
smtp-amavis_destination_concurrency_limit = 2
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - - smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;
$max_servers = 2;`,
    },
    {
      title: "equal numbers",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;
$max_servers = 2;`,
    },
  ],
  check(context) {
    const servers = maxServers(context);
    if (!servers) return;
    for (const feeder of feeders(context.system, context.flow)) {
      const step = feeder.steps.find(({ target }) => target.kind === "amavis");
      if (!step) continue;
      const { service } = feeder;
      const limit = feedConnections(context.system, feeder);
      if (limit === undefined || limit <= servers.count) continue;
      const wait = seconds(service.environment.value(`${service.program}_helo_timeout`).text);
      const short = wait !== undefined && wait < SHORT_WAIT;
      const place = limitPlace(service);
      context.report({
        at: place,
        severity: short ? "warning" : "information",
        message: `"${service.name}" may open ${limit === Number.POSITIVE_INFINITY ? "any number of" : limit} connections, and amavisd has ${servers.count} processes ($max_servers): ${short ? `the others wait for a greeting, and after ${wait} s mail is deferred` : "the others wait, which is slower than equal numbers"}.`,
        related: [
          ...(servers.at ? [{ ...servers.at, message: "$max_servers" }] : []),
          ...relatedStep(context, step),
        ],
        fixes: () =>
          service.entry.columns.maxproc
            ? [
                {
                  title: `Set the process limit to ${servers.count}`,
                  edits: [{ ...place, newText: String(servers.count) }],
                  preferred: short,
                },
              ]
            : [],
      });
    }
  },
};
