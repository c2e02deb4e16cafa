import { familyOf, normaliseAddress } from "../../semantics/postfix/address.js";
import { readNexthop, splitTransport } from "../../semantics/postfix/endpoints.js";
import { enabledFamilies } from "../../semantics/postfix/listen.js";
import type { Environment } from "../../semantics/postfix/parameters.js";
import type { Fix, RelatedPlace } from "../finding.js";
import { requestPart } from "../flow/places.js";
import type { Rule, RuleContext } from "../rule.js";
import { endpointFaults } from "./listen-faults.js";

export const addressFamilyDisabled: Rule = {
  code: "address-family-disabled",
  severity: "error",
  summary: "An address is of a family that inet_protocols leaves out.",
  why: `With \`inet_protocols = ipv6\` Postfix knows no IPv4 address, and the other way round. master(8) stops at a service or at an interface of the other family, and nothing listens; \`postfix reload\` returns success and the running master dies:

    postfix/master[123]: fatal: /etc/postfix/master.cf: line 12: bad hostname or network address: 127.0.0.1:10025

As a nexthop such an address is no address to the client, which bounces the mail:

    status=bounced (Name service error for ::1: invalid host or domain name)`,
  remedy: "Write `inet_protocols = all`, or an address of the family that is on.",
  wrong: [
    {
      title: "an IPv4 address where only IPv6 is on",
      text: `-- main.cf --
inet_protocols = ipv6
-- master.cf --
127.0.0.1:10025 inet n - n - - smtpd
#^^^^^^^^ error`,
    },
    {
      title: "an interface",
      text: `-- main.cf --
inet_protocols = ipv4
inet_interfaces = 127.0.0.1, ::1
#                            ^^^ error`,
    },
    {
      title: "a nexthop",
      text: `-- main.cf --
inet_protocols = ipv4
content_filter = smtp-amavis:[::1]:10024
#                             ^^^ error
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
      title: "both families are on",
      text: `-- main.cf --
inet_protocols = all
inet_interfaces = 127.0.0.1, ::1
-- master.cf --
127.0.0.1:10025 inet n - n - - smtpd
[::1]:10025 inet n - n - - smtpd`,
    },
    {
      title: "a name has addresses of both",
      text: `-- main.cf --
inet_protocols = ipv6
-- master.cf --
localhost:10025 inet n - n - - smtpd`,
    },
  ],
  check(context) {
    for (const { at, text } of endpointFaults(context, "address-family-disabled"))
      report(
        context,
        at,
        `master cannot listen on ${text}`,
        "it stops at its start, and at a reload while it runs",
      );
    checkInterfaces(context);
    checkNexthops(context);
  },
};

function report(
  context: RuleContext,
  at: { file: string; range: { start: number; end: number } },
  what: string,
  then: string,
  environment: Environment = context.system.environment,
): void {
  const { text, definition } = environment.value("inet_protocols");
  const related: RelatedPlace[] = definition?.origin
    ? [{ ...definition.origin, message: `inet_protocols = ${text}` }]
    : [];
  context.report({
    at,
    message: `${what}, because inet_protocols = ${text} leaves its address family out: ${then}.`,
    related,
    fixes: (): Fix[] =>
      definition?.origin
        ? [
            {
              title: "Set inet_protocols = all",
              edits: [{ ...definition.origin, newText: "all" }],
              preferred: true,
            },
          ]
        : [],
  });
}

function isDisabled(host: string, environment: Environment): boolean {
  const address = normaliseAddress(host);
  return address !== undefined && !enabledFamilies(environment).includes(familyOf(address));
}

function checkInterfaces(context: RuleContext): void {
  const { environment } = context.system;
  if (enabledFamilies(environment).length > 1) return;
  const { text } = environment.value("inet_interfaces");
  for (const match of text.matchAll(/[^\s,]+/g)) {
    if (!isDisabled(match[0], environment)) continue;
    const at = environment.locate("inet_interfaces", match.index, match.index + match[0].length);
    if (at)
      report(
        context,
        at,
        `${match[0]} is no interface that Postfix can use`,
        "master stops at its start, and nothing listens",
      );
  }
}

/** Nexthops of filter requests; where one of several destinations is left, mail goes there. */
function checkNexthops(context: RuleContext): void {
  for (const step of context.flow.requests) {
    const { request, target } = step;
    if (request.kind === "proxy" || request.unknown !== undefined || target.kind === "missing") continue;
    const { transport, nexthop, nexthopRange } = splitTransport(request.text);
    const client = context.system.transports.get(transport);
    if (!client || (client.program !== "smtp" && client.program !== "lmtp")) continue;
    if (enabledFamilies(client.environment).length > 1) continue;
    const destinations = readNexthop(nexthop, client.program);
    const [first] = destinations;
    if (
      !first ||
      !destinations.every(({ host, kind }) => kind === "inet" && isDisabled(host, client.environment))
    )
      continue;
    const skip = nexthop.slice(first.range.start).indexOf(first.host);
    const start = nexthopRange.start + first.range.start + Math.max(0, skip);
    const at = requestPart(step, { start, end: start + first.host.length });
    if (at)
      report(
        context,
        at,
        `${client.name} cannot connect to ${first.host}`,
        'mail is bounced with "invalid host or domain name"',
        client.environment,
      );
  }
}
