/** amavisd that hands mail on to itself: a part of filter-loop. */
import type { ForwardStep } from "../../flow/flow.js";
import type { AmavisListener } from "../../semantics/amavis/configuration.js";
import { showEndpoint } from "../../system/listeners.js";
import { reinjectionCandidates } from "../edits.js";
import type { RuleContext } from "../rule.js";
import { forwardPlace } from "./places.js";

/**
 * Each message opens a connection from one of amavisd's processes to the next; when all of them wait for each
 * other, nothing moves (observed with two processes). A second port whose policy bank leads on is right.
 */
export function reportForwardToSelf(context: RuleContext): void {
  const next = new Map<AmavisListener, ForwardStep>();
  for (const step of context.flow.forwards)
    if (step.role === "forward" && step.target.kind === "amavis" && !next.has(step.listener))
      next.set(step.listener, step);
  for (const step of next.values()) {
    const at = forwardPlace(step);
    if (step.target.kind !== "amavis" || !at || !comesBack(step, next)) continue;
    const { address, port } = step.target.endpoint;
    const amavis = context.system.amavis;
    const other = amavis?.clientBanks.find((name) => amavis.banks.get(name)?.entries.has("forward_method"));
    context.report({
      at,
      // Mail of such clients takes another way, and perhaps there is no other mail.
      severity: other === undefined ? "error" : "warning",
      message: `amavisd itself listens on ${showEndpoint(address, port)}: mail goes round in it until all its processes wait for each other, and nothing is delivered${other === undefined ? "" : ` but what the bank ${other} sends elsewhere`}.`,
      related: step.target.sockets.map(({ location }) => ({ ...location, message: "amavisd's own port" })),
      fixes: () =>
        reinjectionCandidates(context)
          .slice(0, 2)
          .map((candidate, index) => ({
            title: `Hand mail back to ${showEndpoint(candidate.address, candidate.port)}`,
            edits: [{ ...at, newText: `'smtp:[${candidate.address}]:${candidate.port}'` }],
            preferred: index === 0,
          })),
    });
  }
}

/** Whether mail that leaves by this step is at the same listener again. */
function comesBack(first: ForwardStep, next: ReadonlyMap<AmavisListener, ForwardStep>): boolean {
  const seen = new Set<AmavisListener>();
  let step: ForwardStep | undefined = first;
  while (step?.target.kind === "amavis") {
    const listener: AmavisListener | undefined = step.target.sockets[0]?.listener;
    if (listener === undefined) return false;
    // The same port of the other address family is the same program with the same settings.
    if (listener === first.listener || listener.port === first.listener.port) return true;
    if (seen.has(listener)) return false;
    seen.add(listener);
    step = next.get(listener);
  }
  return false;
}
