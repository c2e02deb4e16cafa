import { type Entry, mailEntries } from "../../flow/coverage.js";
import type { FilterStep } from "../../flow/flow.js";
import { namesAmavis } from "../../flow/meant.js";
import { relatedStep } from "../flow/places.js";
import type { Rule, RuleContext } from "../rule.js";
import { coverFixes } from "./coverFixes.js";

export const filterSubmissionUncovered: Rule = {
  code: "filter-submission-uncovered",
  severity: "warning",
  summary: "Mail that users submit passes by the filter that port 25 has.",
  why: `\`-o content_filter\` on the entry of port 25 holds for that entry alone. What users send by 587 or 465 is neither scanned nor signed by amavisd, so a stolen password sends its spam and viruses unseen. The log has no line that says so: there is only no line of amavis for such mail.`,
  remedy:
    "Set the filter on the submission entries too (often a second port of amavisd with a bank for mail of one's own users), or write `-o content_filter=` there to say that none is wanted.",
  wrong: [
    {
      title: "the filter is on port 25 alone",
      text: `-- main.cf --
compatibility_level = 3.6
-- master.cf --
smtp inet n - n - - smtpd
  -o content_filter=smtp-amavis:[127.0.0.1]:10024
submission inet n - n - - smtpd
#^^^^^^^^^ warning
  -o smtpd_sasl_auth_enable=yes
smtps inet n - n - - smtpd
#^^^^ warning
  -o smtpd_tls_wrappermode=yes
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "behind postscreen",
      text: `-- main.cf --
compatibility_level = 3.6
-- master.cf --
smtp inet n - n - 1 postscreen
smtpd pass - - n - - smtpd
  -o content_filter=smtp-amavis:[127.0.0.1]:10024
587 inet n - n - - smtpd
#^^ warning
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
  ],
  right: [
    {
      title: "one for all, one for each, and none on purpose",
      text: `-- main.cf --
compatibility_level = 3.6
-- master.cf --
smtp inet n - n - - smtpd
  -o content_filter=smtp-amavis:[127.0.0.1]:10024
587 inet n - n - - smtpd
  -o content_filter=smtp-amavis:[127.0.0.1]:10026
465 inet n - n - - smtpd
  -o content_filter=
  -o smtpd_tls_wrappermode=yes
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
-- amavisd.conf --
$inet_socket_port = [10024, 10026];`,
    },
    {
      title: "a filter of which nobody knows whether it is meant for all",
      text: `-- main.cf --
compatibility_level = 3.6
-- master.cf --
smtp inet n - n - - smtpd
  -o content_filter=spamassassin
587 inet n - n - - smtpd
spamassassin unix - n n - - pipe
  user=debian-spamd argv=/usr/bin/spamc -f -e /usr/sbin/sendmail -oi -f \${sender} \${recipient}`,
    },
  ],
  check(context) {
    const entries = mailEntries(context.system, context.flow);
    const step = entries
      .filter(({ way }) => way === "internet")
      .flatMap(({ filters }) => filters)
      .find((filter) => filter.target.kind === "amavis" || namesAmavis(filter));
    if (!step) return;
    for (const entry of entries)
      if (entry.way === "submission" && entry.filters.length === 0 && !entry.sometimes && !entry.exempted)
        report(context, entry, step);
  },
};

function report(context: RuleContext, { service }: Entry, step: FilterStep): void {
  context.report({
    at: service.nameLocation,
    message: `Mail that comes in by ${service.name} passes no filter, while ${step.service.name} (${context.place(step.service.nameLocation)}) sends its mail to amavisd: what users submit is neither scanned nor signed.`,
    related: relatedStep(context, step),
    fixes: () => coverFixes(context, service, step),
  });
}
