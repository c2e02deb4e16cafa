/**
 * Which Postfix a configuration is read for: the release that somebody named, else what compatibility_level
 * lets infer, else the newest. The level is a lower bound (an upgraded host keeps its old one), so an inferred
 * release decides defaults, but never that something is too new.
 */
import { compareVersions, NEWEST_POSTFIX_VERSION } from "../../knowledge/version.js";
import type { MainParameters } from "./parameters.js";

export interface VersionProfile {
  /** "3.10" (its newest patch release) or "3.7.11". */
  readonly version: string;
  readonly source: "given" | "compatibility_level" | "newest";
  /** compatibility_level as main.cf has it; undefined when it is not set. */
  readonly level: string | undefined;
}

/** The last release before the next level came; within it the level is the newest that there is (POSTFIX 1.7). */
const LAST_OF_LEVEL: readonly (readonly [below: string, version: string])[] = [
  ["3.6.0", "3.5"],
  ["3.11.0", "3.10"],
];

/** @param given the release that the user named; undefined when nobody did. */
export function versionProfile(given: string | undefined, main: MainParameters): VersionProfile {
  const level = main.entry("compatibility_level")?.value;
  if (given !== undefined) return { version: given, source: "given", level };
  const asVersion = level === undefined ? undefined : levelAsVersion(level);
  if (asVersion === undefined) return { version: NEWEST_POSTFIX_VERSION, source: "newest", level };
  const version = LAST_OF_LEVEL.find(([below]) => compareVersions(asVersion, below) < 0)?.[1];
  return version === undefined
    ? { version: NEWEST_POSTFIX_VERSION, source: "newest", level }
    : { version, source: "compatibility_level", level };
}

/** A level with all three numbers; undefined for 0, which means that nobody set one, and for bad syntax. */
function levelAsVersion(level: string): string | undefined {
  const match = /^(\d+)(?:\.(\d+))?(?:\.(\d+))?$/.exec(level);
  if (!match || match[1] === "0") return undefined;
  return `${match[1]}.${match[2] ?? 0}.${match[3] ?? 0}`;
}

/** How sure the version is, as a clause for messages: "Postfix 3.10, as compatibility_level 3.6 suggests". */
export function describeProfile({ version, source, level }: VersionProfile): string {
  if (source === "given") return `Postfix ${version}`;
  if (source === "newest") return `Postfix ${version}, the newest known`;
  return `Postfix ${version}, as compatibility_level ${level} suggests`;
}
