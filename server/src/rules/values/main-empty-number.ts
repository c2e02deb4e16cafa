import type { Rule } from "../rule.js";
import { reportFaults } from "./found-faults.js";

export const mainEmptyNumber: Rule = {
  code: "main-empty-number",
  severity: "error",
  summary: `A switch, number or time is empty.`,
  why: `An empty value is not the default. \`postconf\` says nothing; the program that reads the parameter stops when it starts:

    postfix/smtpd[124]: fatal: bad numerical configuration: smtpd_recipient_limit = 
    postfix/master[101]: warning: process /usr/lib/postfix/sbin/smtpd pid 124 exit status 1
    postfix/master[101]: warning: /usr/lib/postfix/sbin/smtpd: bad command startup -- throttling`,
  remedy: `Delete the line, so that the default holds, or give a value.`,
  wrong: [
    {
      title: `an empty number`,
      text: `-- main.cf --
smtpd_recipient_limit =
#^^^^^^^^^^^^^^^^^^^^ error
-- master.cf --
smtp inet n - n - - smtpd`,
    },
    {
      title: `an empty switch in an option`,
      text: `-- main.cf --
biff = no
-- master.cf --
smtp inet n - n - - smtpd
  -o smtpd_sasl_auth_enable=
#    ^^^^^^^^^^^^^^^^^^^^^^ error`,
    },
    {
      title: `a name that nothing defines`,
      text: `-- main.cf --
smtpd_timeout = $our_timeout
#               ^^^^^^^^^^^^ error
-- master.cf --
smtp inet n - n - - smtpd`,
    },
  ],
  right: [
    {
      title: `texts may be empty`,
      text: `-- main.cf --
relayhost =
smtpd_timeout = 300s
-- master.cf --
smtp inet n - n - - smtpd`,
    },
  ],
  check(context) {
    reportFaults(context, ["empty-number"]);
  },
};
