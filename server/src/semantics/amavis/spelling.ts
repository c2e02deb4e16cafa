/** The nearest known name to a misspelt one. */
import { amavisConstants, amavisVariables } from "../../knowledge/amavisVariables.js";

/** More edits than this are another name. */
const FARTHEST = 2;

/** Edits (insert, delete, replace, swap neighbours) between two names; more than `limit` gives limit + 1. */
export function editDistance(left: string, right: string, limit: number): number {
  if (Math.abs(left.length - right.length) > limit) return limit + 1;
  let before: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    let least = row;
    for (let column = 1; column <= right.length; column++) {
      const same = left.charCodeAt(row - 1) === right.charCodeAt(column - 1) ? 0 : 1;
      let cost = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + same,
      );
      const swapped =
        row > 1 &&
        column > 1 &&
        left.charCodeAt(row - 1) === right.charCodeAt(column - 2) &&
        left.charCodeAt(row - 2) === right.charCodeAt(column - 1);
      if (swapped) cost = Math.min(cost, (before[column - 2] ?? 0) + 1);
      current.push(cost);
      least = Math.min(least, cost);
    }
    if (least > limit) return limit + 1;
    before = previous;
    previous = current;
  }
  return previous[right.length] ?? limit + 1;
}

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
    const distance = editDistance(name, candidate, limit);
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
