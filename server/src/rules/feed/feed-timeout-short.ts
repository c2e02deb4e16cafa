import { clientValue, feeders } from "../../flow/feeders.js";
import { amavisCount, seconds } from "../amavis/concurrency.js";
import type { Rule } from "../rule.js";
import { inheritedPlace, inheritedRelated, overrideFixes } from "./inherited.js";

export const feedTimeoutShort: Rule = {
  code: "feed-timeout-short",
  severity: "warning",
  summary: "Postfix gives up on amavisd before amavisd gives up on the message.",
  why: `amavisd may work on one message for \`$child_timeout\` seconds, and answers when it is done. A client whose \`smtp_data_done_timeout\` is no longer than that hangs up before, keeps the message and sends it again, while the first copy is delivered all the same:

    status=deferred (conversation with 127.0.0.1[127.0.0.1] timed out while sending end of data -- message may be sent more than once)`,
  remedy:
    "Set `-o smtp_data_done_timeout=1200` (`lmtp_data_done_timeout` for lmtp) on the transport that feeds amavisd, or lower `$child_timeout` below it.",
  wrong: [
    {
      title: "five minutes against the eight that amavisd takes by default",
      text: `-- main.cf --
compatibility_level = 3.6
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
  -o smtp_data_done_timeout=300
#                           ^^^ warning
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "a longer time for amavisd and none for Postfix",
      text: `-- main.cf --
compatibility_level = 3.6
content_filter = lmtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
lmtp-amavis unix - - n - 2 lmtp
#^^^^^^^^^^ warning
  -o smtp_data_done_timeout=1200
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;
$child_timeout = 15*60;`,
    },
  ],
  right: [
    {
      title: "the defaults of both, and a longer time on both sides",
      text: `-- main.cf --
compatibility_level = 3.6
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
submission inet n - n - - smtpd
  -o content_filter=lmtp-amavis:[127.0.0.1]:10024
smtp-amavis unix - - n - 2 smtp
  -o smtp_data_done_timeout=20m
lmtp-amavis unix - - n - 2 lmtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;
$child_timeout = 9*60;`,
    },
  ],
  check(context) {
    // Seconds; 0 is no limit.
    const child = context.system.amavis?.open ? undefined : amavisCount(context, "$child_timeout");
    if (!child || child.count === 0) return;
    for (const feeder of feeders(context.system, context.flow)) {
      if (!feeder.steps.some(({ target }) => target.kind === "amavis")) continue;
      const value = clientValue(feeder, "data_done_timeout");
      const wait = value.unknown === undefined ? seconds(value.text) : undefined;
      if (wait === undefined || wait > child.count) continue;
      const name = `${feeder.protocol}_data_done_timeout`;
      const enough = Math.max(1200, child.count + 300);
      context.report({
        at: inheritedPlace(feeder, value),
        message: `The transport ${feeder.service.name} waits ${wait} s for amavisd's answer (${name}), and amavisd may take ${child.count} s ($child_timeout): mail that takes long is sent to it again, and delivered twice.`,
        related: [
          ...(child.at ? [{ ...child.at, message: "$child_timeout is set here" }] : []),
          ...inheritedRelated(context, feeder, value),
        ],
        fixes: () => overrideFixes(context, feeder, [[name, String(enough)]]),
      });
    }
  },
};
