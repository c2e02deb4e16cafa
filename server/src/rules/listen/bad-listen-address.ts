import { normaliseAddress } from "../../semantics/postfix/address.js";
import { splitHostPort } from "../../semantics/postfix/endpoints.js";
import type { Fix } from "../finding.js";
import type { Rule, RuleContext } from "../rule.js";
import { type EndpointFault, endpointFaults } from "./listen-faults.js";

export const badListenAddress: Rule = {
  code: "bad-listen-address",
  severity: "error",
  summary: "An inet service names an address on which master cannot listen.",
  why: `postconf and \`postfix check\` take any word as a service name. master(8) stops at one that is no address and port, or no address of this host:

    postfix/master[123]: fatal: /etc/postfix/master.cf: line 12: valid hostname or network address required in "*:10025"
    postfix/master[123]: fatal: bind 192.0.2.1 port 10025: Cannot assign requested address

Postfix does not start. \`postfix reload\` returns success, and the running master dies. A host name has to be resolved before anything listens: where the resolver is not there yet, master stops with "bad hostname or network address".`,
  remedy:
    "Write `port` alone for all addresses of inet_interfaces, `127.0.0.1:port`, or `[::1]:port` with an IPv6 address in brackets.",
  unfixable: "Which address was meant is not known from the files.",
  wrong: [
    {
      title: "a star is no address",
      text: `-- master.cf --
*:10025 inet n - n - - smtpd
#^^^^^^ error`,
    },
    {
      title: "an address needs four numbers",
      text: `-- master.cf --
127.1:10025 inet n - n - - smtpd
#^^^^^^^^^^ error`,
    },
    {
      title: "an IPv4 address in IPv6 clothes",
      text: `-- master.cf --
[::ffff:127.0.0.1]:10025 inet n - n - - smtpd
#^^^^^^^^^^^^^^^^^ error`,
    },
    {
      title: "brackets and ports that are not complete",
      text: `-- master.cf --
[::1 inet n - n - - smtpd
#^^^ error
127.0.0.1: inet n - n - - smtpd
#^^^^^^^^^ error
127.0.0.1:25x inet n - n - - smtpd
#         ^^^ error`,
    },
    {
      title: "a link-local address, and one from a manual",
      text: `-- master.cf --
[fe80::1]:25 inet n - n - - smtpd
#^^^^^^^^ error
192.0.2.1:10025 inet n - n - - smtpd
#^^^^^^^^ error`,
    },
    {
      title: "a name that only a resolver knows",
      text: `-- master.cf --
filter.example.com:10025 inet n - n - - smtpd
#^^^^^^^^^^^^^^^^^ warning`,
    },
  ],
  right: [
    {
      title: "addresses, localhost and the host's own name",
      text: `-- main.cf --
myhostname = mx.example.com
-- master.cf --
127.0.0.1:10025 inet n - n - - smtpd
[::1]:10025 inet n - n - - smtpd
localhost:10026 inet n - n - - smtpd
mx.example.com:10027 inet n - n - - smtpd
10.0.0.5:25 inet n - n - - smtpd
127.0.0.9:25 inet n - n - - smtpd`,
    },
    {
      title: "an address that main.cf says this host has",
      text: `-- main.cf --
inet_interfaces = 127.0.0.1, 192.0.2.25
-- master.cf --
192.0.2.25:10025 inet n - n - - smtpd`,
    },
  ],
  check(context) {
    for (const fault of endpointFaults(context, "bad-listen-address"))
      context.report({ at: fault.at, message: describe(fault), fixes: () => mend(fault) });
    warnOfNames(context);
  },
};

function describe({ reason, text, service }: EndpointFault): string {
  const stops = "at its start, and at a reload while it runs";
  if (/bound|host does not have|reserved/.test(reason))
    return `master cannot listen on ${text}: ${reason}. It stops with "bind ...: ${/IPv4-mapped|link-local/.test(reason) ? "Invalid argument" : "Cannot assign requested address"}" ${stops}, though postconf and \`postfix check\` are silent.`;
  return `"${service.name}" is no place to listen on: postconf and \`postfix check\` are silent, and master stops with '${reason} in "${service.name}"' ${stops}.`;
}

function mend({ service }: EndpointFault): Fix[] {
  const { name, nameLocation } = service;
  const { host, port } = splitHostPort(name, "port");
  const to = (newText: string, title: string, preferred = false): Fix[] => [
    { title, edits: [{ ...nameLocation, newText }], preferred },
  ];
  if (/^(?:\*|all|any)$/i.test(host))
    return to(port, `Write ${port}, which means all addresses`, host === "*");
  if (/^127\.(?:\d+\.)?\d+$/.test(host)) return to(`127.0.0.1:${port}`, `Write 127.0.0.1:${port}`);
  const mapped = /^::ffff:([\d.]+)$/i.exec(host)?.[1];
  return mapped ? to(`${mapped}:${port}`, `Write ${mapped}:${port}`) : [];
}

/** Names that neither the hosts of mailflow.json nor convention resolve: master depends on the resolver. */
function warnOfNames(context: RuleContext): void {
  for (const [service, { addresses, fault, byInterfaces }] of context.system.listenSets) {
    if (fault || byInterfaces || service.overriddenBy) continue;
    const name = addresses.find(({ address }) => normaliseAddress(address) === undefined);
    if (!name) continue;
    const { hostRange } = splitHostPort(service.name, "port");
    const { file, range } = service.nameLocation;
    context.report({
      at: { file, range: { start: range.start + hostRange.start, end: range.start + hostRange.end } },
      severity: "warning",
      message: `master asks the resolver for "${name.address}" when it starts: while that does not answer, it stops with "bad hostname or network address" and nothing listens, not even port 25.`,
    });
  }
}
