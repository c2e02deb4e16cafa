import type { Rule } from "../rule.js";
import { reportFaults } from "./found-faults.js";

export const mainTlsLevel: Rule = {
  code: "main-tls-level",
  severity: "error",
  summary: `A TLS security level does not exist, or not on that side.`,
  why: `The client knows none, may, encrypt, dane, dane-only, fingerprint, verify and secure; the server none, may and encrypt. The program stops when it starts:

    postfix/smtpd[124]: fatal: Invalid TLS level "dane"
    postfix/master[101]: warning: process /usr/lib/postfix/sbin/smtpd pid 124 exit status 1
    postfix/master[101]: warning: /usr/lib/postfix/sbin/smtpd: bad command startup -- throttling

fingerprint, verify and secure are taken by a server as encrypt, with a warning.`,
  remedy: `Write a level of that side.`,
  wrong: [
    {
      title: `no such level`,
      text: `-- main.cf --
smtp_tls_security_level = opportunistic
#                         ^^^^^^^^^^^^^ error
-- master.cf --
smtp unix - - n - - smtp`,
    },
    {
      title: `a client's level on the server's side`,
      text: `-- main.cf --
smtpd_tls_security_level = dane
#                          ^^^^ error
-- master.cf --
smtp inet n - n - - smtpd`,
    },
    {
      title: `a client's level that the server lowers`,
      text: `-- main.cf --
smtpd_tls_security_level = verify
#                          ^^^^^^ warning
-- master.cf --
smtp inet n - n - - smtpd`,
    },
  ],
  right: [
    {
      title: `each side's own, in any case, or none`,
      text: `-- main.cf --
smtp_tls_security_level = DANE
smtpd_tls_security_level = may
lmtp_tls_security_level =
-- master.cf --
smtp inet n - n - - smtpd`,
    },
  ],
  check(context) {
    reportFaults(context, ["tls-level"]);
  },
};
