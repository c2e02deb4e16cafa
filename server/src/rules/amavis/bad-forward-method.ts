import type { ForwardStep } from "../../flow/flow.js";
import { reinjectionCandidates } from "../edits.js";
import type { Fix } from "../finding.js";
import { forwardPlace } from "../flow/places.js";
import { nearest } from "../nearest.js";
import type { Rule, RuleContext } from "../rule.js";

export const badForwardMethod: Rule = {
  code: "bad-forward-method",
  severity: "error",
  summary: "A delivery method of amavisd has a form that amavisd refuses.",
  why: `The text is read only when a message is to be handed on, so amavisd starts without complaint. Then every message fails, and Postfix keeps it:

    status=deferred (host 127.0.0.1[127.0.0.1] said: 451 4.5.0 ... Temporary MTA failure)

The port is mandatory, the schemes are smtp, lmtp, pipe, bsmtp, local and sql, and a Unix socket is written \`smtp:/path\` without brackets.`,
  remedy: "Write `smtp:[address]:port`.",
  wrong: [
    {
      title: "no port",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$forward_method = 'smtp:[127.0.0.1]';
#                 ^^^^^^^^^^^^^^^^^^ error`,
    },
  ],
  right: [
    {
      title: "address and port",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$forward_method = 'smtp:[127.0.0.1]:10025';`,
    },
  ],
  check(context) {
    const reported = new Set<string>();
    for (const step of context.flow.forwards) {
      const at = forwardPlace(step);
      const { fault, text, partlyUnknown } = step.method;
      if (fault === undefined || partlyUnknown || !at || reported.has(`${at.file}:${at.range.start}`))
        continue;
      reported.add(`${at.file}:${at.range.start}`);
      context.report({
        at,
        message: `amavisd cannot use $${step.role}_method '${text}': ${fault}. Mail is deferred when it is to be handed on.`,
        fixes: () => mend(context, step),
      });
    }
  },
};

const SCHEMES = ["smtp", "lmtp", "pipe", "bsmtp", "local", "sql"];

function mend(context: RuleContext, { method }: ForwardStep): Fix[] {
  if (!method.origin) return [];
  const { origin } = method;
  const written = context.text(origin.file).slice(origin.range.start, origin.range.end);
  if (!written.includes(method.text)) return [];
  const to = (text: string, preferred: boolean): Fix => ({
    title: `Write ${text}`,
    edits: [{ ...origin, newText: written.replace(method.text, () => text) }],
    preferred,
  });
  const scheme = /^([A-Za-z]+):/.exec(method.text)?.[1] ?? "";
  if (scheme !== "" && !SCHEMES.includes(scheme.toLowerCase())) {
    const known = scheme.toLowerCase() === "esmtp" ? "smtp" : nearest(scheme.toLowerCase(), SCHEMES);
    return known ? [to(method.text.replace(scheme, known), true)] : [];
  }
  const path = /^(smtp|lmtp):\[(\/[^\]]+)\]$/i.exec(method.text);
  if (path) return [to(`${path[1]}:${path[2]}`, true)];
  const ports = [...new Set(reinjectionCandidates(context).map((candidate) => candidate.port))];
  const host = /^(?:smtp|lmtp):(\[[^\]]+\]|[^:]+)/i.exec(method.text)?.[0];
  if (!host) return [];
  return (ports.length > 0 ? ports : [10025])
    .slice(0, 2)
    .map((port, index) => to(`${host}:${port}`, index === 0 && ports.length > 0));
}
