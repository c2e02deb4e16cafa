import type { Rule } from "../rule.js";
import { reportFaults } from "./found-faults.js";

export const mainBadTlsProtocols: Rule = {
  code: "main-bad-tls-protocols",
  severity: "error",
  summary: `A list of TLS protocols has a word that is no protocol.`,
  why: `One word that Postfix does not know, and TLS is off altogether:

    postfix/smtpd[124]: warning: Invalid TLS protocol list "!TLS1.0": disabling TLS support

Where TLS is a must (level encrypt or above, wrapper mode) nobody gets through any more; else mail goes in the clear.`,
  remedy: `Write SSLv2, SSLv3, TLSv1, TLSv1.1, TLSv1.2, TLSv1.3, each perhaps with ! before it, or a bound such as >=TLSv1.2 (Postfix 3.6 and later).`,
  wrong: [
    {
      title: `a missing v`,
      text: `-- main.cf --
smtpd_tls_security_level = may
smtpd_tls_protocols = !SSLv2, !TLS1.1
#                             ^^^^^^^ warning
-- master.cf --
smtp inet n - n - - smtpd`,
    },
    {
      title: `where TLS is a must`,
      text: `-- main.cf --
smtpd_tls_security_level = encrypt
smtpd_tls_mandatory_protocols = >=TLS1.2
#                               ^^^^^^^^ error
-- master.cf --
smtp inet n - n - - smtpd`,
    },
  ],
  right: [
    {
      title: `the forms that there are`,
      text: `-- main.cf --
smtpd_tls_protocols = !SSLv2:!SSLv3,!TLSv1
smtpd_tls_mandatory_protocols = >= TLSv1.2, <=0304
smtp_tls_protocols = tlsv1.2
-- master.cf --
smtp inet n - n - - smtpd`,
    },
  ],
  check(context) {
    reportFaults(context, ["tls-protocols"]);
  },
};
