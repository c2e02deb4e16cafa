/** The `mailflow.*` settings. */
import { type RuleLevels, readRuleLevels } from "../workspace/ruleLevels.js";

export interface Settings {
  /** Such as "3.7"; undefined for the newest known. */
  readonly postfixVersion: string | undefined;
  readonly rules: RuleLevels;
}

/** Reads what a client sends for the section `mailflow`, or for everything; wrong values count as unset. */
export function readSettings(value: unknown): Settings {
  const fields = asFields(asFields(value).mailflow ?? value);
  const version = fields.postfixVersion;
  const valid = typeof version === "string" && /^\d+\.\d+(?:\.\d+)?$/.test(version);
  return { postfixVersion: valid ? version : undefined, rules: readRuleLevels(fields.rules) };
}

function asFields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
