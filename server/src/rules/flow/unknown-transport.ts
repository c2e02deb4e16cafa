import type { FilterStep } from "../../flow/flow.js";
import { transportService } from "../../flow/resolve.js";
import type { Location } from "../../semantics/located.js";
import { splitTransport } from "../../semantics/postfix/endpoints.js";
import { hasPlaceholder } from "../../syntax/postfix/words.js";
import { insertEntry, transportLines } from "../edits.js";
import type { Fix } from "../finding.js";
import { nearest } from "../nearest.js";
import type { Rule, RuleContext } from "../rule.js";
import { requestPart, requestPlace, showRequest } from "./places.js";

export const unknownTransport: Rule = {
  code: "unknown-transport",
  severity: "error",
  summary: "A transport is named that master.cf does not define.",
  why: `The text before the first colon is the name of a service in master.cf. If there is none, nothing can take the mail:

    warning: connect to transport private/smtp-amavis: No such file or directory
    status=deferred (mail transport unavailable)

\`content_filter = 127.0.0.1:10024\` is such a case: it asks for a transport called "127.0.0.1".`,
  remedy:
    "Define the transport in master.cf, or correct its name. A host and port need a transport before them: `smtp-amavis:[127.0.0.1]:10024`.",
  wrong: [
    {
      title: "a misspelt name",
      text: `-- main.cf --
content_filter = smtp-amavisd:[127.0.0.1]:10024
#                ^^^^^^^^^^^^ error
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "an address where the transport belongs",
      text: `-- main.cf --
content_filter = 127.0.0.1:10024
#                ^^^^^^^^^ error
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
      title: "the transport is there",
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
    const once = (at: Location) => {
      const key = `${at.file}:${at.range.start}`;
      return reported.has(key) ? false : reported.add(key);
    };
    for (const step of context.flow.requests) {
      if (step.target.kind !== "no-transport") continue;
      const { transport, range } = step.target;
      const at = requestPart(step, range) ?? requestPlace(step);
      if (!once(at)) continue;
      context.report({
        at,
        message: messageOf(showRequest(step), transport),
        fixes: () => mend(context, at, transport, step),
      });
    }
    checkDelivery(context, once);
  },
};

/** Parameters that name a transport for delivery; a value that nobody wrote is not looked at. */
const DELIVERY = [
  "default_transport",
  "relay_transport",
  "local_transport",
  "virtual_transport",
  "mailbox_transport",
  "fallback_transport",
  "best_mx_transport",
  "address_verify_default_transport",
  "address_verify_relay_transport",
  "address_verify_local_transport",
  "address_verify_virtual_transport",
];
/** Used by an SMTP client that finds itself as best MX, and by address probes: ordinary mail goes on. */
const SELDOM = /^(?:best_mx|address_verify)_/;

/** trivial-rewrite(8) reads these: "null transport is not allowed", and every recipient is answered with nothing. */
const ROUTED = /^(?:default|relay|local|virtual)_transport$/;

function checkDelivery(context: RuleContext, once: (at: Location) => unknown): void {
  const { system } = context;
  if (system.masterOpen !== undefined) return;
  for (const parameter of DELIVERY) {
    const { definition, text, unknown } = system.environment.value(parameter);
    if (
      definition?.source !== "main" ||
      !definition.origin ||
      unknown !== undefined ||
      text === "" ||
      hasPlaceholder(text)
    )
      continue;
    const { transport, transportRange } = splitTransport(text);
    // mailbox_transport and fallback_transport with nothing before the colon were not tried with local(8).
    const empty = transport === "" && ROUTED.test(parameter);
    if ((transport === "" && !empty) || transportService(system, transport)) continue;
    const at =
      definition.raw === text && definition.part && !empty
        ? definition.part(transportRange.start, transportRange.end)
        : definition.origin;
    if (once(at))
      context.report({
        at,
        severity: SELDOM.test(parameter) ? "warning" : "error",
        message: empty
          ? `${parameter} = ${text} has no transport before the colon: trivial-rewrite warns "null transport is not allowed", and smtpd hangs at the recipients that it is for.`
          : messageOf(`${parameter} = ${text}`, transport),
        fixes: () => (empty ? [] : mend(context, at, transport, undefined)),
      });
  }
}

function messageOf(what: string, transport: string): string {
  const host = isPrefix(transport)
    ? " (this value takes no such prefix; a transport must stand there)"
    : looksLikeHost(transport)
      ? " (that looks like a host; a transport must stand before it)"
      : "";
  return `${what} names the transport "${transport}", which master.cf does not define${host}: mail is deferred with "mail transport unavailable".`;
}

function mend(context: RuleContext, at: Location, transport: string, step: FilterStep | undefined): Fix[] {
  const { system } = context;
  const clients = system.services.filter((service) => service.type === "unix" && !service.overriddenBy);
  const filters = clients
    .filter((service) => service.program === "smtp" || service.program === "lmtp")
    .map((service) => service.name);
  const fixes: Fix[] = [];
  if ((looksLikeHost(transport) || isPrefix(transport)) && step) {
    const feeding =
      filters.find((name) => /amavis|scan|filter/i.test(name)) ?? filters.find((name) => name === "smtp");
    const whole = step.request.part?.(0, step.request.text.length);
    if (feeding && whole) {
      const endpoint = isPrefix(transport) ? splitTransport(step.request.text).nexthop : step.request.text;
      const colon = endpoint.lastIndexOf(":");
      if (colon < 0) return fixes;
      const newText = `${feeding}:[${endpoint.slice(0, colon).replace(/[[\]]/g, "")}]${endpoint.slice(colon)}`;
      fixes.push({ title: `Write ${newText}`, edits: [{ ...whole, newText }], preferred: true });
    }
    return fixes;
  }
  const near = nearest(
    transport,
    clients.map((service) => service.name),
  );
  if (near) fixes.push({ title: `Write ${near}`, edits: [{ ...at, newText: near }], preferred: true });
  const { master } = system.source;
  if (master && step && /^[A-Za-z0-9_-]+$/.test(transport))
    fixes.push({
      title: `Define the transport ${transport} in master.cf`,
      edits: [insertEntry(context, master.path, undefined, transportLines(transport, maxproc(context)))],
      preferred: !near,
    });
  return fixes;
}

/** A host where the transport belongs: an address, localhost, a name with a dot. */
function looksLikeHost(transport: string): boolean {
  return (
    /^\[?[\d.:a-f]+\]?$/i.test(transport) ||
    transport === "localhost" ||
    /^\[?[\w-]+(?:\.[\w-]+)+\]?$/.test(transport)
  );
}

/** Prefixes of milters, policy services and proxy filters. */
function isPrefix(transport: string): boolean {
  return transport === "inet" || transport === "unix";
}

/** As many feeding processes as amavisd has, where that is known. */
function maxproc(context: RuleContext): string {
  const value = context.system.amavis?.value("$max_servers")?.display;
  return typeof value === "string" && /^\d+$/.test(value) ? value : "2";
}
