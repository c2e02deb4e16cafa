import { admitsAll, admitsLoopbackOnly } from "../../semantics/amavis/acl.js";
import type { AmavisListener } from "../../semantics/amavis/configuration.js";
import { isWildcard } from "../../semantics/postfix/address.js";
import type { Fix } from "../finding.js";
import type { Rule } from "../rule.js";

export const filterListensEverywhere: Rule = {
  code: "filter-listens-everywhere",
  severity: "warning",
  summary: "amavisd listens on all addresses of the host.",
  why: `\`$inet_socket_bind\` unset means 127.0.0.1 and ::1; undefined, empty, \`*\`, 0.0.0.0 and :: mean every address. Only @inet_acl then keeps others from handing in mail that Postfix takes back as checked. Where @inet_acl admits everybody too (error), anyone who reaches the port gets mail past all restrictions of Postfix. A stranger that is refused leaves

    (!)DENIED ACCESS from IP 192.0.2.1, policy bank ''

Where @inet_acl names other hosts, listening on all addresses is meant, and nothing is said.`,
  remedy: "Set `$inet_socket_bind = '127.0.0.1';`, or delete the line: the default is the loopback.",
  wrong: [
    {
      title: "an undefined address",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$inet_socket_bind = undef;
#                   ^^^^^ warning`,
    },
    {
      title: "all addresses for everybody",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$inet_socket_bind = '0.0.0.0';
#                   ^^^^^^^^^ error
@inet_acl = qw(0.0.0.0/0);`,
    },
  ],
  right: [
    {
      title: "the default is the loopback",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "other hosts are meant to connect",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$inet_socket_bind = undef;
@inet_acl = qw(127.0.0.1 [::1] 10.1.2.3);`,
    },
  ],
  check(context) {
    for (const listener of context.system.amavis?.listeners ?? []) {
      const at = listener.bindOrigin ?? listener.origin;
      if (listener.network !== "inet" || at === undefined || !isWildcard(listener.address)) continue;
      const all = admitsAll(listener);
      if (!all && !admitsLoopbackOnly(listener)) continue;
      const { acl } = listener;
      context.report({
        at,
        severity: all ? "error" : "warning",
        message: all
          ? `amavisd listens on all addresses, and @inet_acl admits everybody: anyone who reaches port ${listener.port} hands in mail past the checks of Postfix.`
          : `amavisd listens on port ${listener.port} of all addresses; only @inet_acl keeps others from handing in mail.`,
        related: all && acl.origin ? [{ ...acl.origin, message: "@inet_acl admits everybody" }] : [],
        fixes: () => mend(listener),
      });
    }
  },
};

function mend({ bindOrigin, origin, port }: AmavisListener): Fix[] {
  const title = "Listen on 127.0.0.1 only";
  if (bindOrigin) return [{ title, edits: [{ ...bindOrigin, newText: "'127.0.0.1'" }] }];
  return origin ? [{ title, edits: [{ ...origin, newText: `'127.0.0.1:${port}'` }] }] : [];
}
