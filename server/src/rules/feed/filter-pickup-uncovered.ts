import { mailEntries } from "../../flow/coverage.js";
import { namesAmavis } from "../../flow/meant.js";
import { relatedStep } from "../flow/places.js";
import type { Rule } from "../rule.js";
import { coverFixes } from "./coverFixes.js";

export const filterPickupUncovered: Rule = {
  code: "filter-pickup-uncovered",
  severity: "information",
  summary: "Every port has a filter, and mail of the sendmail command has none.",
  why: `\`-o content_filter\` on smtpd entries holds for what comes in by the network. What cron jobs, web applications and PHP hand to sendmail(1) is taken in by pickup(8), which asks for the filter of main.cf, and there is none: a hacked web site sends its spam past amavisd.`,
  remedy: "Set the filter on pickup too, or write `-o content_filter=` there to say that none is wanted.",
  wrong: [
    {
      title: "both ports, but not pickup",
      text: `-- main.cf --
compatibility_level = 3.6
-- master.cf --
smtp inet n - n - - smtpd
  -o content_filter=smtp-amavis:[127.0.0.1]:10024
submission inet n - n - - smtpd
  -o content_filter=smtp-amavis:[127.0.0.1]:10024
pickup unix n - n 60 1 pickup
#^^^^^ information
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
  ],
  right: [
    {
      title: "in main.cf for all",
      text: `-- main.cf --
compatibility_level = 3.6
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
submission inet n - n - - smtpd
pickup unix n - n 60 1 pickup
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "only what comes from outside is filtered",
      text: `-- main.cf --
compatibility_level = 3.6
-- master.cf --
smtp inet n - n - - smtpd
  -o content_filter=smtp-amavis:[127.0.0.1]:10024
submission inet n - n - - smtpd
  -o content_filter=
pickup unix n - n 60 1 pickup
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
  ],
  check(context) {
    const entries = mailEntries(context.system, context.flow);
    const ports = entries.filter(({ way }) => way !== "local");
    const submission = ports.find(({ way }) => way === "submission");
    const step = submission?.filters[0];
    if (step?.request.kind !== "content_filter" || ports.some(({ filters }) => filters.length === 0)) return;
    if (step.target.kind !== "amavis" && !namesAmavis(step)) return;
    for (const { way, service, filters, sometimes, exempted } of entries) {
      if (way !== "local" || filters.length > 0 || sometimes || exempted) continue;
      context.report({
        at: service.nameLocation,
        message: `Mail of the sendmail command passes no filter: content_filter is set on the ports alone, and pickup asks for that of main.cf, which is empty.`,
        related: relatedStep(context, step),
        fixes: () => coverFixes(context, service, step),
      });
    }
  },
};
