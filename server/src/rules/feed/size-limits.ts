import type { Location } from "../../semantics/located.js";
import { relatedStep } from "../flow/places.js";
import type { Rule, RuleContext } from "../rule.js";

/** amavisd raises a smaller limit to this (RFC 5321 wants no less). */
const LEAST = 65_536;

export const sizeLimits: Rule = {
  code: "size-limits",
  severity: "warning",
  summary: "Postfix accepts messages that are too large for amavisd.",
  why: `amavisd announces \`$smtpd_message_size_limit\` to Postfix. A message between that size and Postfix's \`message_size_limit\` has been accepted from its sender, cannot go on, and is returned:

    status=bounced (message size 144410 exceeds size limit 70000 of server 127.0.0.1[127.0.0.1])

Had Postfix known the limit, it would have refused the message at once.`,
  remedy:
    "Make `message_size_limit` in main.cf no larger than `$smtpd_message_size_limit`, or delete the latter, which by default does not limit anything.",
  wrong: [
    {
      title: "10 MB are accepted, 5 MB pass",
      text: `-- main.cf --
compatibility_level = 3.6
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;
$smtpd_message_size_limit = 5*1024*1024;
#                           ^^^^^^^^^^^ warning`,
    },
  ],
  right: [
    {
      title: "the same on both sides, and none",
      text: `-- main.cf --
compatibility_level = 3.6
message_size_limit = 5242880
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;
$smtpd_message_size_limit = 5*1024*1024;`,
    },
  ],
  check(context) {
    const limit = amavisLimit(context);
    if (!limit) return;
    for (const step of context.flow.requests) {
      // Before the queue the client itself is told.
      if (step.target.kind !== "amavis" || step.request.kind === "proxy") continue;
      const { text, unknown, definition } = step.service.environment.value("message_size_limit");
      if (unknown !== undefined || !/^\d+$/.test(text)) continue;
      const accepted = Number(text) === 0 ? Number.POSITIVE_INFINITY : Number(text);
      if (accepted <= limit.bytes) continue;
      context.report({
        at: limit.at,
        message: `amavisd takes messages of ${limit.bytes} bytes, and Postfix accepts ${accepted === Number.POSITIVE_INFINITY ? "any size" : `${accepted} bytes`} (message_size_limit): larger ones bounce with "exceeds size limit".`,
        related: [
          ...(definition?.origin
            ? [{ ...definition.origin, message: "message_size_limit is set here" }]
            : []),
          ...relatedStep(context, step),
        ],
        fixes: () =>
          accepted === Number.POSITIVE_INFINITY
            ? []
            : [{ title: `Write ${accepted}`, edits: [{ ...limit.at, newText: String(accepted) }] }],
      });
      return;
    }
  },
};

function amavisLimit({ system }: RuleContext): { readonly bytes: number; readonly at: Location } | undefined {
  const { amavis, source } = system;
  if (!amavis || amavis.open || source.amavisOpen !== undefined) return undefined;
  const value = amavis.value("$smtpd_message_size_limit");
  const at = value?.origins[0];
  if (!at || typeof value.display !== "string" || !/^\d+$/.test(value.display)) return undefined;
  const written = Number(value.display);
  return written === 0 ? undefined : { bytes: Math.max(written, LEAST), at };
}
