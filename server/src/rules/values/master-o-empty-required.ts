import type { Rule } from "../rule.js";
import { reportFaults } from "./found-faults.js";

export const masterOEmptyRequired: Rule = {
  code: "master-o-empty-required",
  severity: "error",
  summary: `An option of a service empties a text that its program needs.`,
  why: `Some texts must have a value, and an empty one is not the default. \`postconf\` and master say nothing, and the port is open, but the daemon stops at its first connection:

    postfix/smtpd[124]: fatal: bad string length 0 < 1: smtpd_banner = 
    postfix/master[101]: warning: process /usr/lib/postfix/sbin/smtpd pid 124 exit status 1
    postfix/master[101]: warning: /usr/lib/postfix/sbin/smtpd: bad command startup -- throttling`,
  remedy: `Remove the option, so that the value of main.cf holds, or give it a value.`,
  wrong: [
    {
      title: `an empty banner`,
      text: `-- master.cf --
smtp inet n - n - - smtpd
  -o smtpd_banner=
#    ^^^^^^^^^^^^ error`,
    },
  ],
  right: [
    {
      title: `options that may be empty`,
      text: `-- master.cf --
smtp inet n - n - - smtpd
  -o content_filter=
  -o smtpd_client_restrictions=`,
    },
  ],
  check(context) {
    reportFaults(context, ["empty-string"], {
      when: ({ setting }) => setting.definition.source === "option",
    });
  },
};
