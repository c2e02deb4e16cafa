import { addOption, replace } from "../edits.js";
import type { Fix } from "../finding.js";
import type { Rule, RuleContext } from "../rule.js";
import { isHostsFileName, looksUpNatively, type NexthopUse, nexthopUses } from "./nexthops.js";

export const nexthopNameNeedsDns: Rule = {
  code: "nexthop-name-needs-dns",
  severity: "information",
  summary: "A name from the hosts file is a nexthop, but the client asks DNS.",
  why: `The SMTP client does not read /etc/hosts while DNS lookups are on. Many resolvers answer for \`localhost\` by themselves; where one does not, mail is deferred:

    status=deferred (Host or domain name not found. Name service error for name=localhost type=A: Host not found, try again)`,
  remedy:
    "Write the address, `[127.0.0.1]:10024`, or let the client read the hosts file: `-o disable_dns_lookups=yes` on the transport (`smtp_dns_support_level = disabled`), or `smtp_host_lookup = native`.",
  wrong: [
    {
      title: "localhost as the filter's host",
      text: `-- main.cf --
content_filter = smtp-amavis:[localhost]:10024
#                            ^^^^^^^^^^^^^^^^^ information
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
  ],
  right: [
    {
      title: "DNS lookups are off for this transport",
      text: `-- main.cf --
content_filter = smtp-amavis:[localhost]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
  -o disable_dns_lookups=yes
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "a name that DNS is meant to know, and native lookups",
      text: `-- main.cf --
relayhost = [relay.example.com]
smtp_host_lookup = dns, native
virtual_transport = smtp:[localhost]:2525
-- master.cf --
smtp unix - - n - - smtp`,
    },
  ],
  check(context) {
    for (const use of nexthopUses(context))
      for (const { host, bracketed, fault, range } of use.destinations) {
        // Without brackets unbracketed-nexthop says more; lmtp(8) asks for no MX and needs no brackets.
        if (fault !== undefined || !(bracketed || use.protocol === "lmtp") || !isHostsFileName(host))
          continue;
        if (!use.client || looksUpNatively(use.client, use.protocol) !== false) continue;
        context.report({
          at: use.at(range.start, range.end),
          message: `${use.protocol}(8) asks DNS for "${host}" and does not look into the hosts file: ${use.shown} works only where the resolver answers for that name.`,
          fixes: () => mend(context, use, range),
        });
      }
  },
};

function mend(context: RuleContext, use: NexthopUse, range: { start: number; end: number }): Fix[] {
  const text = use.text.slice(range.start, range.end);
  const newText = text.replace(/localhost(?:\.localdomain)?/i, "127.0.0.1");
  const fixes: Fix[] = [];
  if (newText !== text)
    fixes.push({ title: `Write ${newText}`, edits: [replace(use.at(range.start, range.end), newText)] });
  if (use.step && use.client && use.protocol === "smtp")
    fixes.push({
      title: `Switch DNS lookups off for ${use.client.name}`,
      edits: [addOption(context, use.client, "disable_dns_lookups", "yes")],
    });
  return fixes;
}
