import { clientValue, type Feeder, feeders, feedSource } from "../../flow/feeders.js";
import { admits } from "../../semantics/amavis/acl.js";
import { isLoopback } from "../../semantics/postfix/address.js";
import type { Rule, RuleContext } from "../rule.js";
import { inheritedPlace, inheritedRelated, overrideFixes } from "./inherited.js";

export const feedBindAddress: Rule = {
  code: "feed-bind-address",
  severity: "error",
  summary: "Postfix comes to amavisd from its public address, which amavisd does not admit.",
  why: `\`smtp_bind_address\` names the address from which mail leaves the host. The transport that feeds the filter inherits it, so amavisd sees a client with that address instead of 127.0.0.1, looks into \`@inet_acl\` and hangs up:

    amavisd: (!)DENIED ACCESS from IP 192.0.2.1, policy bank ''
    status=deferred (lost connection with 127.0.0.1[127.0.0.1] while receiving the initial server greeting)`,
  remedy: "Set `-o smtp_bind_address=127.0.0.1` on the transport that feeds the filter.",
  wrong: [
    {
      title: "the address of the way out is taken for the way to the filter",
      text: `-- main.cf --
compatibility_level = 3.6
smtp_bind_address = 192.0.2.1
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
  ],
  right: [
    {
      title: "the feed has its own, and so does the other family",
      text: `-- main.cf --
compatibility_level = 3.6
smtp_bind_address = 192.0.2.1
smtp_bind_address6 = 2001:db8::1
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
  -o smtp_bind_address=127.0.0.1
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "amavisd admits the address",
      text: `-- main.cf --
compatibility_level = 3.6
smtp_bind_address = 192.0.2.1
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;
@inet_acl = qw(127.0.0.1 [::1] 192.0.2.1);`,
    },
  ],
  check(context) {
    for (const feeder of feeders(context.system, context.flow)) {
      const denied = deniedAt(context, feeder);
      if (!denied) continue;
      const { address, source } = denied;
      const suffix = address.includes(":") ? "bind_address6" : "bind_address";
      const value = clientValue(feeder, suffix);
      const name = `${feeder.protocol}_${suffix}`;
      context.report({
        at: inheritedPlace(feeder, value),
        message: `The transport ${feeder.service.name} connects to amavisd from ${source} (${name}), which @inet_acl does not admit: amavisd closes the connection, and mail is deferred.`,
        related: inheritedRelated(context, feeder, value),
        fixes: () => overrideFixes(context, feeder, [[name, address]]),
      });
    }
  },
};

/** The loopback address at which amavisd turns Postfix away because of the address that it comes from. */
function deniedAt(
  { system }: RuleContext,
  feeder: Feeder,
): { readonly address: string; readonly source: string } | undefined {
  if (!system.amavis || system.source.amavisOpen !== undefined) return undefined;
  for (const { target } of feeder.steps) {
    if (target.kind !== "amavis" || !isLoopback(target.endpoint.address)) continue;
    const { address } = target.endpoint;
    const source = feedSource(feeder, address);
    if (source === undefined || source === address) continue;
    if (target.sockets.every(({ listener }) => admits(listener, source) === false))
      return { address, source };
  }
  return undefined;
}
