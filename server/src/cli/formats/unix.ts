/** One line a finding, `file:line:column: severity: message [code]`, as compilers print and editors read. */
import { posix } from "node:path";
import type { Report } from "../report.js";
import { visible } from "../terminal.js";
import { placer } from "./json.js";

/** Lines and columns from 1; paths relative to the working folder. */
export function formatUnix(report: Report, workingFolder: string): string {
  let text = "";
  for (const { source, findings } of report.systems) {
    const place = placer(source, workingFolder);
    for (const finding of findings) {
      const { file, range } = place(finding);
      const where = `${shownPath(file)}:${range.start.line + 1}:${range.start.character + 1}`;
      text += `${where}: ${finding.severity}: ${visible(finding.message)} [${finding.code}]\n`;
    }
  }
  return text;
}

/** A relative path that climbs far says less than the absolute one. */
export function shownPath(relative: string, workingFolder = process.cwd()): string {
  return visible(
    relative.startsWith("../../") ? posix.join(workingFolder.replaceAll("\\", "/"), relative) : relative,
  );
}
