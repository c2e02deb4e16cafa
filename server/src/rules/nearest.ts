import { editDistance } from "../syntax/editDistance.js";
import { Memo } from "../syntax/memo.js";

/**
 * The candidate that a misspelt word was probably meant to be: at most two letters away and nearer than
 * a third of its length, so that short words do not match anything. Undefined when none is near.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.min(2, Math.floor(word.length / 3)) + 1;
  const letters = lettersOf(word);
  const list = Array.isArray(candidates) ? (candidates as readonly string[]) : [...candidates];
  const sets = letterSets(list);
  for (let index = 0; index < list.length; index++) {
    const candidate = list[index] ?? "";
    if (Math.abs(candidate.length - word.length) >= least) continue;
    // An edit takes away one kind of letter and adds one, at most.
    if (bits(letters ^ (sets[index] ?? 0)) > 2 * (least - 1)) continue;
    const distance = editDistance(word, candidate, least);
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

/** The letters of every candidate; the long lists (all parameters) are asked again for each misspelt name. */
function letterSets(list: readonly string[]): Int32Array {
  let sets = known.get(list);
  if (sets === undefined) {
    sets = Int32Array.from(list, lettersOf);
    known.set(list, sets);
  }
  return sets;
}

const known = new Memo<readonly string[], Int32Array>();

/** Which characters occur, as a set of 32: different sets mean different characters, not the other way round. */
function lettersOf(word: string): number {
  let set = 0;
  for (let at = 0; at < word.length; at++) set |= 1 << (word.charCodeAt(at) & 31);
  return set;
}

function bits(set: number): number {
  let count = 0;
  for (let rest = set; rest !== 0; rest &= rest - 1) count++;
  return count;
}
