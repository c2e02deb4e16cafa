import type { FilterStep, ForwardStep, Loop } from "../../flow/flow.js";
import { argumentFaults } from "../../semantics/postfix/arguments.js";
import { columnFaults } from "../../semantics/postfix/columns.js";
import type { Service } from "../../semantics/postfix/services.js";
import { isPublicEntry } from "../../system/entries.js";
import { answering, showEndpoint } from "../../system/listeners.js";
import { insertEntry, mapsBefore, reinjectionCandidates, reinjectionLines } from "../edits.js";
import type { Fix } from "../finding.js";
import { misspeltOverride } from "../main/unknownNames.js";
import type { Rule, RuleContext } from "../rule.js";
import { cutFilter } from "./cutFilter.js";
import { reportForwardToSelf } from "./forwardToSelf.js";
import { forwardPlace, relatedStep, requestPart, requestPlace, showRequest } from "./places.js";

export const filterLoop: Rule = {
  code: "filter-loop",
  severity: "error",
  summary: "Mail comes back from the filter to a service that sends it to the filter again.",
  why: `The message goes round until it has gathered more Received lines than hopcount_limit allows; after 24 passes it bounces:

    status=bounced (host 127.0.0.1[127.0.0.1] said: 554 5.4.0 Error: too many hops (in reply to end of DATA command))

What counts is the filter in force for the service that takes mail back: \`content_filter\` or \`smtpd_proxy_filter\` inherited from main.cf, or a FILTER action in header checks or in an inherited access table, which an empty \`content_filter\` does not cancel. A nexthop without a port sends mail to port 25 of this very host, and it bounces at once:

    status=bounced (mail for 127.0.0.1 loops back to myself)`,
  remedy:
    "Give the service that takes mail back `-o content_filter=` (and `-o smtpd_proxy_filter=`), `no_header_body_checks` in `receive_override_options`, and restriction lists of its own; let the filter hand mail back to that service and not to port 25.",
  wrong: [
    {
      title: "the reinjection inherits content_filter",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
#^^^^^^^^^^^^^^ error
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "the filter hands mail back to port 25",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
-- amavisd.conf --
$inet_socket_port = 10024;
$forward_method = 'smtp:[127.0.0.1]:25';
#                 ^^^^^^^^^^^^^^^^^^^^^ error
$notify_method = $forward_method;`,
    },
    {
      title: "a second option takes the place of the empty one",
      text: `-- master.cf --
smtp inet n - n - - smtpd
  -o content_filter=smtp-amavis:[127.0.0.1]:10024
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
  -o content_filter=smtp-amavis:[127.0.0.1]:10024
#                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "a nexthop without a port",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]
#                            ^^^^^^^^^^^ error
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "amavisd hands mail to its own port",
      text: `-- master.cf --
smtp inet n - n - - smtpd
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;
$forward_method = 'smtp:[127.0.0.1]:10024';
#                 ^^^^^^^^^^^^^^^^^^^^^^^^ error
$notify_method = 'smtp:[127.0.0.1]:10025';`,
    },
    {
      title: "amavisd hands mail to itself, and only some clients have another way",
      text: `-- master.cf --
smtp inet n - n - - smtpd
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;
$forward_method = 'smtp:[127.0.0.1]:10024';
#                 ^^^^^^^^^^^^^^^^^^^^^^^^ warning
$notify_method = 'smtp:[127.0.0.1]:10025';
$policy_bank{'MYNETS'} = { forward_method => 'smtp:[127.0.0.1]:10025' };`,
    },
  ],
  right: [
    {
      title: "a second port of amavisd whose policy bank leads on",
      text: `-- amavisd.conf --
$inet_socket_port = [10024, 10026];
$forward_method = 'smtp:[127.0.0.1]:10026';
$notify_method = 'smtp:[127.0.0.1]:10025';
$interface_policy{'10026'} = 'SECOND';
$policy_bank{'SECOND'} = { forward_method => 'smtp:[127.0.0.1]:10025' };`,
    },
    {
      title: "no filter behind the filter",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "only port 25 has the filter",
      text: `-- master.cf --
smtp inet n - n - - smtpd
  -o content_filter=smtp-amavis:[127.0.0.1]:10024
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
  ],
  check(context) {
    for (const loop of context.flow.loops) if (!isExplained(context, loop)) reportLoop(context, loop);
    reportSelf(context);
    reportForwardToSelf(context);
  },
};

/** Whether another finding says already why mail goes wrong at a service of the loop. */
function isExplained(context: RuleContext, { service, steps }: Loop): boolean {
  const { system, flow } = context;
  const template = system.source.master?.template ?? false;
  // The daemon dies before it can send anything anywhere (option-syntax, inline-comment).
  if (argumentFaults(service, template).some((fault) => fault.fatal)) return true;
  // Postfix refuses the entry and goes on with the old configuration, or does not start (n22).
  if (columnFaults(service.entry).length > 0) return true;
  // The option that was to cut the loop is misspelt (unknown-parameter, e6).
  if (misspeltOverride(context, service)) return true;
  const client = steps.find((step): step is ForwardStep => "role" in step);
  const address = client?.target.kind === "postfix" ? client.target.endpoint : undefined;
  const asks = (other: Service) => flow.requestsOf(other, address?.address ?? "127.0.0.1").length > 0;
  // An entry that is overridden would have been right (duplicate-service) ...
  if (system.services.some((other) => other.overriddenBy === service && !asks(other))) return true;
  // ... or another service has the same socket and is right (port-collision-shared).
  if (!address) return false;
  return answering(system.sockets, address.address, address.port).some(
    (socket) => socket.program === "postfix" && socket.service !== service && !asks(socket.service),
  );
}

function reportLoop(context: RuleContext, loop: Loop): void {
  const request = loop.steps.find((step): step is FilterStep => "request" in step);
  const forward = loop.steps.findLast((step): step is ForwardStep => "role" in step);
  if (!request) return;
  const lost = overridesCut(loop.service, request);
  const own = isOwnFilter(request) && !lost;
  const blameForward = forward && (isPublicEntry(context.system, loop.service) || own);
  const here = (lost && request.request.location) || loop.service.nameLocation;
  const at = (blameForward && forwardPlace(forward)) || here;
  context.report({
    at,
    message: blameForward ? forwardMessage(loop, request, forward) : serviceMessage(loop, request),
    related: [
      ...(blameForward
        ? [{ ...loop.service.nameLocation, message: `mail comes back to ${loop.service.name}` }]
        : []),
      ...loop.steps.flatMap((step) => relatedStep(context, step)),
    ].filter((place) => place.file !== at.file || place.range.start !== at.range.start),
    fixes: () => (blameForward ? forwardFixes(context, forward) : serviceFixes(context, loop)),
  });
}

/** A service that names a filter in its own options is meant to filter; the way back to it is what is wrong. */
function isOwnFilter({ request }: FilterStep): boolean {
  return request.definition?.source === "option" && request.kind !== "checks";
}

/** An empty option stood there, and a later one of that name takes its place (n20). */
function overridesCut({ options }: Service, { request }: FilterStep): boolean {
  const same = options.filter(({ valid, name }) => valid && name === request.parameter);
  return same.length > 1 && request.text !== "" && same.slice(0, -1).some(({ value }) => value === "");
}

function serviceMessage({ service }: Loop, step: FilterStep): string {
  const { kind } = step.request;
  const how =
    kind === "content_filter" || kind === "proxy"
      ? step.request.definition?.source === "option"
        ? `has ${showRequest(step)} behind the empty option, and the last one counts`
        : `inherits ${showRequest(step)}`
      : `still asks for ${showRequest(step)}, which an empty content_filter does not cancel`;
  const log =
    kind === "proxy"
      ? "sessions nest until the filter has no process left"
      : '"554 5.4.0 Error: too many hops" after 24 passes';
  return `${service.name} takes mail back from the filter but ${how}: mail goes round in circles, ${log}.`;
}

function forwardMessage({ service }: Loop, request: FilterStep, { method, listener }: ForwardStep): string {
  return `amavisd hands mail from ${showEndpoint(listener.address, listener.port)} on to ${method.text}, and ${service.name} there sends it to the filter again (${showRequest(request)}): "554 5.4.0 Error: too many hops" after 24 passes.`;
}

function serviceFixes(context: RuleContext, { service }: Loop): Fix[] {
  const { edits, names } = cutFilter(context, service);
  return [{ title: `Add ${names} to ${service.name}`, edits, preferred: true }];
}

/** Lets the filter hand mail back to a service that is there for it, or makes one. */
function forwardFixes(context: RuleContext, { method, listener }: ForwardStep): Fix[] {
  const { master } = context.system.source;
  if (!method.origin) return [];
  const written = context.text(method.origin.file).slice(method.origin.range.start, method.origin.range.end);
  const quote = /^["']/.exec(written)?.[0] ?? "";
  const to = (address: string, port: number) =>
    ({
      ...method.origin,
      newText: `${quote}${method.scheme}:[${address}]:${port}${quote}`,
    }) as Fix["edits"][number];
  const fixes: Fix[] = reinjectionCandidates(context)
    .slice(0, 2)
    .map(({ service, address, port }, index) => ({
      title: `Hand mail back to ${showEndpoint(address, port)}, where ${service.name} listens`,
      edits: [to(address, port)],
      preferred: index === 0,
    }));
  if (fixes.length === 0 && master) {
    const port = freePort(context, listener.port + 1);
    fixes.push({
      title: `Add the reinjection service 127.0.0.1:${port} to master.cf and hand mail back there`,
      edits: [
        insertEntry(
          context,
          master.path,
          undefined,
          reinjectionLines("127.0.0.1", port, mapsBefore(context)),
        ),
        to("127.0.0.1", port),
      ],
      preferred: true,
    });
  }
  return fixes;
}

function freePort(context: RuleContext, from: number): number {
  let port = from;
  while (context.system.sockets.some((socket) => socket.port === port)) port++;
  return port;
}

/** A nexthop that is port 25 of this host: smtp(8) sees that it would talk to itself (p05-no-port). */
function reportSelf(context: RuleContext): void {
  for (const step of context.flow.requests) {
    if (step.target.kind !== "self") continue;
    const { range } = step.target.endpoint;
    const at = requestPart(step, range) ?? requestPlace(step);
    context.report({
      at,
      message: `${showRequest(step)} leads to port 25 of this host, which is Postfix itself: mail bounces at once with "loops back to myself".`,
      fixes: () => portFixes(context, step, at),
    });
  }
}

function portFixes(
  context: RuleContext,
  step: FilterStep,
  at: { file: string; range: { start: number; end: number } },
): Fix[] {
  if (!step.request.part) return [];
  const socket = context.system.sockets.find((candidate) => candidate.program === "amavisd");
  const port = socket?.port ?? 10024;
  const host = socket?.address === "::1" ? "::1" : "127.0.0.1";
  return [
    {
      title: `Send mail to [${host}]:${port}`,
      edits: [{ ...at, newText: `[${host}]:${port}` }],
      preferred: socket !== undefined,
    },
  ];
}
