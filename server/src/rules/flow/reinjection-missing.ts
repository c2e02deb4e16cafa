import type { ForwardStep } from "../../flow/flow.js";
import { showEndpoint } from "../../system/listeners.js";
import type { MailSystem } from "../../system/system.js";
import { insertEntry, mapsBefore, reinjectionCandidates, reinjectionLines } from "../edits.js";
import type { Fix, RelatedPlace, Severity, TextEdit } from "../finding.js";
import type { Rule, RuleContext } from "../rule.js";
import { forwardPlace, relatedStep, requestPlace } from "./places.js";
import { reportQuarantine } from "./quarantineMethods.js";

export const reinjectionMissing: Rule = {
  code: "reinjection-missing",
  severity: "error",
  summary: "The filter hands mail back to a port where Postfix does not listen.",
  why: `amavisd scans the message, tries to hand it back and is refused. The message stays in Postfix's queue and is tried again until it expires:

    status=deferred (host 127.0.0.1[127.0.0.1] said: 451 4.5.0 id=01234-01, Temporary MTA failure on relaying, from MTA(smtp:[127.0.0.1]:20025) (All attempts (1) failed connecting to smtp:[127.0.0.1]:20025))

Nothing is lost yet, but nothing arrives. The number of the port means nothing: 10025, 20025 or any other, what counts is that a service of master.cf listens on that very address and port.`,
  remedy:
    "Add a reinjection service for the address and port to master.cf, or let `$forward_method` name the one that exists.",
  wrong: [
    {
      title: "nobody listens on 20025",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;
$inet_socket_bind = '127.0.0.1';
$forward_method = $notify_method = 'smtp:[127.0.0.1]:20025';
#                                  ^^^^^^^^^^^^^^^^^^^^^^^^ error`,
    },
    {
      title: "mail comes back, but not what is released from the quarantine",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;
$release_method = 'smtp:[127.0.0.1]:10027';
#                 ^^^^^^^^^^^^^^^^^^^^^^^^ warning`,
    },
  ],
  right: [
    {
      title: "the service is there",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:20025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;
$inet_socket_bind = '127.0.0.1';
$forward_method = $notify_method = 'smtp:[127.0.0.1]:20025';`,
    },
  ],
  check(context) {
    const reported = new Set<string>();
    for (const step of context.flow.forwards) {
      if (step.target.kind !== "missing" || failsOver(context, step) || isIdleTwin(context, step)) continue;
      const at = forwardPlace(step) ?? feedPlace(context, step);
      const endpoint = showEndpoint(step.target.endpoint.address, step.target.endpoint.port);
      // Forward comes before notify: one finding for one endpoint in one place.
      const key = `${endpoint}@${at?.file}:${at?.range.start}`;
      if (!at || reported.has(key) || reported.has(`${endpoint}#${step.listener.spec}`)) continue;
      reported.add(key).add(`${endpoint}#${step.listener.spec}`);
      context.report({
        at,
        severity: severityOf(context, step),
        message: messageOf(context, step, endpoint),
        related: relatedOf(context, step),
        fixes: () => mend(context, step),
      });
    }
    reportQuarantine(context);
  },
};

/** By default amavisd listens at 127.0.0.1 and ::1 and Postfix feeds one of them: `*` leads nowhere from the other. */
function isIdleTwin({ flow }: RuleContext, { listener }: ForwardStep): boolean {
  return !flow.fed.has(listener) && [...flow.fed].some(({ port }) => port === listener.port);
}

/** A later method of a fail-over list takes what the first cannot deliver (q6). */
function failsOver(context: RuleContext, step: ForwardStep): boolean {
  return context.flow.forwards.some(
    (other) =>
      other !== step &&
      other.listener === step.listener &&
      other.role === step.role &&
      other.target.kind !== "missing",
  );
}

function severityOf(context: RuleContext, step: ForwardStep): Severity {
  if (!context.system.source.complete) return "warning";
  if (!context.flow.fed.has(step.listener)) return "warning";
  // What is scanned is delivered all the same; only notices are not.
  return step.role === "notify" ? "warning" : "error";
}

function messageOf({ system }: RuleContext, step: ForwardStep, endpoint: string): string {
  const { role, method, listener } = step;
  const near = elsewhere(system, step);
  const listening = `no service of master.cf listens on ${endpoint}${near ? ` (${near} is the same port of another address)` : ""}`;
  if (role === "notify")
    return `amavisd sends its notifications to ${method.origin ? method.text : `${method.text}, the default of $notify_method`}, but ${listening}: they cannot be delivered.`;
  const via = method.origin ? method.text : `${method.text}, the default of $forward_method`;
  return `amavisd takes mail on ${showEndpoint(listener.address, listener.port)} and hands it back to ${via}, but ${listening}: mail is deferred, the log says "451 4.5.0 ... Temporary MTA failure on relaying".`;
}

/** A service that has the port, but not at the address that the filter connects to (d3, d5). */
function elsewhere(system: MailSystem, { target }: ForwardStep): string | undefined {
  if (target.kind !== "missing") return undefined;
  const socket = system.socketsByPort.get(target.endpoint.port)?.find(({ program }) => program === "postfix");
  return socket && showEndpoint(socket.address, socket.port);
}

function relatedOf(context: RuleContext, step: ForwardStep): RelatedPlace[] {
  const feeds = context.flow.requests.filter(
    ({ target }) =>
      target.kind === "amavis" && target.sockets.some((socket) => socket.listener === step.listener),
  );
  const related = feeds.flatMap((feed) => relatedStep(context, feed));
  const others = reinjectionCandidates(context).slice(0, 3);
  for (const { service } of others)
    related.push({ ...service.nameLocation, message: `this service could take mail back: ${service.name}` });
  if (related.length === 0 && step.listener.origin)
    related.push({
      ...step.listener.origin,
      message: `amavisd listens on ${showEndpoint(step.listener.address, step.listener.port)}`,
    });
  return related;
}

function feedPlace(context: RuleContext, step: ForwardStep) {
  const feed = context.flow.requests.find(
    ({ target }) =>
      target.kind === "amavis" && target.sockets.some((socket) => socket.listener === step.listener),
  );
  return feed && requestPlace(feed);
}

function mend(context: RuleContext, step: ForwardStep): Fix[] {
  const { system } = context;
  if (step.target.kind !== "missing") return [];
  const fixes: Fix[] = [];
  const { address, port } = step.target.endpoint;
  const { master } = system.source;
  if (master) {
    const feeding = system.services.filter(
      (service) => !service.overriddenBy && isFeedTransport(context, service.name),
    );
    fixes.push({
      title: `Add the reinjection service ${showEndpoint(address, port)} to master.cf`,
      edits: [
        insertEntry(
          context,
          master.path,
          feeding.pop(),
          reinjectionLines(address, port, mapsBefore(context)),
        ),
      ],
      preferred: true,
    });
  }
  if (step.method.origin && step.method.port !== "*")
    for (const { address: to, port: toPort, service } of reinjectionCandidates(context).slice(0, 2))
      fixes.push({
        title: `Hand mail back to ${showEndpoint(to, toPort)}, where ${service.name} listens`,
        edits: methodEdits(context, step, `[${to}]:${toPort}`),
      });
  return fixes;
}

/** Every method that names the same dead endpoint changes along: notifications go where mail goes. */
function methodEdits(context: RuleContext, step: ForwardStep, endpoint: string): TextEdit[] {
  const edits = new Map<string, TextEdit>();
  for (const { method, target } of context.flow.forwards) {
    const { origin } = method;
    if (!origin || target.kind !== "missing" || step.target.kind !== "missing" || method.port === "*")
      continue;
    const same =
      target.endpoint.port === step.target.endpoint.port &&
      target.endpoint.address === step.target.endpoint.address;
    if (!same) continue;
    const written = context.text(origin.file).slice(origin.range.start, origin.range.end);
    const quote = /^["']/.exec(written)?.[0] ?? "'";
    const text = `${method.scheme}:${endpoint}`;
    const newText = written === method.text ? text : `${quote}${text}${quote}`;
    edits.set(`${origin.file}:${origin.range.start}`, { ...origin, newText });
  }
  return [...edits.values()];
}

function isFeedTransport(context: RuleContext, name: string): boolean {
  return context.flow.requests.some(
    ({ request, target }) =>
      target.kind === "amavis" && request.kind !== "proxy" && request.text.startsWith(`${name}:`),
  );
}
