import type { Rule } from "../rule.js";
import { reportFaults } from "./found-faults.js";

export const mainBadInt: Rule = {
  code: "main-bad-int",
  severity: "error",
  summary: `A number is not written in plain digits, or too large.`,
  why: `Numbers and sizes are whole numbers without a unit: no \`10M\`, no \`1e6\`, no \`1,000\`. Most must be below 2147483648. \`postconf\` says nothing; the program that reads the parameter stops when it starts:

    postfix/smtpd[124]: fatal: bad numerical configuration: message_size_limit = 50M
    postfix/master[101]: warning: process /usr/lib/postfix/sbin/smtpd pid 124 exit status 1
    postfix/master[101]: warning: /usr/lib/postfix/sbin/smtpd: bad command startup -- throttling`,
  remedy: `Write plain digits: 50 MB are 52428800.`,
  wrong: [
    {
      title: `a size with a unit`,
      text: `-- main.cf --
message_size_limit = 50M
#                    ^^^ error
-- master.cf --
smtp inet n - n - - smtpd`,
    },
    {
      title: `no number at all`,
      text: `-- main.cf --
smtpd_hard_error_limit = none
#                        ^^^^ error
-- master.cf --
smtp inet n - n - - smtpd`,
    },
    {
      title: `too large`,
      text: `-- main.cf --
smtpd_recipient_limit = 99999999999
#                       ^^^^^^^^^^^ error
-- master.cf --
smtp inet n - n - - smtpd`,
    },
  ],
  right: [
    {
      title: `plain digits; sizes may be large`,
      text: `-- main.cf --
message_size_limit = 52428800
mailbox_size_limit = 0
smtpd_recipient_limit = 1000
-- master.cf --
smtp inet n - n - - smtpd`,
    },
  ],
  check(context) {
    reportFaults(context, ["int"]);
  },
};
