/** The nearest known name to a misspelt one. */
import { amavisConstants, amavisVariables } from "../../knowledge/amavisVariables.js";
import { editDistance } from "../../syntax/editDistance.js";

/** More edits than this are another name. */
const FARTHEST = 2;

/** Short names have too many neighbours for two edits to mean anything. */
function farthest(name: string): number {
  return name.length <= 4 ? 1 : FARTHEST;
}

function nearest(
  name: string,
  candidates: readonly string[],
  cost: (candidate: string) => number,
): string | undefined {
  const limit = farthest(name);
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) > limit) continue;
    const distance = editDistance(name, candidate, limit + 1);
    if (distance > limit) continue;
    const total = distance + cost(candidate);
    if (total < least) {
      least = total;
      best = candidate;
    }
  }
  return best;
}

/** The names without sigil and the sigils that each has; made when the first misspelt name is met. */
let bareNames: ReadonlyMap<string, string> | undefined;

function sigilsByName(): ReadonlyMap<string, string> {
  if (bareNames !== undefined) return bareNames;
  const names = new Map<string, string>();
  for (const name of amavisVariables().keys()) {
    const bare = name.slice(1);
    names.set(bare, (names.get(bare) ?? "") + name.charAt(0));
  }
  bareNames = names;
  return names;
}

/**
 * The amavisd variable (with sigil) that a name (with sigil) most likely means: the same letters under
 * another sigil first, then the same sigil with at most two edits, then both.
 */
export function nearestVariable(name: string): string | undefined {
  const sigil = name.charAt(0);
  const bare = name.slice(1);
  const names = sigilsByName();
  const same = names.get(bare);
  if (same !== undefined) return (same.includes(sigil) ? sigil : same.charAt(0)) + bare;
  const found = nearest(bare, [...names.keys()], (candidate) =>
    names.get(candidate)?.includes(sigil) ? 0 : 0.5,
  );
  const sigils = found === undefined ? undefined : names.get(found);
  if (found === undefined || sigils === undefined) return undefined;
  return (sigils.includes(sigil) ? sigil : sigils.charAt(0)) + found;
}

/** The constant (D_PASS, CC_SPAM ...) that a name most likely means. */
export function nearestConstant(name: string): string | undefined {
  return nearest(name, amavisConstants(), () => 0);
}

/** The candidate that a name most likely means; undefined when none is near. */
export function nearestName(name: string, candidates: readonly string[]): string | undefined {
  return nearest(name, candidates, () => 0);
}
