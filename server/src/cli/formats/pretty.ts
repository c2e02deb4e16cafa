/** For people: each finding with its lines, the other end, the way to mend it; then a summary. */
import type { Finding } from "../../rules/finding.js";
import type { SystemSource } from "../../system/source.js";
import { fixesOf } from "../../workspace/fixes.js";
import { sourceFiles } from "../../workspace/sourceFiles.js";
import { type CheckedSystem, type Report, SEVERITIES, summaryOf } from "../report.js";
import { type Colours, counted, visible } from "../terminal.js";
import { codeFrame, severityColour } from "./frame.js";
import { placer } from "./json.js";
import { shownPath } from "./unix.js";

/** @param paths what was checked, as the user named it: the next command has to name it too */
export function formatPretty(
  report: Report,
  paths: readonly string[],
  workingFolder: string,
  paint: Colours,
): string {
  const several = report.systems.length > 1;
  const blocks = report.systems
    .filter(({ findings }) => findings.length > 0)
    .map((system) => {
      const heading = several ? `${paint.bold(paint.underline(visible(system.source.name)))}\n\n` : "";
      const place = placer(system.source, workingFolder);
      return (
        heading +
        system.findings.map((finding) => findingBlock(system.source, finding, place, paint)).join("\n")
      );
    });
  return [...blocks, summaryLines(report, paths, paint)].join("\n");
}

function findingBlock(
  source: SystemSource,
  finding: Finding,
  place: ReturnType<typeof placer>,
  paint: Colours,
): string {
  const at = (location: Parameters<typeof place>[0]) => {
    const { file, range } = place(location);
    return paint.cyan(`${shownPath(file)}:${range.start.line + 1}:${range.start.character + 1}`);
  };
  const colour = severityColour(finding.severity, paint);
  const lines = [
    `${colour(finding.severity)} ${paint.dim(`[${finding.code}]`)} ${at(finding)}`,
    `  ${paint.bold(visible(finding.message))}`,
  ];
  const file = sourceFiles(source).get(finding.file);
  if (file !== undefined) lines.push(codeFrame(file, finding.range, finding.severity, paint));
  // One line often plays two parts (it feeds two services); it is shown once.
  const framed = new Set<string>();
  for (const related of finding.related) {
    lines.push(`  ${at(related)} ${visible(related.message)}`);
    const other = sourceFiles(source).get(related.file);
    const where = `${related.file}:${related.range.start}`;
    if (other !== undefined && !framed.has(where)) {
      lines.push(codeFrame(other, related.range, "information", paint, 0));
    }
    framed.add(where);
  }
  const fix = fixesOf(finding)[0];
  if (fix !== undefined) lines.push(`  ${paint.green("fix:")} ${visible(fix.title)}`);
  return `${lines.join("\n")}\n`;
}

function summaryLines(report: Report, paths: readonly string[], paint: Colours): string {
  const summary = summaryOf(report);
  const checked = `${counted(filesOf(report.systems), "file")} of ${counted(report.systems.length, "mail system")}`;
  const found = SEVERITIES.filter((severity) => summary[severity] > 0).map((severity) =>
    severityColour(severity, paint)(countedSeverity(summary[severity], severity)),
  );
  if (found.length === 0) return `${paint.green("No problems")} in ${checked}.\n`;
  return [`${found.join(", ")} in ${checked}.`, ...nextSteps(report, paths)].join("\n").concat("\n");
}

function countedSeverity(count: number, severity: Finding["severity"]): string {
  // "2 informations" is no English.
  return severity === "information" ? `${count} for information` : counted(count, severity);
}

function filesOf(systems: readonly CheckedSystem[]): number {
  return new Set(systems.flatMap(({ source }) => [...sourceFiles(source).keys()])).size;
}

/** What to run next, in the order in which it helps. */
function nextSteps(report: Report, paths: readonly string[]): string[] {
  const findings = report.systems.flatMap((system) => system.findings);
  const worst = SEVERITIES.map((severity) => findings.find((finding) => finding.severity === severity)).find(
    (finding) => finding !== undefined,
  );
  const steps: [string, string][] = [];
  if (worst) steps.push([`mailflow explain ${worst.code}`, "why this matters and how to mend it"]);
  const mendable = findings.filter((finding) =>
    fixesOf(finding).some((fix) => fix.preferred === true),
  ).length;
  if (mendable > 0) {
    const command = ["mailflow check --fix", ...paths.map(shellWord)].join(" ");
    steps.push([command, `mends ${mendable} of ${counted(findings.length, "finding")}`]);
  }
  const width = Math.max(...steps.map(([command]) => command.length));
  return steps.map(([command, effect]) => `  ${command.padEnd(width)}  ${effect}`);
}

function shellWord(path: string): string {
  return /^[\w./:@%+=-]+$/.test(path) ? path : `'${visible(path).replaceAll("'", "'\\''")}'`;
}
