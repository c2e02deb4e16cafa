import type { VersionProfile } from "./profile.js";
import type { Service } from "./services.js";

/**
 * Whether a daemon runs with the queue directory as its root; undefined when that cannot be known. `-` means n, but
 * y while compatibility_level is below 1, its default (o5-chroot-dash, o6-chroot-dash-compat0).
 * @param hasMain whether main.cf is here, so that an unset level is really unset.
 */
export function isChrooted(service: Service, profile: VersionProfile, hasMain: boolean): boolean | undefined {
  const column = service.entry.columns.chroot?.text;
  if (column === "y") return true;
  if (column === "n") return false;
  if (column !== "-" || !hasMain) return undefined;
  if (profile.level === undefined) return true;
  const major = /^\d+/.exec(profile.level)?.[0];
  return major === undefined ? undefined : Number(major) < 1;
}
