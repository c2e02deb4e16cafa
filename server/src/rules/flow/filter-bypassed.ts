import { feederOf } from "../../flow/feeders.js";
import type { FilterStep } from "../../flow/flow.js";
import type { Service } from "../../semantics/postfix/services.js";
import { showEndpoint } from "../../system/listeners.js";
import type { Fix } from "../finding.js";
import type { Rule, RuleContext } from "../rule.js";
import { requestPart, requestPlace, showRequest } from "./places.js";

export const filterBypassed: Rule = {
  code: "filter-bypassed",
  severity: "error",
  summary: "The filter request leads to Postfix itself, and no filter sees the mail.",
  why: `The nexthop is a port of another smtpd service of this Postfix, usually the reinjection port. Mail is accepted there and delivered, so that everything seems to work, and nothing is ever scanned. No line in the log is out of the ordinary.`,
  remedy:
    "Name the port on which the filter listens (amavisd: `$inet_socket_port`, usually 10024), not the one on which Postfix takes mail back.",
  wrong: [
    {
      title: "the feed points at the reinjection port",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10025
#                            ^^^^^^^^^^^^^^^^^ error
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
      title: "the feed points at the filter",
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
  ],
  check(context) {
    const reported = new Set<string>();
    for (const step of context.flow.requests) {
      if (step.target.kind !== "postfix") continue;
      // An LMTP client is turned away by smtpd: filter-wrong-protocol.
      if (feederOf(context.system, context.flow, step)?.protocol === "lmtp") continue;
      const { endpoint, sockets } = step.target;
      const socket = sockets[0];
      if (socket?.service.program !== "smtpd" || reachesFilter(context, socket.service, endpoint.address, []))
        continue;
      const at = requestPart(step, endpoint.range) ?? requestPlace(step);
      if (reported.has(`${at.file}:${at.range.start}`)) continue;
      reported.add(`${at.file}:${at.range.start}`);
      context.report({
        at,
        message: `${showRequest(step)} sends mail to ${showEndpoint(endpoint.address, endpoint.port)}, which is the service ${socket.service.name} of this Postfix and no filter: mail is delivered without being scanned.`,
        related: [{ ...socket.service.nameLocation, message: `${socket.service.name} listens there` }],
        fixes: () => mend(context, step),
      });
    }
  },
};

/** Whether mail that enters at a service is sent to something that is not Postfix, sooner or later; milters of its own count. */
function reachesFilter(
  context: RuleContext,
  service: Service,
  client: string,
  seen: readonly Service[],
): boolean {
  if (seen.includes(service)) return true;
  const milters = service.environment.value("smtpd_milters");
  if (milters.definition?.source === "option" && milters.text !== "") return true;
  return context.flow
    .requestsOf(service, client)
    .some(({ target }) =>
      target.kind === "postfix"
        ? target.sockets.some((socket) => reachesFilter(context, socket.service, client, [...seen, service]))
        : true,
    );
}

function mend(context: RuleContext, step: FilterStep): Fix[] {
  if (step.target.kind !== "postfix") return [];
  const { range } = step.target.endpoint;
  const at = step.request.part?.(range.start, range.end);
  const seen = new Set<number>();
  const fixes: Fix[] = [];
  for (const socket of context.system.sockets) {
    if (!at || socket.program !== "amavisd" || seen.has(socket.port)) continue;
    seen.add(socket.port);
    const host = socket.address === "::1" ? "::1" : "127.0.0.1";
    fixes.push({
      title: `Send mail to [${host}]:${socket.port}, where amavisd listens`,
      edits: [
        {
          ...at,
          newText:
            step.request.kind === "proxy" ? showEndpoint(host, socket.port) : `[${host}]:${socket.port}`,
        },
      ],
      preferred: seen.size === 1,
    });
  }
  return fixes;
}
