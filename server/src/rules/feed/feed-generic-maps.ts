import type { Rule } from "../rule.js";
import { inheritedPlace, inheritedRelated, inheritedSettings, overrideFixes } from "./inherited.js";

export const feedGenericMaps: Rule = {
  code: "feed-generic-maps",
  severity: "warning",
  summary: "Addresses are rewritten for the outside world on the way to the filter.",
  why: `\`smtp_generic_maps\` turns local addresses into those of a provider when mail leaves the host. The transport that feeds the filter is an SMTP client like any other and rewrites as well: the filter sees other senders and recipients, and what comes back from it is under way to the rewritten address. Mail between two users of this host then goes to the provider. The log of the delivery behind the filter shows it:

    postfix/smtp[237]: B7B33: to=<other@isp.example>, ... status=sent`,
  remedy: "Set `-o smtp_generic_maps=` on the transport that feeds the filter.",
  wrong: [
    {
      title: "inherited from main.cf",
      text: `-- main.cf --
compatibility_level = 3.6
smtp_generic_maps = hash:/etc/postfix/generic
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
#^^^^^^^^^^ warning
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
  ],
  right: [
    {
      title: "not on the way to the filter",
      text: `-- main.cf --
compatibility_level = 3.6
smtp_generic_maps = hash:/etc/postfix/generic
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
  -o smtp_generic_maps=
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
  ],
  check(context) {
    for (const { feeder, value, name } of inheritedSettings(context, "generic_maps"))
      context.report({
        at: inheritedPlace(feeder, value),
        message: `The transport ${feeder.service.name} feeds the filter and has ${name} = ${value.text}: addresses are rewritten before the filter sees them, and mail comes back for the rewritten recipients.`,
        related: inheritedRelated(context, feeder, value),
        fixes: () => overrideFixes(context, feeder, [[name, ""]]),
      });
  },
};
