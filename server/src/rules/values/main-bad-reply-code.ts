import type { Rule } from "../rule.js";
import { reportFaults } from "./found-faults.js";

export const mainBadReplyCode: Rule = {
  code: "main-bad-reply-code",
  severity: "warning",
  summary: `A reply code is none that can refuse.`,
  why: `A code that refuses begins with 4 or 5. With another, smtpd says that the server is out of order, and the client, that should have been turned away, tries again for days:

    postfix/smtpd[124]: warning: SMTP reply code configuration error: 250 5.7.1 ...
    postfix/smtpd[124]: NOQUEUE: reject: RCPT from ...: 450 4.7.1 Service unavailable`,
  remedy: `Write a code from 400 to 599, usually 450, 550 or 554.`,
  wrong: [
    {
      title: `a code that accepts`,
      text: `-- main.cf --
unknown_local_recipient_reject_code = 250
#                                     ^^^ warning
-- master.cf --
smtp inet n - n - - smtpd`,
    },
    {
      title: `no code at all`,
      text: `-- main.cf --
reject_code = 5500
#             ^^^^ warning
-- master.cf --
smtp inet n - n - - smtpd`,
    },
  ],
  right: [
    {
      title: `refusals, for now and for ever`,
      text: `-- main.cf --
unknown_local_recipient_reject_code = 450
reject_code = 554
unverified_recipient_defer_code = 250
-- master.cf --
smtp inet n - n - - smtpd`,
    },
  ],
  check(context) {
    reportFaults(context, ["reply-code"]);
  },
};
