import { isChrooted } from "../../semantics/postfix/chroot.js";
import { smtpdServices } from "../lists/settings.js";
import type { Rule } from "../rule.js";

export const chrootSaslauthd: Rule = {
  code: "chroot-saslauthd",
  severity: "information",
  summary: "An smtpd in a chroot asks Cyrus SASL, whose socket or database lies outside by default.",
  why: `Cyrus SASL works inside the smtpd process. In a chroot that process sees the queue directory as the root of the disk: saslauthd's socket, /run/saslauthd/mux, is not there, nor are sasldb2 and the socket of MySQL, unless somebody has put them there. Nobody can log in:

    warning: SASL authentication failure: cannot connect to saslauthd server: No such file or directory
    warning: unknown[203.0.113.9]: SASL PLAIN authentication failed: generic failure

Where saslauthd makes its socket (its option \`-m\`) is not in Postfix's files, so this is information.`,
  remedy:
    'Set the chroot column of the service to n, or let saslauthd make its socket below the queue directory (on Debian `OPTIONS="-c -m /var/spool/postfix/var/run/saslauthd"` in /etc/default/saslauthd).',
  wrong: [
    {
      title: "submission in a chroot",
      text: `-- main.cf --
compatibility_level = 3.6
smtpd_sasl_auth_enable = yes
-- master.cf --
submission inet n - y - - smtpd
#                   ^ information`,
    },
  ],
  right: [
    {
      title: "no chroot, no login, and Dovecot",
      text: `-- main.cf --
compatibility_level = 3.6
-- master.cf --
smtp inet n - y - - smtpd
submission inet n - n - - smtpd
  -o smtpd_sasl_auth_enable=yes
465 inet n - y - - smtpd
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_sasl_type=dovecot
  -o smtpd_sasl_path=private/auth
  -o smtpd_tls_wrappermode=yes`,
    },
  ],
  check(context) {
    const { system } = context;
    if (!system.source.main) return;
    for (const service of smtpdServices(system)) {
      const { environment, entry, location } = service;
      const value = (name: string) => environment.value(name);
      if (!/^yes$/i.test(value("smtpd_sasl_auth_enable").text)) continue;
      const type = value("smtpd_sasl_type");
      if (type.unknown !== undefined || type.text !== "cyrus") continue;
      const column = entry.columns.chroot;
      if (!column || isChrooted(service, system.profile, true) !== true) continue;
      const { definition } = value("smtpd_sasl_auth_enable");
      context.report({
        at: { file: location.file, range: column.range },
        message: `${service.name} runs in a chroot and asks Cyrus SASL (smtpd_sasl_type = cyrus): users can log in only if saslauthd's socket is below the queue directory.`,
        related: definition?.origin ? [{ ...definition.origin, message: "logins are switched on here" }] : [],
        fixes: () => [
          {
            title: `Take ${service.name} out of the chroot`,
            edits: [{ file: location.file, range: column.range, newText: "n" }],
          },
        ],
      });
    }
  },
};
