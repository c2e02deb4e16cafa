/** `mailflow check`: what is wrong with the mail systems at the given paths. */
import type { Analysis } from "../analysis.js";
import { analyseSource } from "../workspace/analyseSource.js";
import { applyPreferredFixes } from "../workspace/fixes.js";
import type { LoadedSystem } from "../workspace/load.js";
import { nodeFileSystem } from "../workspace/nodeFileSystem.js";
import { applyRuleLevels } from "../workspace/ruleLevels.js";
import { writeChanges } from "./fix.js";
import { formatGithub } from "./formats/github.js";
import { formatJson } from "./formats/json.js";
import { formatPretty } from "./formats/pretty.js";
import { formatSarif } from "./formats/sarif.js";
import { formatUnix, shownPath } from "./formats/unix.js";
import { readInput, relativeTo } from "./input.js";
import { type CheckedSystem, type FailOn, inReadingOrder, type Report, reachesLevel } from "./report.js";
import { colours, counted, visible } from "./terminal.js";

export interface CheckOptions {
  readonly format: "pretty" | "json" | "sarif" | "github" | "unix";
  readonly failOn: FailOn;
  readonly fix?: boolean | undefined;
  readonly postfixVersion?: string | undefined;
}

/**
 * @returns the exit status: 0 nothing at or above `failOn`, 1 findings, 2 something could not be read or written
 * @throws UsageError when there is nothing to check
 */
export function check(paths: readonly string[], options: CheckOptions, version: string): number {
  const input = readInput(paths, { postfixVersion: options.postfixVersion });
  for (const message of input.messages) process.stderr.write(`mailflow: ${message}\n`);
  let failed = input.unreadable;
  const systems = input.systems.map((system) => {
    const analysis = analyseSource(system.source);
    if (options.fix !== true) return checked(system, analysis);
    const fixed = fix(system, analysis);
    failed ||= fixed.failed;
    return checked(system, fixed.analysis);
  });
  const report = { base: input.base, systems };
  process.stdout.write(format(report, paths, options, version));
  return failed
    ? 2
    : reachesLevel(
          systems.flatMap(({ findings }) => findings),
          options.failOn,
        )
      ? 1
      : 0;
}

function checked({ layout }: LoadedSystem, { source, findings }: Analysis): CheckedSystem {
  return { source, findings: inReadingOrder(source, applyRuleLevels(findings, layout.ruleLevels)) };
}

/** Mends what can be mended without asking and says on stderr what was done, so that stdout stays a report. */
function fix(system: LoadedSystem, analysis: Analysis): { analysis: Analysis; failed: boolean } {
  const shown = (code: string) =>
    applyRuleLevels(analysis.findings, system.layout.ruleLevels).some((f) => f.code === code);
  const fixed = applyPreferredFixes(analysis, analyseSource, (finding) => shown(finding.code));
  if (fixed.applied.length === 0) return { analysis, failed: false };
  const { written, failures } = writeChanges(nodeFileSystem, system.source, fixed.source);
  for (const failure of failures) process.stderr.write(`mailflow: ${visible(failure)}\n`);
  // Half a fix can be worse than none, but what is on the disk now is what has to be reported.
  if (failures.length > 0) return { analysis: analyseSource(system.source), failed: true };
  const here = process.cwd();
  for (const { fix: done } of fixed.applied)
    process.stderr.write(`mailflow: fixed: ${visible(done.title)}\n`);
  const names = written.map((path) => shownPath(relativeTo(here, path))).join(", ");
  process.stderr.write(`mailflow: wrote ${counted(written.length, "file")}: ${names}\n`);
  return { analysis: fixed.analysis, failed: false };
}

function format(report: Report, paths: readonly string[], options: CheckOptions, version: string): string {
  const here = process.cwd().replaceAll("\\", "/");
  switch (options.format) {
    case "json":
      return formatJson(report);
    case "sarif":
      return formatSarif(report, version);
    case "github":
      return formatGithub(report, here);
    case "unix":
      return formatUnix(report, here);
    case "pretty":
      return formatPretty(report, paths, here, colours(process.stdout));
  }
}
