import type { Location } from "../../semantics/located.js";
import { splitTransport } from "../../semantics/postfix/endpoints.js";
import type { Service } from "../../semantics/postfix/services.js";
import { hasPlaceholder } from "../../syntax/postfix/words.js";
import { replace } from "../edits.js";
import { requestPart, requestPlace, showRequest } from "../flow/places.js";
import type { Rule, RuleContext } from "../rule.js";

export const transportNotPrivate: Rule = {
  code: "transport-not-private",
  severity: "error",
  summary:
    "The transport that mail is handed to is a public service, and the queue manager looks for a private one.",
  why: `The queue manager connects to the socket in private/. An entry with \`n\` in the private column puts its socket into public/, where nobody looks for it; Postfix starts and \`postfix check\` is silent:

    postfix/qmgr[220]: warning: connect to transport private/smtp-amavis: No such file or directory
    status=deferred (mail transport unavailable)`,
  remedy: "Write `-` or `y` into the private column of the transport's entry.",
  wrong: [
    {
      title: "the filter's transport",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix n - n - 2 smtp
#                ^ error
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "a transport for deliveries",
      text: `-- main.cf --
virtual_transport = dovecot
-- master.cf --
smtp inet n - n - - smtpd
dovecot unix n n n - - pipe
#            ^ error
  flags=DRhu user=vmail argv=/usr/lib/dovecot/deliver -d \${recipient}`,
    },
  ],
  right: [
    {
      title: "- means private, and the public one of that name is another service",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
smtp-amavis unix n - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
  ],
  check(context) {
    const { system, flow } = context;
    const found = new Map<Service, { at: Location; what: string }>();
    const look = (transport: string, at: Location, what: string) => {
      const service = system.transports.get(transport);
      if (service?.public && !service.uncertain && !found.has(service)) found.set(service, { at, what });
    };
    for (const step of flow.requests) {
      const { request } = step;
      if (request.kind === "proxy" || request.unknown !== undefined || hasPlaceholder(request.text)) continue;
      const { transport, transportRange } = splitTransport(request.text);
      look(transport, requestPart(step, transportRange) ?? requestPlace(step), showRequest(step));
    }
    for (const name of DELIVERY) {
      const { definition, text, unknown } = system.environment.value(name);
      if (definition?.source !== "main" || !definition.origin || unknown !== undefined) continue;
      look(splitTransport(text).transport, definition.origin, `${name} = ${text}`);
    }
    if (system.masterOpen === undefined)
      for (const [service, { at, what }] of found) report(context, service, at, what);
  },
};

/** Parameters that name a transport for deliveries (unknown-transport). */
const DELIVERY = ["default_transport", "relay_transport", "local_transport", "virtual_transport"] as const;

function report(context: RuleContext, service: Service, at: Location, what: string): void {
  const column = service.entry.columns.private;
  const place = column ? { file: service.location.file, range: column.range } : service.nameLocation;
  context.report({
    at: place,
    message: `${what} hands mail to ${service.name}, whose socket is in public/ because of this ${column?.text ?? "n"}; the queue manager looks in private/ alone: mail is deferred with "mail transport unavailable".`,
    related: [{ ...at, message: `${what.split(" ")[0]} names it` }],
    fixes: () =>
      column ? [{ title: "Make it private", edits: [replace(place, "-")], preferred: true }] : [],
  });
}
