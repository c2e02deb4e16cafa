import { editDistance } from "../syntax/editDistance.js";

/**
 * The candidate that a misspelt word was probably meant to be: at most two letters away and nearer than
 * a third of its length, so that short words do not match anything. Undefined when none is near.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.min(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word, candidate, least);
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}
