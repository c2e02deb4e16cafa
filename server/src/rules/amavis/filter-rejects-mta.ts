import { feederOf, feedSource } from "../../flow/feeders.js";
import type { FilterStep } from "../../flow/flow.js";
import { admits, admitsLoopbackOnly } from "../../semantics/amavis/acl.js";
import type { AmavisListener } from "../../semantics/amavis/configuration.js";
import { isLoopback, isWildcard, LOOPBACK } from "../../semantics/postfix/address.js";
import { showEndpoint } from "../../system/listeners.js";
import type { Fix } from "../finding.js";
import { relatedStep } from "../flow/places.js";
import type { Rule, RuleContext } from "../rule.js";

export const filterRejectsMta: Rule = {
  code: "filter-rejects-mta",
  severity: "error",
  summary: "amavisd's @inet_acl does not admit the address that Postfix connects from.",
  why: `amavisd closes the connection without a greeting, and Postfix keeps the mail:

    (!)DENIED ACCESS from IP 127.0.0.1, policy bank ''
    status=deferred (lost connection with 127.0.0.1[127.0.0.1] while receiving the initial server greeting)

A policy bank's inet_acl replaces the global one for its port. Postfix reaches 127.0.0.1 from 127.0.0.1, and [::1] from [::1]. Unix sockets have no such list.`,
  remedy: "Add 127.0.0.1 and [::1] to `@inet_acl`, or delete the line: both are its default.",
  wrong: [
    {
      title: "only another network",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;
@inet_acl = qw(10.0.0.0/8);
#           ^^^^^^^^^^^^^^ error`,
    },
    {
      title: "an address of the network, and the loopback is admitted",
      text: `-- main.cf --
content_filter = smtp-amavis:[192.0.2.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;
$inet_socket_bind = '192.0.2.1';
@inet_acl = qw(127.0.0.1 [::1]);
#           ^^^^^^^^^^^^^^^^^^^ error`,
    },
    {
      title: "nobody at all",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
@inet_acl = ();
#           ^^ error`,
    },
  ],
  right: [
    {
      title: "the network is admitted",
      text: `-- main.cf --
content_filter = smtp-amavis:[192.0.2.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;
$inet_socket_bind = '192.0.2.1';
@inet_acl = qw(127.0.0.1 192.0.2.0/24);`,
    },
    {
      title: "the loopback is among them",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
@inet_acl = qw(127/8 [::1] 10.0.0.0/8);`,
    },
    {
      title: "Postfix comes from the address that is admitted",
      text: `-- main.cf --
smtp_bind_address = 192.0.2.1
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
submission inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;
@inet_acl = qw(192.0.2.1);`,
    },
    {
      title: "amavisd serves another host",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$inet_socket_bind = '10.0.0.5';
@inet_acl = qw(10.0.0.4);`,
    },
  ],
  check(context) {
    const denied = new Set<AmavisListener>();
    for (const step of context.flow.requests) {
      if (step.target.kind !== "amavis") continue;
      const { address } = step.target.endpoint;
      // Where smtp_bind_address makes Postfix come from elsewhere, that decides (feed-bind-address).
      if (comesFromElsewhere(context, step, address)) continue;
      for (const { listener } of step.target.sockets) {
        const at = listener.acl.origin ?? listener.bindOrigin;
        if (!at || denied.has(listener) || !refuses(listener, address)) continue;
        // A default counts only where nothing else can have been written.
        if (!listener.acl.origin && !isWhole(context)) continue;
        denied.add(listener);
        const endpoint = showEndpoint(address, listener.port);
        context.report({
          at,
          message: isLoopback(address)
            ? `@inet_acl does not admit ${address}, from where Postfix connects to ${endpoint}: amavisd closes the connection, and mail is deferred.`
            : `@inet_acl admits the loopback addresses only${listener.acl.origin ? "" : ", which is its default"}, and whoever connects to ${endpoint} comes from another address: amavisd closes the connection, and mail is deferred.`,
          related: relatedStep(context, step),
          fixes: () => mend(context, listener, isLoopback(address) ? [] : [address]),
        });
      }
    }
    if (denied.size > 0) return;
    for (const listener of context.system.amavis?.listeners ?? []) unfed(context, listener);
  },
};

function isWhole({ system }: RuleContext): boolean {
  return system.source.amavisOpen === undefined && system.amavis?.open === undefined;
}

/**
 * Whether a feed to this address is turned away. To an address of the network nobody comes from the loopback: from
 * this host one comes from the very address (run with 3.7.11), from another host from that one's.
 */
function refuses(listener: AmavisListener, address: string): boolean {
  if (!isLoopback(address)) return admitsLoopbackOnly(listener);
  return listener.acl.origin !== undefined && admits(listener, address) === false;
}

function comesFromElsewhere({ system, flow }: RuleContext, step: FilterStep, address: string): boolean {
  const feeder = feederOf(system, flow, step);
  return feeder !== undefined && feedSource(feeder, address) !== address;
}

/** Without a feed in sight only a list that shuts out everybody who can reach the socket is a mistake for sure. */
function unfed(context: RuleContext, listener: AmavisListener): void {
  const { acl, address, network } = listener;
  if (network !== "inet" || !acl.origin || isFed(context, listener)) return;
  const empty = !("kind" in acl.value) && acl.value.length === 0;
  const alone =
    isLoopback(address) && Object.values(LOOPBACK).every((one) => admits(listener, one) === false);
  if (!empty && !(alone && !isWildcard(address))) return;
  context.report({
    at: acl.origin,
    message: `@inet_acl admits ${empty ? "nobody" : "no address of this host, and amavisd listens on the loopback alone"}: every connection is closed at once.`,
    related: listener.origin ? [{ ...listener.origin, message: "the listener" }] : [],
    fixes: () => mend(context, listener),
  });
}

/** Whether Postfix feeds the listener or its twin of the other address family. */
function isFed({ flow }: RuleContext, { port }: AmavisListener): boolean {
  for (const fed of flow.fed) if (fed.port === port) return true;
  return false;
}

const LOOPBACKS = ["127.0.0.1", "[::1]"];

function mend(context: RuleContext, { acl }: AmavisListener, own: readonly string[] = []): Fix[] {
  const { origin } = acl;
  if (!origin || "kind" in acl.value) return [];
  const text = context.text(origin.file).slice(origin.range.start, origin.range.end);
  const match = /^(qw\s*[({[]|\()/.exec(text);
  if (match === null) return [];
  const admitted = own.length > 0 ? own.map((one) => (one.includes(":") ? `[${one}]` : one)) : LOOPBACKS;
  const words = match[1]?.startsWith("q")
    ? `${admitted.join(" ")} `
    : admitted.map((one) => `'${one}'`).join(", ");
  const at = origin.range.start + match[0].length;
  const more = acl.value.length > 0 && !match[1]?.startsWith("q") ? ", " : "";
  return [
    {
      title: `Admit ${admitted.join(" and ")}`,
      edits: [{ file: origin.file, range: { start: at, end: at }, newText: words + more }],
      preferred: true,
    },
  ];
}
