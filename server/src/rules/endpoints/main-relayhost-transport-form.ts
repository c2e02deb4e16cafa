import { readsAsTransport } from "../../semantics/postfix/endpoints.js";
import { replace } from "../edits.js";
import type { Fix } from "../finding.js";
import type { Rule } from "../rule.js";
import { hasTransportForm, type NexthopUse, nexthopUses } from "./nexthops.js";

export const mainRelayhostTransportForm: Rule = {
  code: "main-relayhost-transport-form",
  severity: "error",
  summary: "A relay host is written with a transport or a URL scheme before it.",
  why: `\`relayhost\` and the fallback relays are nexthops alone. The SMTP client takes what stands before the last colon for the host and what stands behind it for the port, and stops at the first message:

    postfix/smtp[123]: fatal: valid hostname or network address required in server description: smtp:[relay.example.com]:587
    postfix/smtp[123]: fatal: unknown service: relay.example.com/tcp

Outgoing mail stays in the queue.`,
  remedy:
    "Write the host alone: `relayhost = [relay.example.com]:587`. To choose a transport as well, use `default_transport = TRANSPORT:[HOST]:PORT` and leave `relayhost` empty.",
  wrong: [
    {
      title: "a transport before the host",
      text: `-- main.cf --
relayhost = smtp:[relay.example.com]:587
#           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error`,
    },
    {
      title: "a URL",
      text: `-- main.cf --
smtp_fallback_relay = smtp://relay.example.com
#                     ^^^^^^^^^^^^^^^^^^^^^^^^ error`,
    },
  ],
  right: [
    {
      title: "a host, and ports by name and number",
      text: `-- main.cf --
relayhost = smtp:587, relay.example.com:submission [relay.example.com]:25`,
    },
    {
      title: "a transport where one belongs",
      text: `-- main.cf --
default_transport = smtp:[relay.example.com]:587
-- master.cf --
smtp unix - - n - - smtp`,
    },
  ],
  check(context) {
    for (const use of nexthopUses(context))
      for (const destination of use.destinations) {
        if (!hasTransportForm(use, destination)) continue;
        const { start, end } = destination.range;
        const text = use.text.slice(start, end);
        context.report({
          at: use.at(start, end),
          message: `${use.parameter} takes no "${text.slice(0, text.indexOf(":"))}:" before the host: the SMTP client reads "${text}" as a host and a port, stops with a fatal error, and mail stays in the queue.`,
          fixes: () => mend(use, destination.range),
        });
      }
  },
};

function mend(use: NexthopUse, { start, end }: { start: number; end: number }): Fix[] {
  const text = use.text.slice(start, end);
  const newText = text.replace(/^[^:]*:(?:\/\/)?/, "");
  if (readsAsTransport(newText)) return [];
  // A scheme for TLS on connect means more than the host: what else has to change nobody can tell from here.
  const preferred = /^(?:smtp|relay):/.test(text);
  return [{ title: `Write ${newText}`, edits: [replace(use.at(start, end), newText)], preferred }];
}
