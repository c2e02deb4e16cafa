import { normaliseAddress } from "../../semantics/postfix/address.js";
import { replace } from "../edits.js";
import type { Rule } from "../rule.js";
import { isHostsFileName, looksUpNatively, type NexthopUse, nexthopUses } from "./nexthops.js";

export const unbracketedNexthop: Rule = {
  code: "unbracketed-nexthop",
  severity: "information",
  summary: "The host of a nexthop stands without brackets.",
  why: `Brackets tell the client to connect to this host; without them a name is a mail domain, whose MX records are asked for first. For an IP address nothing changes, with DNS or without. \`localhost\` works only where DNS lookups are switched off, or where a resolver answers for it; else mail is deferred:

    status=deferred (Host or domain name not found. Name service error for name=localhost type=MX: Host not found, try again)`,
  remedy: "Write the host in brackets: `[127.0.0.1]:10024`.",
  wrong: [
    {
      title: "an address",
      text: `-- main.cf --
content_filter = smtp-amavis:127.0.0.1:10024
#                            ^^^^^^^^^ information
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "localhost with DNS lookups on",
      text: `-- main.cf --
relay_transport = smtp:localhost:2525
#                      ^^^^^^^^^ warning
-- master.cf --
smtp unix - - n - - smtp`,
    },
  ],
  right: [
    {
      title: "brackets, and a domain whose MX is wanted",
      text: `-- main.cf --
relayhost = example.com:587
default_transport = smtp:[127.0.0.1]:2525
virtual_transport = lmtp:inet:127.0.0.1:24
-- master.cf --
smtp unix - - n - - smtp
lmtp unix - - n - - lmtp`,
    },
  ],
  check(context) {
    for (const use of nexthopUses(context)) {
      // lmtp(8) never asks for MX records: brackets change nothing there.
      if (use.protocol === "lmtp") continue;
      for (const { host, bracketed, fault, range } of use.destinations) {
        if (bracketed || fault !== undefined) continue;
        const length = use.text.slice(range.start, range.end).lastIndexOf(":");
        const end = length < 0 ? range.end : range.start + length;
        const effect = effectOf(use, host);
        if (!effect) continue;
        context.report({
          at: use.at(range.start, end),
          severity: effect.severity,
          message: `"${host}" has no brackets in ${use.shown}: ${effect.text}.`,
          fixes: () => [
            {
              title: `Write [${host}]`,
              edits: [replace(use.at(range.start, end), `[${host}]`)],
              preferred: true,
            },
          ],
        });
      }
    }
  },
};

function effectOf(
  { client, protocol, step }: NexthopUse,
  host: string,
): { severity: "information" | "warning"; text: string } | undefined {
  if (normaliseAddress(host) !== undefined)
    return {
      severity: "information",
      text: "for an address it makes no difference, but everybody expects brackets round a host",
    };
  if (!isHostsFileName(host) && !step) return undefined;
  const natively = client && looksUpNatively(client, protocol);
  if (natively === true)
    return {
      severity: "information",
      text: "it works because the client makes no DNS lookups; with them it would ask for the MX records of a domain of that name",
    };
  // Who routes a filter through MX records may mean it; localhost has none.
  if (natively === undefined || !isHostsFileName(host)) return undefined;
  return {
    severity: "warning",
    text: "the client asks DNS for the MX records of that name, and mail is deferred unless the resolver knows it",
  };
}
