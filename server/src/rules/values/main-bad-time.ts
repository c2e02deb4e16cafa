import type { Rule } from "../rule.js";
import { reportFaults } from "./found-faults.js";

export const mainBadTime: Rule = {
  code: "main-bad-time",
  severity: "error",
  summary: `A time is not digits with one unit letter.`,
  why: `A time is a whole number and one of the letters s, m, h, d, w, all small, without a blank between them; a number alone has the parameter's own unit. \`postconf\` says nothing; the program that reads the parameter stops when it starts:

    postfix/smtpd[124]: fatal: parameter smtpd_timeout: bad time value or unit: 5M
    postfix/master[101]: warning: process /usr/lib/postfix/sbin/smtpd pid 124 exit status 1
    postfix/master[101]: warning: /usr/lib/postfix/sbin/smtpd: bad command startup -- throttling`,
  remedy: `Write digits and one small unit letter, such as 300s.`,
  wrong: [
    {
      title: `a capital letter`,
      text: `-- main.cf --
smtpd_timeout = 300S
#               ^^^^ error
-- master.cf --
smtp inet n - n - - smtpd`,
    },
    {
      title: `a blank before the unit`,
      text: `-- main.cf --
smtpd_timeout = 5 min
#               ^^^^^ error
-- master.cf --
smtp inet n - n - - smtpd`,
    },
    {
      title: `a fraction`,
      text: `-- main.cf --
smtpd_timeout = 1.5h
#               ^^^^ error
-- master.cf --
smtp inet n - n - - smtpd`,
    },
    {
      title: `one branch of a value that depends on the load`,
      text: `-- main.cf --
smtpd_timeout = \${stress?{10S}:{300s}}
#                         ^^^ error
-- master.cf --
smtp inet n - n - - smtpd`,
    },
  ],
  right: [
    {
      title: `with and without a unit, and by load`,
      text: `-- main.cf --
smtpd_timeout = \${stress?{10}:{300}}s
smtpd_starttls_timeout = 5m
anvil_rate_time_unit = 60
-- master.cf --
smtp inet n - n - - smtpd`,
    },
  ],
  check(context) {
    reportFaults(context, ["time"]);
  },
};
