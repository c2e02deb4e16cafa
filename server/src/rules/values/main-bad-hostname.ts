import type { Rule } from "../rule.js";
import { reportFaults } from "./found-faults.js";

export const mainBadHostname: Rule = {
  code: "main-bad-hostname",
  severity: "error",
  summary: `A host or domain name is none.`,
  why: `myhostname and mydomain have to be names: letters, digits, hyphens, dots; no address, no brackets, no dot at the end. Nothing else than a name starts:

    postfix/smtpd[124]: warning: valid_hostname: misplaced delimiter: mx.example.org.
    postfix/smtpd[124]: fatal: file /etc/postfix/main.cf: parameter myhostname: bad parameter value: mx.example.org.

The names in postscreen_dnsbl_sites are checked alike.`,
  remedy: `Write the name, without anything around it.`,
  wrong: [
    {
      title: `a dot at the end`,
      text: `-- main.cf --
myhostname = mx.example.org.
#            ^^^^^^^^^^^^^^^ error
-- master.cf --
smtp inet n - n - - smtpd`,
    },
    {
      title: `two names`,
      text: `-- main.cf --
myhostname = mx.example.org mail.example.org
#            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error
-- master.cf --
smtp inet n - n - - smtpd`,
    },
    {
      title: `an address`,
      text: `-- main.cf --
mydomain = 192.0.2.1
#          ^^^^^^^^^ error
-- master.cf --
smtp inet n - n - - smtpd`,
    },
    {
      title: `a weight that is no number`,
      text: `-- main.cf --
postscreen_dnsbl_sites = zen.example.org*two
#                        ^^^^^^^^^^^^^^^^^^^ error
-- master.cf --
smtp inet n - n - - postscreen`,
    },
  ],
  right: [
    {
      title: `names, also of one word or with an underscore`,
      text: `-- main.cf --
myhostname = mx_1
mydomain = example.org
postscreen_dnsbl_sites = zen.example.org=127.0.0.[2..11]*3, list.example.net*-2
-- master.cf --
smtp inet n - n - - smtpd`,
    },
  ],
  check(context) {
    reportFaults(context, ["hostname"]);
  },
};
