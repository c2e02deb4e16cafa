/** What `mailflow check` found, before anybody formats it. */
import type { Finding, Severity } from "../rules/finding.js";
import type { SystemSource } from "../system/source.js";

export interface CheckedSystem {
  readonly source: SystemSource;
  /** With the severities that mailflow.json chose, in the order of their places. */
  readonly findings: readonly Finding[];
}

export interface Report {
  /** Absolute folder that machine formats name files relative to. */
  readonly base: string;
  readonly systems: readonly CheckedSystem[];
}

export const SEVERITIES: readonly Severity[] = ["error", "warning", "information", "hint"];

export type Summary = Record<Severity, number>;

export function summaryOf(report: Report): Summary {
  const summary: Summary = { error: 0, warning: 0, information: 0, hint: 0 };
  for (const { findings } of report.systems) for (const { severity } of findings) summary[severity]++;
  return summary;
}

/** Lowest severity that gives exit status 1; "info" is short for "information". */
export type FailOn = "none" | "error" | "warning" | "info" | "information" | "hint";

/** Whether a finding is at or above a severity. */
export function reachesLevel(findings: readonly Finding[], failOn: FailOn): boolean {
  if (failOn === "none") return false;
  const threshold = SEVERITIES.indexOf(failOn === "info" ? "information" : failOn);
  return findings.some(({ severity }) => SEVERITIES.indexOf(severity) <= threshold);
}

/** By file in reading order, then by place: what people see first is what they would read first. */
export function inReadingOrder(source: SystemSource, findings: readonly Finding[]): readonly Finding[] {
  const files = [source.main, source.master, ...source.amavis].map((file) => file?.path);
  const order = (finding: Finding) => {
    const at = files.indexOf(finding.file);
    return at < 0 ? files.length : at;
  };
  return [...findings].sort((one, other) => order(one) - order(other) || one.range.start - other.range.start);
}
