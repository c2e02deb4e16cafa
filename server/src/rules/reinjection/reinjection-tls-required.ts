import type { WayBack } from "../../flow/returns.js";
import type { Definition } from "../../semantics/postfix/parameters.js";
import { isPublicEntry } from "../../system/entries.js";
import { setOption } from "../edits.js";
import { forwardPlace } from "../flow/places.js";
import type { Rule, RuleContext } from "../rule.js";
import { smtpdWays } from "./ways.js";

export const reinjectionTlsRequired: Rule = {
  code: "reinjection-tls-required",
  severity: "error",
  summary: "The service that takes mail back asks for TLS, and the filter does not use it.",
  why: `\`smtpd_tls_security_level = encrypt\` in main.cf holds for the reinjection as well. amavisd speaks plain SMTP unless \`$tls_security_level_out\` is set, is refused for good, and each message bounces:

    status=bounced (host 127.0.0.1[127.0.0.1] said: 530 5.7.0 ... Rejected by next-hop MTA on relaying, from MTA(smtp:[127.0.0.1]:10025): 530 5.7.0 Must issue a STARTTLS command first)

With \`smtpd_tls_wrappermode = yes\` the service waits for a TLS handshake and gives no greeting, and mail is deferred:

    status=deferred (... 451 4.5.0 ... From MTA() during fwd-connect (No greeting, dt: 0.145 s))`,
  remedy: "Give the service `-o smtpd_tls_security_level=none` and `-o smtpd_tls_wrappermode=no`.",
  wrong: [
    {
      title: "main.cf asks everybody for TLS",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
smtpd_tls_security_level = encrypt
-- master.cf --
smtp inet n - n - - smtpd
  -o smtpd_tls_security_level=may
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
#^^^^^^^^^^^^^^ error
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "TLS without STARTTLS",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
  -o smtpd_tls_wrappermode=yes
#                          ^^^ error
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "the old parameter, and a filter that is not here",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
smtpd_enforce_tls = yes
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
#^^^^^^^^^^^^^^ warning
  -o content_filter=`,
    },
  ],
  right: [
    {
      title: "TLS may be used, or the service has a level of its own",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
smtpd_tls_security_level = may
smtpd_enforce_tls = yes
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "amavisd uses TLS itself",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
smtpd_tls_security_level = encrypt
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;
$tls_security_level_out = 'may';`,
    },
  ],
  check(context) {
    for (const way of smtpdWays(context)) {
      const demand = demandOf(way);
      if (!demand || (demand.starttls && usesTls(context, way))) continue;
      const { service, forward } = way;
      const { definition, option } = demand;
      const own = definition.source === "option" && definition.origin;
      const from = forward && forwardPlace(forward);
      context.report({
        at: own || service.nameLocation,
        severity: forward ? "error" : "warning",
        message: `${service.name} takes mail back from the filter and ${own ? "has" : "inherits"} ${definition.name} = ${definition.raw.trim()}, but the filter speaks plain SMTP: ${demand.starttls ? '"530 5.7.0 Must issue a STARTTLS command first", and mail bounces' : "no greeting comes, and mail is deferred"}.`,
        related: [
          ...(definition.origin ? [{ ...definition.origin, message: "asks for TLS" }] : []),
          ...(from ? [{ ...from, message: "the filter hands mail back by this method" }] : []),
        ],
        fixes: () =>
          isPublicEntry(context.system, service)
            ? []
            : [
                {
                  title: `Give ${service.name} -o ${option[0]}=${option[1]}`,
                  edits: [setOption(context, service, ...option)],
                  preferred: true,
                },
              ],
      });
    }
  },
};

interface Demand {
  readonly definition: Definition;
  /** False for a handshake before the greeting. */
  readonly starttls: boolean;
  readonly option: readonly [string, string];
}

const LEVEL = "smtpd_tls_security_level";

function demandOf({ service: { environment } }: WayBack): Demand | undefined {
  const known = (name: string) => {
    const value = environment.value(name);
    return value.unknown === undefined ? value : undefined;
  };
  const wrapper = known("smtpd_tls_wrappermode");
  if (wrapper?.definition && /^yes$/i.test(wrapper.text))
    return {
      definition: wrapper.definition,
      starttls: false,
      option: ["smtpd_tls_wrappermode", "no"],
    };
  const level = known(LEVEL);
  if (!level) return undefined;
  if (level.text !== "")
    return level.definition && /^(?:encrypt|verify|secure|fingerprint)$/i.test(level.text)
      ? { definition: level.definition, starttls: true, option: [LEVEL, "none"] }
      : undefined;
  const enforce = known("smtpd_enforce_tls");
  return enforce?.definition && /^yes$/i.test(enforce.text)
    ? { definition: enforce.definition, starttls: true, option: [LEVEL, "none"] }
    : undefined;
}

/** Whether amavisd may use TLS towards the service. */
function usesTls({ system }: RuleContext, { forward }: WayBack): boolean {
  if (!forward) return false;
  const level = system.amavis?.value("$tls_security_level_out");
  return system.amavis?.open !== undefined || (level !== undefined && level.origins.length > 0);
}
