/**
 * Postfix release numbers: "3.7.11", a branch "3.7", or "1.1" for everything that was there before the
 * oldest release the facts cover.
 */

/** The release that Debian 12 ships; what is assumed where nobody says a version. */
export const ASSUMED_POSTFIX_VERSION = "3.7";

/** The newest stable release that the facts cover (what 3.12 adds is a development snapshot). */
export const NEWEST_POSTFIX_VERSION = "3.11";

/** Negative, zero or positive, as a sort wants it. A branch without a patch level is its newest release. */
export function compareVersions(left: string, right: string): number {
  const a = numbers(left);
  const b = numbers(right);
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

/** True when a thing that came with the branch `since` ("2.10") is in `version` ("3.7.11" or "3.7"). */
export function hasReached(version: string, since: string): boolean {
  const a = numbers(version);
  const b = numbers(since);
  return a[0] !== b[0] ? a[0] > b[0] : a[1] >= b[1];
}

/** True when the release `from` ("3.6", which is its first, or "3.5.24") is not newer than `version`. */
export function isReleasedBy(version: string, from: string): boolean {
  return compareVersions(version, from.split(".").length > 2 ? from : `${from}.0`) >= 0;
}

/**
 * True when `version` has a thing that came with `since`, or that was given to older branches in the
 * patch releases `backports` (["3.5.24", "3.6.14"]).
 */
export function includesFeature(version: string, since: string, backports: readonly string[]): boolean {
  if (hasReached(version, since)) return true;
  const [major, minor, patch] = numbers(version);
  return backports.some((release) => {
    const from = numbers(release);
    return from[0] === major && from[1] === minor && patch >= from[2];
  });
}

type Numbers = readonly [major: number, minor: number, patch: number];

/** The facts name some sixty releases, each of them many times. */
const read = new Map<string, Numbers>();
const MOST_REMEMBERED = 500;

function numbers(version: string): Numbers {
  let found = read.get(version);
  if (!found) {
    found = readNumbers(version);
    if (read.size >= MOST_REMEMBERED) read.clear();
    read.set(version, found);
  }
  return found;
}

function readNumbers(version: string): Numbers {
  const match = /^(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(version);
  const part = (text: string | undefined, missing: number) => (text === undefined ? missing : Number(text));
  if (!match) return [0, 0, 0];
  return [part(match[1], 0), part(match[2], 0), part(match[3], Number.MAX_SAFE_INTEGER)];
}
