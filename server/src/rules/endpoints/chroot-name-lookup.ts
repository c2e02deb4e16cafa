import { normaliseAddress } from "../../semantics/postfix/address.js";
import { isChrooted } from "../../semantics/postfix/chroot.js";
import { replace } from "../edits.js";
import type { Fix } from "../finding.js";
import type { Rule } from "../rule.js";
import { looksUpNatively, type NexthopUse, nexthopUses } from "./nexthops.js";

export const chrootNameLookup: Rule = {
  code: "chroot-name-lookup",
  severity: "warning",
  summary: "A client in a chroot has to look up a host name in the hosts file.",
  why: `With \`y\` in the chroot column (\`-\` means the same while compatibility_level is below 1) the client sees the queue directory as its root, and its hosts file is \`etc/hosts\` there. Debian's start script copies it, other systems and containers often do not. Without it mail is deferred:

    status=deferred (Host or domain name not found. Name service error for name=localhost: Host not found)`,
  remedy:
    "Write the address, or `n` in the chroot column, or keep a copy of /etc/hosts in the queue directory.",
  wrong: [
    {
      title: "localhost seen from a chroot",
      text: `-- main.cf --
compatibility_level = 3.6
content_filter = smtp-amavis:[localhost]:10024
#                            ^^^^^^^^^^^^^^^^^ warning
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - y - 2 smtp
  -o disable_dns_lookups=yes
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "- means y with compatibility_level 0",
      text: `-- main.cf --
compatibility_level = 0
content_filter = smtp-amavis:[localhost]:10024
#                            ^^^^^^^^^^^^^^^^^ warning
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - - - 2 smtp
  -o disable_dns_lookups=yes
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
  ],
  right: [
    {
      title: "an address needs no file",
      text: `-- main.cf --
compatibility_level = 3.6
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - y - 2 smtp
  -o disable_dns_lookups=yes
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "DNS needs no hosts file",
      text: `-- main.cf --
compatibility_level = 3.6
relayhost = [relay.example.com]:587
-- master.cf --
smtp unix - - y - - smtp`,
    },
  ],
  check(context) {
    const { system } = context;
    for (const use of nexthopUses(context)) {
      const { client } = use;
      if (!client || !isChrooted(client, system.profile, system.source.main !== undefined)) continue;
      for (const { kind, host, fault, range } of use.destinations) {
        if (kind === "unix" || fault !== undefined || normaliseAddress(host) !== undefined) continue;
        if (looksUpNatively(client, use.protocol) !== true) continue;
        const column = client.entry.columns.chroot;
        context.report({
          at: use.at(range.start, range.end),
          message: `${client.name} runs in a chroot, so it looks for "${host}" in etc/hosts below the queue directory: mail is deferred where that copy is missing or old.`,
          related: column
            ? [
                {
                  file: client.location.file,
                  range: column.range,
                  message: `${client.name} is chrooted (${context.place(client.nameLocation)})`,
                },
              ]
            : [],
          fixes: () => mend(use, range, client.location.file, column?.range),
        });
      }
    }
  },
};

type Range = { readonly start: number; readonly end: number };

function mend(use: NexthopUse, range: Range, file: string, column: Range | undefined): Fix[] {
  const text = use.text.slice(range.start, range.end);
  const newText = text.replace(/localhost(?:\.localdomain)?/i, "127.0.0.1");
  const fixes: Fix[] = [];
  if (newText !== text)
    fixes.push({ title: `Write ${newText}`, edits: [replace(use.at(range.start, range.end), newText)] });
  if (column)
    fixes.push({
      title: "Take the client out of the chroot",
      edits: [{ file, range: column, newText: "n" }],
    });
  return fixes;
}
