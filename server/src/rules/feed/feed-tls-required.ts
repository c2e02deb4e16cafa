import { clientValue, type Feeder, feeders } from "../../flow/feeders.js";
import { meantForAmavis } from "../../flow/meant.js";
import type { Value } from "../../semantics/postfix/parameters.js";
import type { Severity } from "../finding.js";
import type { Rule, RuleContext } from "../rule.js";
import { inheritedPlace, inheritedRelated, overrideFixes } from "./inherited.js";

export const feedTlsRequired: Rule = {
  code: "feed-tls-required",
  severity: "error",
  summary: "The transport that feeds the filter insists on TLS, which the filter does not speak.",
  why: `Encryption that main.cf demands of the way to the world is demanded of amavisd too, which offers STARTTLS only where \`$tls_security_level_in\` is set. Everything stays in the queue:

    status=deferred (TLS is required, but was not offered by host 127.0.0.1[127.0.0.1])

With \`smtp_tls_wrappermode\` the two wait for one another, and mail is deferred after a timeout.`,
  remedy:
    "Set `-o smtp_tls_security_level=none` on the transport (`lmtp_tls_security_level` for lmtp), and `-o smtp_tls_wrappermode=no` where main.cf has it on.",
  wrong: [
    {
      title: "mandatory TLS is inherited",
      text: `-- main.cf --
compatibility_level = 3.6
smtp_tls_security_level = encrypt
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
#^^^^^^^^^^ error
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "the wrapper for a relay host at port 465",
      text: `-- main.cf --
compatibility_level = 3.6
relayhost = [mail.isp.example]:465
smtp_tls_wrappermode = yes
smtp_tls_security_level = encrypt
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
#^^^^^^^^^^ error
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "a table may say otherwise",
      text: `-- main.cf --
compatibility_level = 3.6
smtp_tls_security_level = verify
smtp_tls_policy_maps = hash:/etc/postfix/tls_policy
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
#^^^^^^^^^^ warning
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
  ],
  right: [
    {
      title: "not on the way to the filter",
      text: `-- main.cf --
compatibility_level = 3.6
smtp_tls_security_level = encrypt
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
  -o smtp_tls_security_level=none
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "TLS where it is offered, and lmtp with a level of its own",
      text: `-- main.cf --
compatibility_level = 3.6
smtp_tls_security_level = dane
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
submission inet n - n - - smtpd
  -o content_filter=lmtp-amavis:[127.0.0.1]:10024
smtp-amavis unix - - n - 2 smtp
lmtp-amavis unix - - n - 2 lmtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "amavisd offers TLS",
      text: `-- main.cf --
compatibility_level = 3.6
smtp_tls_security_level = encrypt
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;
$tls_security_level_in = 'may';`,
    },
  ],
  check(context) {
    for (const feeder of feeders(context.system, context.flow)) {
      const demand = demandOf(feeder);
      const severity = demand && severityOf(context, feeder);
      if (!demand || !severity) continue;
      const { service, protocol } = feeder;
      const wrapper = `${protocol}_tls_wrappermode`;
      const byTable = clientValue(feeder, "tls_policy_maps").text !== "";
      context.report({
        at: inheritedPlace(feeder, demand.value),
        severity: byTable ? "warning" : severity,
        message: `The transport ${service.name} feeds the filter and has ${demand.value.definition?.name} = ${demand.value.text}: ${demand.wraps ? "it begins with TLS, which the filter does not understand, and mail is deferred" : 'mail is deferred with "TLS is required, but was not offered"'}${byTable ? `, unless ${protocol}_tls_policy_maps says otherwise for the filter` : ""}.`,
        related: inheritedRelated(context, feeder, demand.value),
        fixes: () =>
          overrideFixes(context, feeder, [
            ...(demand.wraps ? [[wrapper, "no"] as const] : []),
            [`${protocol}_tls_security_level`, "none"],
          ]),
      });
    }
  },
};

/** What makes the client insist on TLS; undefined where it does not, or where that is not known. */
function demandOf(feeder: Feeder): { readonly value: Value; readonly wraps: boolean } | undefined {
  const wrapper = clientValue(feeder, "tls_wrappermode");
  const level = clientValue(feeder, "tls_security_level");
  const old = clientValue(feeder, "enforce_tls");
  if (wrapper.unknown !== undefined || level.unknown !== undefined) return undefined;
  if (/^yes$/i.test(wrapper.text)) return { value: wrapper, wraps: true };
  if (/^(?:encrypt|fingerprint|dane-only|verify|secure)$/i.test(level.text))
    return { value: level, wraps: false };
  // The parameters of before 2.3 count where no level is set.
  const enforced = level.text === "" && old.unknown === undefined && /^yes$/i.test(old.text);
  return enforced ? { value: old, wraps: false } : undefined;
}

/** Only amavisd is known not to offer TLS; it is here, or was meant by the name. */
function severityOf(context: RuleContext, { steps }: Feeder): Severity | undefined {
  const { system, flow } = context;
  const step = steps.find(({ target }) => target.kind === "amavis");
  if (step) {
    if (!system.amavis || system.source.amavisOpen !== undefined || system.amavis.open) return undefined;
    const banks = step.target.kind === "amavis" ? (step.target.sockets[0]?.listener.banks ?? []) : [];
    if (banks.some((bank) => system.amavis?.banks.get(bank)?.entries.has("tls_security_level_in")))
      return undefined;
    const offers = system.amavis.value("$tls_security_level_in")?.display;
    return offers === undefined || offers === "undef" || offers === "''" ? "error" : undefined;
  }
  const missing = steps.some((one) => one.target.kind === "missing" && meantForAmavis(system, flow, one));
  return missing && !system.amavis ? "warning" : undefined;
}
