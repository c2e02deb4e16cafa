import type { FilterStep } from "../../flow/flow.js";
import type { Fix } from "../finding.js";
import type { Rule, RuleContext } from "../rule.js";
import { requestPart, requestPlace, showRequest } from "./places.js";

export const filterWithoutNexthop: Rule = {
  code: "filter-without-nexthop",
  severity: "error",
  summary: "A filter request names a transport but no place to send mail to.",
  why: `Without a nexthop (and without \`default_filter_nexthop\`) Postfix sends the message to the recipient's domain through that transport, as if it were ordinary mail. It passes no filter: mail for other domains leaves unscanned, mail for one's own bounces:

    status=bounced (mail for example.org loops back to myself)`,
  remedy:
    "Write the host and port behind the colon: `smtp-amavis:[127.0.0.1]:10024`. Only a transport that runs a program, pipe(8), needs none.",
  wrong: [
    {
      title: "a transport and nothing else",
      text: `-- main.cf --
content_filter = smtp-amavis
#                ^^^^^^^^^^^ error
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp`,
    },
  ],
  right: [
    {
      title: "a pipe needs no nexthop",
      text: `-- main.cf --
content_filter = scan
-- master.cf --
smtp inet n - n - - smtpd
scan unix - n n - 10 pipe flags=Rq user=filter argv=/usr/local/bin/scan`,
    },
  ],
  check(context) {
    const reported = new Set<string>();
    for (const step of context.flow.requests) {
      if (step.target.kind !== "no-nexthop") continue;
      const at = requestPart(step, step.target.range) ?? requestPlace(step);
      if (reported.has(`${at.file}:${at.range.start}`)) continue;
      reported.add(`${at.file}:${at.range.start}`);
      context.report({
        at,
        message: `${showRequest(step)} has no nexthop: mail goes to the recipient's own domain through ${step.target.transport}, past the filter.`,
        fixes: () => mend(context, step),
      });
    }
  },
};

function mend(context: RuleContext, step: FilterStep): Fix[] {
  const part = step.request.part;
  if (!part) return [];
  const at = part(0, step.request.text.length);
  const transport = step.request.text.replace(/:\s*$/, "");
  const seen = new Set<number>();
  return context.system.sockets.flatMap((socket): Fix[] => {
    if (socket.program !== "amavisd" || seen.has(socket.port)) return [];
    seen.add(socket.port);
    const host = socket.address === "::1" ? "::1" : "127.0.0.1";
    const newText = `${transport}:[${host}]:${socket.port}`;
    return [{ title: `Write ${newText}`, edits: [{ ...at, newText }], preferred: seen.size === 1 }];
  });
}
