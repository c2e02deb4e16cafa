import { isLoopback } from "../../semantics/postfix/address.js";
import { isChrooted } from "../../semantics/postfix/chroot.js";
import type { Service } from "../../semantics/postfix/services.js";
import { smtpdServices } from "../lists/settings.js";
import type { Rule, RuleContext } from "../rule.js";

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
      title: "logins in a chroot",
      text: `-- main.cf --
compatibility_level = 3.6
smtpd_sasl_auth_enable = yes
-- master.cf --
127.0.0.1:10025 inet n - y - - smtpd
smtp inet n - y - - smtpd
#             ^ information
submission inet n - y - - smtpd`,
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
    if (!system.source.main || system.source.main.template || system.source.master?.template) return;
    // Said once: what is true of one service is true of all of them.
    const [first, ...others] = smtpdServices(system).filter((service) => asksCyrusInChroot(context, service));
    const column = first?.entry.columns.chroot;
    if (!first || !column) return;
    const { definition } = first.environment.value("smtpd_sasl_auth_enable");
    context.report({
      at: { file: first.location.file, range: column.range },
      message: `${first.name} runs in a chroot and asks Cyrus SASL (smtpd_sasl_type = cyrus): users can log in only if saslauthd's socket is below the queue directory.`,
      related: [
        ...(definition?.origin ? [{ ...definition.origin, message: "logins are switched on here" }] : []),
        ...others.map(({ name, nameLocation }) => ({ ...nameLocation, message: `so does ${name}` })),
      ],
      fixes: () => [
        {
          title: `Take ${first.name} out of the chroot`,
          edits: [{ file: first.location.file, range: column.range, newText: "n" }],
        },
      ],
    });
  },
};

function asksCyrusInChroot({ system, flow }: RuleContext, service: Service): boolean {
  const { environment } = service;
  if (!/^yes$/i.test(environment.value("smtpd_sasl_auth_enable").text)) return false;
  const type = environment.value("smtpd_sasl_type");
  if (type.unknown !== undefined || type.text !== "cyrus") return false;
  // A filter that hands mail back does not log in.
  const addresses = system.listenSets.get(service)?.addresses;
  const local = addresses?.every(({ address }) => isLoopback(address));
  return !local && !flow.reinjections.has(service) && isChrooted(service, system.profile, true) === true;
}
