import { mailEntries } from "../../flow/coverage.js";
import type { FilterStep } from "../../flow/flow.js";
import type { Endpoint } from "../../flow/resolve.js";
import type { AmavisListener } from "../../semantics/amavis/configuration.js";
import type { Service } from "../../semantics/postfix/services.js";
import { showEndpoint } from "../../system/listeners.js";
import { relatedStep, requestPart, requestPlace } from "../flow/places.js";
import type { Rule, RuleContext } from "../rule.js";

export const originatingPath: Rule = {
  code: "originating-path",
  severity: "warning",
  summary: "amavisd does not know mail that users submit as mail of one's own, and does not sign it.",
  why: `amavisd signs what has the flag \`originating\`. It sets it for clients in \`@mynetworks\` if there is a policy bank MYNETS, and where a bank says so; that a user has logged in to Postfix it cannot see. Mail of users on the road, fed to a port whose bank does not set the flag, leaves without a signature and is treated as if it had come from outside:

    amavis[25]: dkim: not signing mail which is not originating from our site`,
  remedy:
    "Feed submission to a port of amavisd of its own whose policy bank has `originating => 1` (by convention 10026 and ORIGINATING).",
  unfixable:
    "A second port concerns both programs and the way back; which settings its bank needs is a decision.",
  wrong: [
    {
      title: "submission goes the way of incoming mail",
      text: `-- main.cf --
compatibility_level = 3.6
content_filter = smtp-amavis:[127.0.0.1]:10024
#                            ^^^^^^^^^^^^^^^^^ warning
-- master.cf --
smtp inet n - n - - smtpd
submission inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;
$enable_dkim_signing = 1;
dkim_key('example.com', 'mail', '/var/lib/dkim/example.com.pem');`,
    },
    {
      title: "a port of its own whose bank says nothing",
      text: `-- main.cf --
compatibility_level = 3.6
-- master.cf --
smtp inet n - n - - smtpd
  -o content_filter=smtp-amavis:[127.0.0.1]:10024
submission inet n - n - - smtpd
  -o content_filter=smtp-amavis:[127.0.0.1]:10026
#                               ^^^^^^^^^^^^^^^^^ warning
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
-- amavisd.conf --
$inet_socket_port = [10024, 10026];
$enable_dkim_signing = 1;
dkim_key('example.com', 'mail', '/var/lib/dkim/example.com.pem');
$interface_policy{'10026'} = 'USERS';
$policy_bank{'USERS'} = { spam_kill_level_maps => 20 };`,
    },
  ],
  right: [
    {
      title: "the bank says it",
      text: `-- main.cf --
compatibility_level = 3.6
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
submission inet n - n - - smtpd
  -o content_filter=smtp-amavis:[127.0.0.1]:10026
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = [10024, 10026];
$enable_dkim_signing = 1;
dkim_key('example.com', 'mail', '/var/lib/dkim/example.com.pem');
$interface_policy{'10026'} = 'ORIGINATING';
$policy_bank{'ORIGINATING'} = { originating => 1 };`,
    },
    {
      title: "amavisd signs nothing anyway",
      text: `-- main.cf --
compatibility_level = 3.6
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
submission inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
  ],
  check(context) {
    for (const { service, step, listener, endpoint } of unsignedSubmissions(context))
      context.report({
        at: requestPart(step, endpoint.range) ?? requestPlace(step),
        message: `Mail that users submit by ${service.name} goes to ${showEndpoint(endpoint.address, endpoint.port)}, where nothing sets originating: amavisd takes users who are not in @mynetworks for strangers and does not sign what they send.`,
        related: [
          { ...service.nameLocation, message: `users submit mail by ${service.name}` },
          ...(listener.origin ? [{ ...listener.origin, message: "amavisd listens here" }] : []),
          ...relatedStep(context, step),
        ],
      });
  },
};

interface UnsignedSubmission {
  readonly service: Service;
  readonly step: FilterStep;
  readonly listener: AmavisListener;
  readonly endpoint: Endpoint;
}

/** The ways of submitted mail to a port of amavisd that does not take it for our own, though amavisd signs. */
export function unsignedSubmissions(context: RuleContext): readonly UnsignedSubmission[] {
  if (!signs(context)) return [];
  return mailEntries(context.system, context.flow).flatMap(({ way, service, filters }) =>
    way !== "submission"
      ? []
      : filters.flatMap((step) => {
          if (step.target.kind !== "amavis") return [];
          const { endpoint, sockets } = step.target;
          const listener = sockets[0]?.listener;
          return listener && !setsOriginating(context, listener)
            ? [{ service, step, listener, endpoint }]
            : [];
        }),
  );
}

/** Whether amavisd is sure to sign what has the flag. */
function signs({ system }: RuleContext): boolean {
  const { amavis, source } = system;
  if (!amavis || amavis.open || source.amavisOpen !== undefined) return false;
  if (amavis.value("$enable_dkim_signing")?.display !== "1") return false;
  return !amavis.problems.some(({ kind }) => kind === "dkim-key-missing");
}

/** Whether mail of this listener may have the flag: set for all, in a bank of the port, or by a hook of one's own. */
function setsOriginating({ system }: RuleContext, { banks }: AmavisListener): boolean {
  const everywhere = system.amavis?.value("$originating")?.display;
  if (everywhere !== undefined && everywhere !== "undef" && everywhere !== "0") return true;
  return banks.some((name) => {
    const entry = system.amavis?.banks.get(name)?.entries.get("originating");
    return entry !== undefined && entry.display !== "0" && entry.display !== "undef";
  });
}
