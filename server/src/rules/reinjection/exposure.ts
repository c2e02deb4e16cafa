/** Services behind the filter that strangers can reach, and what is said to them. */
import { admission } from "../../flow/admission.js";
import type { WayBack } from "../../flow/returns.js";
import { relayDoor } from "../../semantics/postfix/lists/relay.js";
import type { Service } from "../../semantics/postfix/services.js";
import { isPublicEntry, isReachable } from "../../system/entries.js";
import { showEndpoint } from "../../system/listeners.js";
import { tableLookup } from "../../system/lookup.js";
import type { Fix } from "../finding.js";
import type { RuleContext } from "../rule.js";
import { smtpdWays } from "./ways.js";

export interface ExposedWay {
  readonly way: WayBack;
  /** What a stranger with mail for a recipient of this host is told, as far as the files say. */
  readonly access: "admitted" | "refused" | "unknown";
}

const STRANGER = { local: "someone", domain: "outside.invalid" };

/** The services for filters that a stranger can come to; those of port 25 and the like are for strangers. */
export function exposedWays(context: RuleContext): ExposedWay[] {
  const { system, flow } = context;
  const found: ExposedWay[] = [];
  const lookup = tableLookup(system.source.tables);
  for (const way of smtpdWays(context)) {
    const { service } = way;
    if (isPublicEntry(system, service) || !isReachable(system, service)) continue;
    // The whole world may send through it: open-relay says so.
    if (relayDoor(service.environment)) continue;
    // It asks for a filter itself: then it is no way round one.
    if (flow.requestsOf(service, "any").length > 0) continue;
    const answer = admission(service.environment, lookup, {
      client: undefined,
      sender: STRANGER,
      recipient: { local: "user", domain: "" },
    });
    const access =
      answer.outcome === "rejected"
        ? "refused"
        : answer.outcome === "accepted" && answer.complete
          ? "admitted"
          : "unknown";
    found.push({ way, access });
  }
  return found;
}

/** Binds a service to the address that the filter connects to, and nothing else. */
export function insertBeforePort({ name, nameLocation }: Service, client: string, port: number): Fix[] {
  if (name.includes(":")) return replaceHost(name, nameLocation, client);
  return [
    {
      title: `Listen on ${showEndpoint(client, port)} only`,
      edits: [{ ...nameLocation, newText: showEndpoint(client, name) }],
      preferred: true,
    },
  ];
}

function replaceHost(name: string, at: Service["nameLocation"], client: string): Fix[] {
  const port = name.slice(name.lastIndexOf(":") + 1);
  const newText = showEndpoint(client, port);
  return [{ title: `Listen on ${newText} only`, edits: [{ ...at, newText }], preferred: true }];
}
