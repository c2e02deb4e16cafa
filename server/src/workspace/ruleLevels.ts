/** Severities that people choose: by editor setting or by mailflow.json. */
import type { Finding, Severity } from "../rules/finding.js";

export type RuleLevel = Severity | "off";

/** Rule code -> level; "*" stands for every rule that is not named. */
export type RuleLevels = Readonly<Record<string, RuleLevel>>;

const LEVELS: readonly string[] = ["off", "error", "warning", "information", "hint"];

/** Reads untrusted data; what is no level is left out. */
export function readRuleLevels(value: unknown): RuleLevels {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
  const levels: Record<string, RuleLevel> = {};
  for (const [code, level] of Object.entries(value)) if (isRuleLevel(level)) levels[code] = level;
  return levels;
}

export function isRuleLevel(value: unknown): value is RuleLevel {
  return typeof value === "string" && LEVELS.includes(value);
}

/** The findings as people want to see them. Returns the same array when nothing is chosen. */
export function applyRuleLevels(findings: readonly Finding[], levels: RuleLevels): readonly Finding[] {
  if (Object.keys(levels).length === 0) return findings;
  const shown: Finding[] = [];
  for (const finding of findings) {
    const level = Object.hasOwn(levels, finding.code) ? levels[finding.code] : levels["*"];
    if (level === "off") continue;
    shown.push(level === undefined || level === finding.severity ? finding : { ...finding, severity: level });
  }
  return shown;
}
