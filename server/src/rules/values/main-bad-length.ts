import type { Rule } from "../rule.js";
import { reportFaults } from "./found-faults.js";

export const mainBadLength: Rule = {
  code: "main-bad-length",
  severity: "error",
  summary: `A text is shorter or longer than its parameter takes.`,
  why: `A few texts have a length: the delimiters of VERP are two characters, for example. The program that reads the parameter stops when it starts:

    postfix/smtpd[124]: fatal: bad string length 1 < 2: default_verp_delimiters = +
    postfix/master[101]: warning: process /usr/lib/postfix/sbin/smtpd pid 124 exit status 1
    postfix/master[101]: warning: /usr/lib/postfix/sbin/smtpd: bad command startup -- throttling`,
  remedy: `Write as many characters as it takes.`,
  wrong: [
    {
      title: `one delimiter`,
      text: `-- main.cf --
default_verp_delimiters = +
#                         ^ error
-- master.cf --
smtp inet n - n - - smtpd`,
    },
  ],
  right: [
    {
      title: `two delimiters`,
      text: `-- main.cf --
default_verp_delimiters = +=
-- master.cf --
smtp inet n - n - - smtpd`,
    },
  ],
  check(context) {
    reportFaults(context, ["length"]);
  },
};
