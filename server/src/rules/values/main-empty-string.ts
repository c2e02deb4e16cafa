import type { Rule } from "../rule.js";
import { reportFaults } from "./found-faults.js";

export const mainEmptyString: Rule = {
  code: "main-empty-string",
  severity: "error",
  summary: `A text that Postfix needs is empty in main.cf.`,
  why: `Some texts must have a value, and an empty one is not the default. \`postconf\` says nothing; the program that reads the parameter stops when it starts:

    postfix/smtpd[124]: fatal: bad string length 0 < 1: myorigin = 
    postfix/master[101]: warning: process /usr/lib/postfix/sbin/smtpd pid 124 exit status 1
    postfix/master[101]: warning: /usr/lib/postfix/sbin/smtpd: bad command startup -- throttling`,
  remedy: `Delete the line, so that the default holds, or give a value.`,
  wrong: [
    {
      title: `nothing behind the equals sign`,
      text: `-- main.cf --
myorigin =
#^^^^^^^ error
-- master.cf --
smtp inet n - n - - smtpd`,
    },
    {
      title: `a list of protocols without one`,
      text: `-- main.cf --
inet_protocols =
#^^^^^^^^^^^^^ error
-- master.cf --
smtp inet n - n - - smtpd`,
    },
  ],
  right: [
    {
      title: `texts that may be empty`,
      text: `-- main.cf --
relayhost =
mydestination =
alias_maps =
-- master.cf --
smtp inet n - n - - smtpd`,
    },
    {
      title: `what nobody uses and is empty by default too`,
      text: `-- main.cf --
virtual_mailbox_base =
-- master.cf --
smtp inet n - n - - smtpd
virtual unix - n n - - virtual`,
    },
  ],
  check(context) {
    reportFaults(context, ["empty-string"], {
      when: ({ setting }) => setting.definition.source !== "option",
    });
  },
};
