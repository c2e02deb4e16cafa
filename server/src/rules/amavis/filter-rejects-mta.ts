import { feederOf, feedSource } from "../../flow/feeders.js";
import type { FilterStep } from "../../flow/flow.js";
import { admits } from "../../semantics/amavis/acl.js";
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
      title: "nobody at all",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
@inet_acl = ();
#           ^^ error`,
    },
  ],
  right: [
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
        const { origin } = listener.acl;
        if (!origin || denied.has(listener) || !isLoopback(address) || admits(listener, address) !== false)
          continue;
        denied.add(listener);
        context.report({
          at: origin,
          message: `@inet_acl does not admit ${address}, from where Postfix connects to ${showEndpoint(address, listener.port)}: amavisd closes the connection, and mail is deferred.`,
          related: relatedStep(context, step),
          fixes: () => mend(context, listener),
        });
      }
    }
    if (denied.size > 0) return;
    for (const listener of context.system.amavis?.listeners ?? []) unfed(context, listener);
  },
};

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

function mend(context: RuleContext, { acl }: AmavisListener): Fix[] {
  const { origin } = acl;
  if (!origin || "kind" in acl.value) return [];
  const text = context.text(origin.file).slice(origin.range.start, origin.range.end);
  const match = /^(qw\s*[({[]|\()/.exec(text);
  if (match === null) return [];
  const words = match[1]?.startsWith("q") ? "127.0.0.1 [::1] " : "'127.0.0.1', '[::1]'";
  const at = origin.range.start + match[0].length;
  const more = acl.value.length > 0 && !match[1]?.startsWith("q") ? ", " : "";
  return [
    {
      title: "Admit 127.0.0.1 and [::1]",
      edits: [{ file: origin.file, range: { start: at, end: at }, newText: words + more }],
      preferred: true,
    },
  ];
}
