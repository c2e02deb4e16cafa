import type { Stage } from "../../flow/paths.js";
import type { Service } from "../../semantics/postfix/services.js";
import { setOption } from "../edits.js";
import type { Rule } from "../rule.js";

export const sizeLimitReinjection: Rule = {
  code: "size-limit-reinjection",
  severity: "warning",
  summary: "The service behind the filter takes only smaller messages than the entry.",
  why: `A message that the entry accepted is too large for the way back, and bounces after it has been scanned:

    status=bounced (host 127.0.0.1[127.0.0.1] said: 552 5.3.4 ... Rejected by next-hop MTA on relaying, from MTA(smtp:[127.0.0.1]:10025): 552 5.3.4 Error: message file too big)

The filter adds some lines to the header, too: equal limits are enough in practice, smaller ones are not.`,
  remedy: "Give the service that takes mail back the limit of the entry or more, or `0` for none.",
  wrong: [
    {
      title: "users may send more than the reinjection takes",
      text: `-- main.cf --
compatibility_level = 3.6
mynetworks = 127.0.0.0/8
content_filter = smtp-amavis:[127.0.0.1]:10024
message_size_limit = 20480000
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
  -o message_size_limit=10240000
#                       ^^^^^^^^ warning
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
  ],
  right: [
    {
      title: "more, or no limit; and a large limit that cleanup does not share is none",
      text: `-- main.cf --
compatibility_level = 3.6
mynetworks = 127.0.0.0/8
content_filter = smtp-amavis:[127.0.0.1]:10024
message_size_limit = 20480000
-- master.cf --
smtp inet n - n - - smtpd
submission inet n - n - - smtpd
  -o message_size_limit=99000000
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
  -o message_size_limit=0
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
  ],
  check(context) {
    const seen = new Set<Service>();
    for (const { stages } of context.flow.paths) {
      const [first] = stages;
      const last = stages.at(-1);
      if (!first || !last || first === last || seen.has(last.service)) continue;
      const before = limitOf(first);
      const behind = limitOf(last);
      if (before === undefined || behind === undefined || behind >= before) continue;
      seen.add(last.service);
      const { service } = last;
      const definition = service.environment.definition("message_size_limit");
      const own = definition?.source === "option" ? definition.origin : undefined;
      const wanted = before === Number.POSITIVE_INFINITY ? "0" : String(before);
      context.report({
        at: own ?? service.nameLocation,
        message: `${service.name} takes messages of ${behind} bytes back from the filter, but ${first.service.name} accepts ${wanted === "0" ? "any size" : `${before}`}: what lies between bounces after it has been scanned.`,
        related: [{ ...first.service.nameLocation, message: "accepts larger messages" }],
        fixes: () => [
          {
            title: `Give ${service.name} -o message_size_limit=${wanted}`,
            edits: [setOption(context, service, "message_size_limit", wanted)],
            preferred: true,
          },
        ],
      });
    }
  },
};

/** The smaller one of what smtpd and its cleanup take; 0 is no limit. Undefined when one is not known. */
function limitOf({ service, cleanup }: Stage): number | undefined {
  let least = Number.POSITIVE_INFINITY;
  for (const environment of [service.environment, cleanup]) {
    const value = environment?.value("message_size_limit");
    if (value === undefined) continue;
    if (value.unknown !== undefined || !/^\d+$/.test(value.text)) return undefined;
    least = Math.min(least, Number(value.text) || Number.POSITIVE_INFINITY);
  }
  return least;
}
