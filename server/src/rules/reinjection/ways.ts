/** The services for filters that rules about their restrictions look at. */

import type { Flow } from "../../flow/flow.js";
import type { WayBack } from "../../flow/returns.js";
import { argumentFaults } from "../../semantics/postfix/arguments.js";
import { columnFaults } from "../../semantics/postfix/columns.js";
import { hasRelayGuard } from "../../semantics/postfix/lists/restrictions.js";
import type { Service } from "../../semantics/postfix/services.js";
import { Memo } from "../../syntax/memo.js";
import type { MailSystem } from "../../system/system.js";
import type { RuleContext } from "../rule.js";

/** Every smtpd that takes mail back, once; one that does not run has another finding. */
export function smtpdWays({ system, flow }: RuleContext): readonly WayBack[] {
  let ways = known.get(flow);
  if (!ways) {
    ways = [...findWays(system, flow)];
    known.set(flow, ways);
  }
  return ways;
}
const known = new Memo<Flow, readonly WayBack[]>();

function* findWays(system: MailSystem, flow: Flow): Generator<WayBack> {
  const seen = new Set<Service>();
  for (const way of flow.waysBack) {
    const { service } = way;
    if (service.program !== "smtpd" || service.uncertain || seen.has(service)) continue;
    seen.add(service);
    if (columnFaults(service.entry).length === 0 && !stops(system, service)) yield way;
  }
}

/** Whether smtpd stops at its first connection; a main.cf that says nothing of relaying is a part of one. */
function stops(system: MailSystem, service: Service): boolean {
  if (argumentFaults(service, system.source.master?.template ?? false).some(({ fatal }) => fatal))
    return true;
  const { environment } = service;
  const said = [...GUARDED, "compatibility_level"].some(
    (name) => (environment.definition(name)?.source ?? "default") !== "default",
  );
  return said && GUARDED.every((name) => hasRelayGuard(environment, name) === "no");
}
const GUARDED = ["smtpd_relay_restrictions", "smtpd_recipient_restrictions"] as const;
