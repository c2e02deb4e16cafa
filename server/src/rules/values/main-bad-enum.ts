import type { Rule } from "../rule.js";
import { reportFaults } from "./found-faults.js";

export const mainBadEnum: Rule = {
  code: "main-bad-enum",
  severity: "error",
  summary: `A word is not one that its parameter knows.`,
  why: `Where a parameter takes words from a fixed list, most programs stop at any other when they start. \`postconf\` says nothing:

    postfix/smtpd[124]: fatal: unknown notify_classes value "all" in "all"
    postfix/master[101]: warning: process /usr/lib/postfix/sbin/smtpd pid 124 exit status 1
    postfix/master[101]: warning: /usr/lib/postfix/sbin/smtpd: bad command startup -- throttling

A few words are ignored without a line in the log (EHLO keywords), a few are looked at only when they are needed (milters, SASL).`,
  remedy: `Write a word from the list; most lists tell small letters from capital ones.`,
  wrong: [
    {
      title: `a word of a list`,
      text: `-- main.cf --
notify_classes = resource, everything
#                          ^^^^^^^^^^ error
-- master.cf --
smtp inet n - n - - smtpd`,
    },
    {
      title: `a capital letter where the case counts`,
      text: `-- main.cf --
inet_protocols = IPv4
#                ^^^^ error
-- master.cf --
smtp inet n - n - - smtpd`,
    },
    {
      title: `an action that does not exist`,
      text: `-- main.cf --
postscreen_greet_action = reject
#                         ^^^^^^ error
-- master.cf --
smtp inet n - n - - postscreen`,
    },
    {
      title: `a keyword that is ignored`,
      text: `-- main.cf --
smtpd_discard_ehlo_keywords = chunking, silent
#                                       ^^^^^^ warning
-- master.cf --
smtp inet n - n - - smtpd`,
    },
    {
      title: `a SASL implementation, while SASL is on`,
      text: `-- main.cf --
smtpd_sasl_auth_enable = yes
smtpd_sasl_path = private/auth
smtpd_sasl_type = Dovecot
#                 ^^^^^^^ error
-- master.cf --
smtp inet n - n - - smtpd`,
    },
    {
      title: `a level of the TLS log`,
      text: `-- main.cf --
smtpd_tls_loglevel = high
#                    ^^^^ warning
-- master.cf --
smtp inet n - n - - smtpd`,
    },
    {
      title: `in an option`,
      text: `-- master.cf --
smtp inet n - n - - smtpd
  -o receive_override_options=no_milters,no_header_checks
#                                        ^^^^^^^^^^^^^^^^ error`,
    },
  ],
  right: [
    {
      title: `words of the lists`,
      text: `-- main.cf --
notify_classes = resource, software
inet_protocols = ipv4, ipv6
smtpd_discard_ehlo_keywords = CHUNKING, silent-discard
smtp_address_preference = IPv4
smtpd_tls_loglevel = summary
-- master.cf --
smtp inet n - n - - smtpd`,
    },
  ],
  check(context) {
    reportFaults(context, ["enum"]);
  },
};
