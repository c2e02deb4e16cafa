import { transportLimit } from "../../flow/capacity.js";
import { feeders } from "../../flow/feeders.js";
import type { Rule } from "../rule.js";

export const recipientLimit: Rule = {
  code: "recipient-limit",
  severity: "warning",
  summary: "Postfix feeds more recipients at a time than amavisd takes.",
  why: `amavisd refuses the recipients beyond \`$smtpd_recipient_limit\` for the time being. They are tried again later, a few more each time, so that mail to many recipients takes hours:

    status=deferred (host 127.0.0.1[127.0.0.1] said: 452 4.5.3 Too many recipients (in reply to RCPT TO command))`,
  remedy:
    "Let `$smtpd_recipient_limit` be at least the transport's `destination_recipient_limit` in main.cf (50 by default), or delete it: its default is 1100.",
  wrong: [
    {
      title: "20 against the default of 50",
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
$smtpd_recipient_limit = 20;
#                        ^^ warning`,
    },
  ],
  right: [
    {
      title: "the transport keeps to it",
      text: `-- main.cf --
compatibility_level = 3.6
content_filter = smtp-amavis:[127.0.0.1]:10024
smtp-amavis_destination_recipient_limit = 20
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;
$smtpd_recipient_limit = 20;`,
    },
  ],
  check(context) {
    const { amavis, source } = context.system;
    if (!amavis || amavis.open || source.amavisOpen !== undefined) return;
    const value = amavis.value("$smtpd_recipient_limit");
    const at = value?.origins[0];
    if (!at || typeof value.display !== "string" || !/^\d+$/.test(value.display)) return;
    const takes = Number(value.display);
    for (const { service, steps } of feeders(context.system, context.flow)) {
      if (!steps.some(({ target }) => target.kind === "amavis")) continue;
      const sends = transportLimit(context.system, service, "destination_recipient_limit");
      if (sends === undefined || sends <= takes) continue;
      const many = sends === Number.POSITIVE_INFINITY ? "any number of" : String(sends);
      context.report({
        at,
        message: `amavisd takes ${takes} recipients a message, and the transport ${service.name} sends ${many}: the others are put off with "452 4.5.3 Too many recipients".`,
        related: [{ ...service.nameLocation, message: `${service.name} feeds amavisd` }],
        fixes: () =>
          sends === Number.POSITIVE_INFINITY
            ? []
            : [{ title: `Write ${sends}`, edits: [{ ...at, newText: String(sends) }] }],
      });
      return;
    }
  },
};
