import type { AmavisListener } from "../../semantics/amavis/configuration.js";
import { showEndpoint } from "../../system/listeners.js";
import { reinjectionCandidates } from "../edits.js";
import type { Fix } from "../finding.js";
import type { Rule, RuleContext } from "../rule.js";

export const forwardMethodUndef: Rule = {
  code: "forward-method-undef",
  severity: "error",
  summary: "amavisd takes mail by SMTP but has no method to hand it on.",
  why: `With \`$forward_method\` undefined or empty amavisd leaves delivery to its client. That is right for a milter (AM.PDP) and wrong for mail that Postfix feeds by SMTP: each message is answered with a temporary error and stays in the queue:

    status=deferred (host 127.0.0.1[127.0.0.1] said: 451 4.5.0 Error in processing, ... delivery method is empty)`,
  remedy:
    "Set `$forward_method` (or the policy bank's `forward_method`) to the reinjection service, such as `smtp:[127.0.0.1]:10025`.",
  wrong: [
    {
      title: "undef with an SMTP listener",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$forward_method = undef;
#                 ^^^^^ error`,
    },
  ],
  right: [
    {
      title: "a milter's helper delivers itself",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$interface_policy{'10024'} = 'MILTER';
$policy_bank{'MILTER'} = { protocol => 'AM.PDP' };
$forward_method = undef;`,
    },
  ],
  check(context) {
    const reported = new Set<string>();
    for (const listener of context.system.amavis?.listeners ?? []) {
      const { value, origin } = listener.forward;
      if ("kind" in value || value.length > 0 || !takesSmtp(listener)) continue;
      const at = origin ?? listener.origin;
      if (!at || reported.has(`${at.file}:${at.range.start}`)) continue;
      reported.add(`${at.file}:${at.range.start}`);
      context.report({
        at,
        message: `amavisd takes mail by SMTP on ${showEndpoint(listener.address, listener.port)}, but has no method to hand it on: every message is deferred, the log says "delivery method is empty".`,
        related: listener.origin ? [{ ...listener.origin, message: "the listener" }] : [],
        fixes: () => mend(context, listener),
      });
    }
  },
};

/** SMTP and LMTP sessions end with amavisd delivering; a listener of unknown protocol is left alone. */
function takesSmtp(listener: AmavisListener): boolean {
  const protocol = listener.protocol.value;
  if (typeof protocol !== "string") return false;
  return protocol === "SMTP" || protocol === "LMTP" || (protocol === "" && listener.network === "inet");
}

function mend(context: RuleContext, listener: AmavisListener): Fix[] {
  const { origin } = listener.forward;
  if (!origin) return [];
  const candidates = reinjectionCandidates(context);
  const targets = candidates.length > 0 ? candidates.slice(0, 2) : [];
  return targets.map(({ address, port, service }, index) => ({
    title: `Hand mail back to ${showEndpoint(address, port)}, where ${service.name} listens`,
    edits: [{ ...origin, newText: `'smtp:[${address}]:${port}'` }],
    preferred: index === 0,
  }));
}
