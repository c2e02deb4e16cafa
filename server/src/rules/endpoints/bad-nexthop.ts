import { type Destination, portFault, readPort } from "../../semantics/postfix/endpoints.js";
import { replace } from "../edits.js";
import type { Fix } from "../finding.js";
import type { Rule } from "../rule.js";
import { hasTransportForm, type NexthopUse, nexthopUses } from "./nexthops.js";

export const badNexthop: Rule = {
  code: "bad-nexthop",
  severity: "error",
  summary: "A nexthop has a form that the SMTP or LMTP client refuses.",
  why: `The client reads the nexthop only when it has mail for it, and stops at once:

    postfix/smtp[123]: fatal: valid hostname or network address required in server description: [127.0.0.1:10024]
    postfix/master[100]: warning: /usr/lib/postfix/sbin/smtp: bad command startup -- throttling

\`postfix check\` and the start are silent. Mail stays in the queue, together with everything else that uses the same transport, which is throttled for a minute after each try. The prefixes \`inet:\` and \`unix:\` exist for lmtp(8) alone, and in small letters.`,
  remedy:
    "Brackets stand round the host alone, the port behind them: `[127.0.0.1]:10024`, `[2001:db8::1]:25`.",
  wrong: [
    {
      title: "the port inside the brackets",
      text: `-- main.cf --
relayhost = [192.0.2.7:587]
#           ^^^^^^^^^^^^^^^ error`,
    },
    {
      title: "a prefix that only lmtp(8) has",
      text: `-- main.cf --
virtual_transport = smtp:inet:192.0.2.7:2525
#                        ^^^^^^^^^^^^^^^^^^^ error
-- master.cf --
smtp unix - - n - - smtp`,
    },
    {
      title: "a bracket that is not closed",
      text: `-- main.cf --
smtp_fallback_relay = [relay.example.com]:25 [192.0.2.7:25
#                                            ^^^^^^^^^^^^^ error`,
    },
    {
      title: "an IPv6 address without brackets, read as host 2001:db8: and port 7",
      text: `-- main.cf --
relayhost = 2001:db8::7
#           ^^^^^^^^^^^ error`,
    },
    {
      title: "quotes",
      text: `-- main.cf --
relayhost = "[relay.example.com]:587"
#           ^^^^^^^^^^^^^^^^^^^^^^^^^ error`,
    },
  ],
  right: [
    {
      title: "every form that the clients take",
      text: `-- main.cf --
relayhost = [192.0.2.7]:587, [2001:db8::7], [ipv6:2001:db8::7]:25, example.com, [relay_1.example.com]:submission
virtual_transport = lmtp:unix:private/lmtp
local_transport = lmtp:inet:[127.0.0.1]:24
-- master.cf --
smtp unix - - n - - smtp
lmtp unix - - n - - lmtp`,
    },
    {
      title: "the nexthop of a program may be anything",
      text: `-- main.cf --
virtual_transport = maildrop:[what:ever
-- master.cf --
maildrop unix - n n - - pipe flags=DRhu user=vmail argv=/usr/bin/maildrop -d \${recipient}`,
    },
  ],
  check(context) {
    for (const use of nexthopUses(context))
      for (const destination of use.destinations) {
        const said = faultOf(destination);
        if (said === undefined || hasTransportForm(use, destination)) continue;
        const { start, end } = destination.range;
        const text = use.text.slice(start, end);
        context.report({
          at: use.at(start, end),
          message: `${use.shown}: "${text}" is no nexthop for ${use.protocol}(8). The client stops with "${said}" as soon as it has mail for it, and mail stays in the queue.`,
          fixes: () => mend(use, destination),
        });
      }
  },
};

function faultOf({ kind, fault, port }: Destination): string | undefined {
  if (kind === "unix") return undefined;
  if (fault !== undefined) return fault;
  return readPort(port).kind === "malformed" ? "garbage after numerical service" : undefined;
}

/** What was surely meant, where one reading has a host and a port that exist. */
function mend(use: NexthopUse, { range }: Destination): Fix[] {
  const text = use.text.slice(range.start, range.end).replace(/^(["'])(.*)\1$/, "$2");
  const bare = use.protocol === "smtp" ? text.replace(/^inet:/i, "") : text.replace(/^inet:/i, "inet:");
  const inside = /^(inet:)?\[([^[\]:]+)(?::(\w+)\]?)?$/.exec(bare);
  const newText = /^[\da-f]*:[\da-f:]*:[\da-f:.]*$/i.test(bare)
    ? `[${bare}]`
    : inside
      ? `${inside[1] ?? ""}[${inside[2]}]${inside[3] ? `:${inside[3]}` : ""}`
      : bare;
  const same = newText === use.text.slice(range.start, range.end);
  const port = /:(\w+)$/.exec(newText)?.[1];
  if (same || /["'/@]/.test(newText) || (port !== undefined && !newText.endsWith("]") && portFault(port)))
    return [];
  return [
    { title: `Write ${newText}`, edits: [replace(use.at(range.start, range.end), newText)], preferred: true },
  ];
}
