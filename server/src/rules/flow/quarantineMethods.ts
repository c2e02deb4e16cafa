/** Methods for what leaves the quarantine or is resent in another form: a part of reinjection-missing. */
import { resolveMethod } from "../../flow/resolve.js";
import { showEndpoint } from "../../system/listeners.js";
import { reinjectionCandidates } from "../edits.js";
import type { RuleContext } from "../rule.js";

const ROLES = [
  ["release", "what is released from the quarantine"],
  ["requeue", "what is requeued from the quarantine"],
  ["resend", "what it sends on in another form"],
] as const;

/** Only what somebody wrote is looked at: the defaults follow the other methods, or lead to port 25. */
export function reportQuarantine(context: RuleContext): void {
  const { system, flow } = context;
  const said = new Set(
    flow.forwards.flatMap(({ method: { origin } }) =>
      origin ? [`${origin.file}:${origin.range.start}`] : [],
    ),
  );
  for (const listener of system.amavis?.listeners ?? [])
    for (const [role, what] of ROLES) {
      const methods = listener[role].value;
      if ("kind" in methods) continue;
      const [method, second] = methods;
      const origin = method?.origin;
      if (!method || !origin || second || method.fault !== undefined) continue;
      const key = `${origin.file}:${origin.range.start}`;
      const target = resolveMethod(system, method, listener);
      if (target.kind !== "missing" || said.has(key)) continue;
      said.add(key);
      const endpoint = showEndpoint(target.endpoint.address, target.endpoint.port);
      context.report({
        at: origin,
        severity: "warning",
        message: `amavisd hands ${what} to ${method.text} ($${role}_method), but no service of master.cf listens on ${endpoint}: that fails when somebody needs it.`,
        fixes: () =>
          reinjectionCandidates(context)
            .slice(0, 1)
            .map(({ address, port }) => ({
              title: `Hand it to ${showEndpoint(address, port)}, which takes mail back`,
              edits: [{ ...origin, newText: `'smtp:[${address}]:${port}'` }],
            })),
      });
    }
}
