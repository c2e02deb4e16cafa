import type { Service } from "../../semantics/postfix/services.js";
import { isPublicEntry } from "../../system/entries.js";
import { showEndpoint } from "../../system/listeners.js";
import { reinjectionCandidates } from "../edits.js";
import { forwardPlace } from "../flow/places.js";
import type { Rule } from "../rule.js";

export const forwardTo25: Rule = {
  code: "forward-to-25",
  severity: "warning",
  summary: "The filter hands mail back to the port where the world comes in.",
  why: `Port 25 does everything again that was done when the message first came: restrictions, DNS lists, policy services and milters, now with the filter for its client, and it counts the filter among the strangers of its limits. It works as long as nothing of all that turns the filter away; to mail from outside the log says

    postfix/smtpd[124]: 4F2A1: client=localhost[127.0.0.1]

and whoever later asks for a filter in main.cf makes a circle of it.`,
  remedy: "Add a service of its own, such as 127.0.0.1:10025, and let `$forward_method` name it.",
  unfixable: "The service that takes mail back has to be made first; where one is there, it is offered.",
  wrong: [
    {
      title: "port 25 has no filter of its own",
      text: `-- main.cf --
compatibility_level = 3.6
mynetworks = 127.0.0.0/8
-- master.cf --
smtp inet n - n - - smtpd
submission inet n - n - - smtpd
  -o content_filter=smtp-amavis:[127.0.0.1]:10024
smtp-amavis unix - - n - 2 smtp
-- amavisd.conf --
$inet_socket_port = 10024;
$forward_method = $notify_method = 'smtp:[127.0.0.1]:25';
#                                  ^^^^^^^^^^^^^^^^^^^^^ warning`,
    },
  ],
  right: [
    {
      title: "a service of its own",
      text: `-- main.cf --
compatibility_level = 3.6
mynetworks = 127.0.0.0/8
-- master.cf --
smtp inet n - n - - smtpd
submission inet n - n - - smtpd
  -o content_filter=smtp-amavis:[127.0.0.1]:10024
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
-- amavisd.conf --
$inet_socket_port = 10024;
$forward_method = $notify_method = 'smtp:[127.0.0.1]:10025';`,
    },
  ],
  check(context) {
    const { system, flow } = context;
    const seen = new Set<string>();
    for (const step of flow.forwards) {
      if (step.role !== "forward" || step.target.kind !== "postfix" || !flow.fed.has(step.listener)) continue;
      const { endpoint, sockets } = step.target;
      const service: Service | undefined = sockets[0]?.service;
      const at = forwardPlace(step);
      // A service that asks for a filter makes a loop of it (filter-loop).
      if (!service || !at || service.program !== "smtpd" || !isPublicEntry(system, service)) continue;
      const key = `${at.file}:${at.range.start}`;
      if (seen.has(key) || flow.requestsOf(service, endpoint.address).length > 0) continue;
      seen.add(key);
      context.report({
        at,
        message: `amavisd hands mail back to ${showEndpoint(endpoint.address, endpoint.port)}, which is ${service.name}, where the world comes in: all its checks are made again, and they look at the filter.`,
        related: [{ ...service.nameLocation, message: "mail comes back here" }],
        fixes: () =>
          reinjectionCandidates(context)
            .slice(0, 1)
            .map(({ address, port }) => ({
              title: `Hand mail back to ${showEndpoint(address, port)}`,
              edits: [{ ...at, newText: `'smtp:[${address}]:${port}'` }],
            })),
      });
    }
  },
};
