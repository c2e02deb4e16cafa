import type { Rule } from "../rule.js";
import { inheritedPlace, inheritedRelated, inheritedSettings, overrideFixes } from "./inherited.js";

export const feedFallbackRelay: Rule = {
  code: "feed-fallback-relay",
  severity: "error",
  summary: "When the filter does not answer, its mail goes to the fallback relay, unfiltered.",
  why: `A fallback relay is tried for every destination that cannot be reached, and to the transport that feeds the filter the filter is such a destination. While amavisd is down or overloaded, nothing waits in the queue: mail passes by it and leaves the host unscanned, mail for one's own users as well.

    postfix/smtp[231]: connect to 127.0.0.1[127.0.0.1]:10024: Connection refused
    postfix/smtp[231]: to=<user@example.com>, relay=backup.example.net[203.0.113.5]:25, ... status=sent`,
  remedy:
    "Set `-o smtp_fallback_relay=` (`lmtp_fallback_relay` for lmtp) on the transport that feeds the filter.",
  wrong: [
    {
      title: "main.cf has a fallback relay, and the feed inherits it",
      text: `-- main.cf --
compatibility_level = 3.6
smtp_fallback_relay = [backup.example.net]
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
#^^^^^^^^^^ error
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "the filter shares the transport of ordinary mail, and the parameter has its old name",
      text: `-- main.cf --
compatibility_level = 3.6
fallback_relay = [backup.example.net]
content_filter = smtp:[127.0.0.1]:10024
#                ^^^^^^^^^^^^^^^^^^^^^^ error
-- master.cf --
smtp inet n - n - - smtpd
smtp unix - - n - - smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
  ],
  right: [
    {
      title: "the feed has none",
      text: `-- main.cf --
compatibility_level = 3.6
smtp_fallback_relay = [backup.example.net]
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp unix - - n - - smtp
smtp-amavis unix - - n - 2 smtp
  -o smtp_fallback_relay=
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "lmtp has a fallback of its own",
      text: `-- main.cf --
compatibility_level = 3.6
smtp_fallback_relay = [backup.example.net]
content_filter = lmtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
lmtp-amavis unix - - n - 2 lmtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
  ],
  check(context) {
    for (const { feeder, value, name } of inheritedSettings(context, "fallback_relay"))
      context.report({
        at: inheritedPlace(feeder, value),
        message: `The transport ${feeder.service.name} feeds the filter and has ${name} = ${value.text}: when the filter cannot be reached, mail is sent there unfiltered.`,
        related: inheritedRelated(context, feeder, value),
        fixes: () => overrideFixes(context, feeder, [[name, ""]]),
      });
  },
};
