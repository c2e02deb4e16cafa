import type { Rule } from "../rule.js";
import { reportFaults } from "./found-faults.js";

export const mainBadBool: Rule = {
  code: "main-bad-bool",
  severity: "error",
  summary: `A switch is neither yes nor no.`,
  why: `Postfix knows two words for a switch, in small or capital letters; true, on and 1 are none of them. \`postconf\` and \`postfix check\` say nothing. Each program that reads the parameter stops when it starts, and mail waits:

    postfix/smtpd[124]: fatal: bad boolean configuration: smtpd_helo_required = true
    postfix/master[101]: warning: process /usr/lib/postfix/sbin/smtpd pid 124 exit status 1
    postfix/master[101]: warning: /usr/lib/postfix/sbin/smtpd: bad command startup -- throttling`,
  remedy: `Write yes or no.`,
  wrong: [
    {
      title: `true is not yes`,
      text: `-- main.cf --
smtpd_helo_required = true
#                     ^^^^ error
-- master.cf --
smtp inet n - n - - smtpd`,
    },
    {
      title: `in quotes`,
      text: `-- main.cf --
smtpd_helo_required = "yes"
#                     ^^^^^ error
-- master.cf --
smtp inet n - n - - smtpd`,
    },
    {
      title: `in an option`,
      text: `-- main.cf --
smtpd_helo_required = no
-- master.cf --
smtp inet n - n - - smtpd
  -o smtpd_sasl_auth_enable=on
#                           ^^ error`,
    },
    {
      title: `no program of this master.cf reads it`,
      text: `-- main.cf --
biff = maybe
#      ^^^^^ warning
-- master.cf --
smtp inet n - n - - smtpd`,
    },
  ],
  right: [
    {
      title: `yes and no in any case`,
      text: `-- main.cf --
smtpd_helo_required = YES
biff = No
-- master.cf --
smtp inet n - n - - smtpd`,
    },
  ],
  check(context) {
    reportFaults(context, ["bool"]);
  },
};
