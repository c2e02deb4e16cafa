/** The services for filters that rules about their restrictions look at. */
import type { WayBack } from "../../flow/returns.js";
import { whySilent } from "../../flow/silent.js";
import { columnFaults } from "../../semantics/postfix/columns.js";
import type { Service } from "../../semantics/postfix/services.js";
import type { RuleContext } from "../rule.js";

/** Every smtpd that takes mail back, once; one that does not run has another finding. */
export function* smtpdWays({ system, flow }: RuleContext): Generator<WayBack> {
  const seen = new Set<Service>();
  for (const way of flow.waysBack) {
    const { service } = way;
    if (service.program !== "smtpd" || service.uncertain || seen.has(service)) continue;
    seen.add(service);
    if (columnFaults(service.entry).length > 0 || whySilent(system, service)) continue;
    yield way;
  }
}
