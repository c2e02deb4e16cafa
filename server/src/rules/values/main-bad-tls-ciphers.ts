import type { Rule } from "../rule.js";
import { reportFaults } from "./found-faults.js";

export const mainBadTlsCiphers: Rule = {
  code: "main-bad-tls-ciphers",
  severity: "error",
  summary: `A grade of TLS ciphers does not exist, or an exclusion has a sign before it.`,
  why: `The grade is high, medium or null (low and export mean medium today); a list of ciphers is none. The exclusions are names without a sign. Nothing is said at the start, but then every TLS handshake fails:

    postfix/smtpd[124]: warning: client.example.net[192.0.2.7]: invalid cipher grade: "HIGH:!aNULL"`,
  remedy: `Write a grade. Lists of ciphers belong to tls_high_cipherlist and tls_medium_cipherlist, exclusions to the parameter with exclude in its name.`,
  wrong: [
    {
      title: `OpenSSL's list instead of a grade`,
      text: `-- main.cf --
smtpd_tls_security_level = encrypt
smtpd_tls_mandatory_ciphers = HIGH:!aNULL
#                             ^^^^^^^^^^^ error
-- master.cf --
smtp inet n - n - - smtpd`,
    },
    {
      title: `a sign before an exclusion`,
      text: `-- main.cf --
smtpd_tls_exclude_ciphers = aNULL, !MD5
#                                  ^^^^ warning
-- master.cf --
smtp inet n - n - - smtpd`,
    },
  ],
  right: [
    {
      title: `grades and names`,
      text: `-- main.cf --
smtpd_tls_ciphers = HIGH
smtp_tls_mandatory_ciphers = medium
smtpd_tls_exclude_ciphers = aNULL, ECDHE-RSA-RC4-SHA
-- master.cf --
smtp inet n - n - - smtpd`,
    },
  ],
  check(context) {
    reportFaults(context, ["tls-ciphers"]);
  },
};
