import type { Rule } from "../rule.js";
import { reportFaults } from "./found-faults.js";

export const mainOutOfRange: Rule = {
  code: "main-out-of-range",
  severity: "error",
  summary: `A number or time is outside of what its parameter takes.`,
  why: `Many numbers have a least value, some a largest one. \`postconf\` says nothing; the program that reads the parameter stops when it starts:

    postfix/smtpd[124]: fatal: invalid smtpd_timeout: 0 (min 1)
    postfix/master[101]: warning: process /usr/lib/postfix/sbin/smtpd pid 124 exit status 1
    postfix/master[101]: warning: /usr/lib/postfix/sbin/smtpd: bad command startup -- throttling`,
  remedy: `Write a number within the bounds. Where 0 is taken, it often means no limit.`,
  wrong: [
    {
      title: `a time of nothing`,
      text: `-- main.cf --
smtpd_timeout = 0
#               ^ error
-- master.cf --
smtp inet n - n - - smtpd`,
    },
    {
      title: `a number below the least`,
      text: `-- main.cf --
hash_queue_depth = 0
#                  ^ error
-- master.cf --
smtp inet n - n - - smtpd`,
    },
    {
      title: `a number above the largest`,
      text: `-- main.cf --
delay_logging_resolution_limit = 9
#                                ^ error
-- master.cf --
smtp inet n - n - - smtpd`,
    },
    {
      title: `a time above the largest`,
      text: `-- main.cf --
in_flow_delay = 1m
#               ^^ error
-- master.cf --
smtp inet n - n - - smtpd`,
    },
  ],
  right: [
    {
      title: `at the bounds`,
      text: `-- main.cf --
smtpd_timeout = 1s
hash_queue_depth = 1
delay_logging_resolution_limit = 6
in_flow_delay = 10s
mailbox_size_limit = 0
-- master.cf --
smtp inet n - n - - smtpd`,
    },
  ],
  check(context) {
    reportFaults(context, ["range"]);
  },
};
