/** How near an amavis configuration is to a Postfix instance, judged by their folders alone. */
import { isStructuralFolder, programOfFolder } from "./names.js";

/**
 * Smaller is nearer, compared element by element: folders to the common ancestor from the root (negated),
 * folder names that one side has and the other lacks, folders between them.
 */
export type Nearness = readonly [number, number, number];

/**
 * @returns undefined when a folder between the two names something of its own (another host, a backup), so
 * that they cannot be said to belong together.
 */
export function nearness(instanceFolder: string, amavisFolder: string): Nearness | undefined {
  const one = instanceFolder.split("/");
  const other = amavisFolder.split("/");
  let common = 0;
  while (common < one.length && common < other.length && one[common] === other[common]) common++;
  const restOne = one.slice(common);
  const restOther = other.slice(common);
  if (![...restOne, ...restOther].every(isStructuralFolder)) return undefined;
  const qualifierOne = qualifier(restOne);
  const qualifierOther = qualifier(restOther);
  // postfix-mx1 and amavis-mx2 are two hosts; postfix-mx1 and amavis may be one.
  if (qualifierOne !== qualifierOther && qualifierOne !== "" && qualifierOther !== "") return undefined;
  const mismatch = shapeDifference(restOne, restOther) + (qualifierOne === qualifierOther ? 0 : 1);
  return [-common, mismatch, restOne.length + restOther.length];
}

export function compareNearness(one: Nearness, other: Nearness): number {
  return one[0] - other[0] || one[1] - other[1] || one[2] - other[2];
}

function qualifier(folders: readonly string[]): string {
  return folders.map((name) => programOfFolder(name)?.qualifier ?? "").join("");
}

/** roles/postfix/templates resembles roles/amavis/templates more than roles/amavis/files. */
function shapeDifference(one: readonly string[], other: readonly string[]): number {
  const neutral = (names: readonly string[]) => names.filter((name) => programOfFolder(name) === undefined);
  const [left, right] = [neutral(one), neutral(other)];
  const missing = (from: readonly string[], among: readonly string[]) =>
    from.filter((name) => !among.includes(name)).length;
  return missing(left, right) + missing(right, left);
}
