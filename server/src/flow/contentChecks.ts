/**
 * What header_checks and body_checks of cleanup(8) do with a message (header_checks(5)), as far as every message has
 * what they look at: the header lines below and nothing special in the body.
 */
import type { Location } from "../semantics/located.js";
import type { Environment } from "../semantics/postfix/parameters.js";
import type { TableLookup } from "../system/lookup.js";
import type { Message } from "./message.js";

export interface CheckActions {
  /** An action that ends the message's way, or lays it by. */
  readonly end: { readonly action: "REJECT" | "DISCARD" | "HOLD"; readonly text: string } | undefined;
  /** True when one gives FILTER. */
  readonly filters: boolean;
  readonly redirect: string | undefined;
  readonly copies: readonly string[];
  readonly because: readonly Location[];
}

const ADDRESS = /^(?:BCC|REDIRECT)\s+(\S+)/i;

/** The last FILTER and REDIRECT count; REJECT and DISCARD end the look-ups. */
export function contentChecks(environment: Environment, lookup: TableLookup, message: Message): CheckActions {
  const because: Location[] = [];
  const copies: string[] = [];
  let filters = false;
  let redirect: string | undefined;
  let held: CheckActions["end"];
  for (const [parameter, lines] of [
    ["header_checks", headerLines(message)],
    ["body_checks", ["test"]],
  ] as const)
    for (const line of lines) {
      const answer = lookup.maps(environment, parameter, [line]);
      if (answer.kind !== "found") continue;
      const origin = answer.location ?? environment.definition(parameter)?.origin;
      const at = origin ? [origin] : [];
      const [word = "", ...rest] = answer.value.trim().split(/\s+/);
      const action = word.toUpperCase();
      const end = (kind: "REJECT" | "DISCARD") => ({
        end: { action: kind, text: rest.join(" ") },
        filters,
        redirect,
        copies,
        because: at,
      });
      if (action === "REJECT" || action === "DISCARD") return end(action);
      if (action === "HOLD") held = { action, text: rest.join(" ") };
      if (action === "FILTER") filters = true;
      const address = ADDRESS.exec(answer.value.trim())?.[1];
      if (action === "REDIRECT") redirect = address;
      if (action === "BCC" && address !== undefined) copies.push(address);
      because.push(...at);
    }
  return { end: held, filters, redirect, copies, because };
}

function headerLines({ sender, recipient }: Message): string[] {
  return [
    "Received: from client",
    `From: ${sender}`,
    `To: ${recipient}`,
    "Subject: test",
    "Date: Thu, 1 Jan 1970",
    "Message-Id: <1@localhost>",
  ];
}
