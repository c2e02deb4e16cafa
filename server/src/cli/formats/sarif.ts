/** SARIF 2.1.0, for code scanning services. */
import type { Severity } from "../../rules/finding.js";
import { rulePageUrl } from "../../workspace/pages.js";
import type { Report } from "../report.js";
import { visibleJson } from "../terminal.js";
import { placer } from "./json.js";

const LEVELS: Record<Severity, string> = {
  error: "error",
  warning: "warning",
  information: "note",
  hint: "note",
};

export function formatSarif(report: Report, version: string): string {
  const codes = [
    ...new Set(report.systems.flatMap(({ findings }) => findings.map((finding) => finding.code))),
  ].sort();
  const results = report.systems.flatMap(({ source, findings }) => {
    const place = placer(source, report.base);
    return findings.map((finding) => ({
      ruleId: finding.code,
      ruleIndex: codes.indexOf(finding.code),
      level: LEVELS[finding.severity],
      message: { text: finding.message },
      locations: [location(place(finding))],
      relatedLocations: finding.related.map((related, id) => ({
        id,
        ...location(place(related)),
        message: { text: related.message },
      })),
    }));
  });
  const rules = codes.map((code) => ({ id: code, helpUri: rulePageUrl(code) }));
  const run = {
    tool: {
      driver: { name: "mailflow", version, informationUri: "https://github.com/mailflow/mailflow", rules },
    },
    columnKind: "utf16CodeUnits",
    results,
  };
  const schema = "https://json.schemastore.org/sarif-2.1.0.json";
  return `${visibleJson({ $schema: schema, version: "2.1.0", runs: [run] }, 2)}\n`;
}

function location({ file, range }: ReturnType<ReturnType<typeof placer>>) {
  return {
    physicalLocation: {
      artifactLocation: { uri: file.split("/").map(encodeURIComponent).join("/") },
      region: {
        startLine: range.start.line + 1,
        startColumn: range.start.character + 1,
        endLine: range.end.line + 1,
        endColumn: range.end.character + 1,
      },
    },
  };
}
