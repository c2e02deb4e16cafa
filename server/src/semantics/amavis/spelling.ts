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
  candidates: Iterable<string>,
  cost: (candidate: string, distance: number) => number,
) {
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const distance = editDistance(name, candidate, farthest(name));
    if (distance > farthest(name)) continue;
    const total = cost(candidate, distance);
    if (total < least) {
      least = total;
      best = candidate;
    }
  }
  return best;
}

/**
 * The amavisd variable (with sigil) that a name (with sigil) most likely means: same letters under
 * another sigil first, then the same sigil with at most two edits, then both.
 */
export function nearestVariable(name: string): string | undefined {
  const sigil = name.charAt(0);
  const bare = name.slice(1);
  for (const other of ["$", "@", "%"]) if (amavisVariables().has(other + bare)) return other + bare;
  const bareNames = new Map<string, string>();
  for (const known of amavisVariables().keys()) {
    const earlier = bareNames.get(known.slice(1));
    if (earlier === undefined || known.startsWith(sigil)) bareNames.set(known.slice(1), known);
  }
  const found = nearest(bare, bareNames.keys(), (candidate, distance) => {
    return distance + (bareNames.get(candidate)?.startsWith(sigil) === true ? 0 : 0.5);
  });
  return found === undefined ? undefined : bareNames.get(found);
}

/** The constant (D_PASS, CC_SPAM ...) that a name most likely means. */
export function nearestConstant(name: string): string | undefined {
  return nearest(name, amavisConstants(), (_, distance) => distance);
}
