/** Workflow commands that GitHub Actions turns into annotations on the changed lines. */
import type { Severity } from "../../rules/finding.js";
import type { Report } from "../report.js";
import { visible } from "../terminal.js";
import { placer } from "./json.js";

const COMMANDS: Record<Severity, string> = {
  error: "error",
  warning: "warning",
  information: "notice",
  hint: "notice",
};

export function formatGithub(report: Report, workingFolder: string): string {
  let text = "";
  for (const { source, findings } of report.systems) {
    const place = placer(source, workingFolder);
    for (const finding of findings) {
      const { file, range } = place(finding);
      const properties = [
        `file=${property(file)}`,
        `line=${range.start.line + 1}`,
        `endLine=${range.end.line + 1}`,
        `col=${range.start.character + 1}`,
        `title=${property(finding.code)}`,
      ];
      text += `::${COMMANDS[finding.severity]} ${properties.join(",")}::${data(finding.message)}\n`;
    }
  }
  return text;
}

function data(text: string): string {
  return visible(text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A"));
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
