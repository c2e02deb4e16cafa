/** The JSON document of `check --format json` (version 1): other programs rely on its form. */
import type { Location } from "../../semantics/located.js";
import type { SystemSource } from "../../system/source.js";
import { fixesOf } from "../../workspace/fixes.js";
import { lineIndexOf, sourceFiles } from "../../workspace/sourceFiles.js";
import { relativeTo } from "../input.js";
import { type CheckedSystem, type Report, summaryOf } from "../report.js";
import { visibleJson } from "../terminal.js";

export function formatJson(report: Report): string {
  const systems = report.systems.map((system) => systemDocument(system, report.base));
  return `${visibleJson({ version: 1, systems, summary: summaryOf(report) }, 2)}\n`;
}

function systemDocument({ source, findings }: CheckedSystem, base: string) {
  const place = placer(source, base);
  return {
    name: source.name,
    root: relativeTo(base, source.root),
    files: [...sourceFiles(source).keys()].map((path) => relativeTo(base, path)),
    findings: findings.map((finding) => ({
      code: finding.code,
      severity: finding.severity,
      message: finding.message,
      ...place(finding),
      related: finding.related.map((related) => ({ ...place(related), message: related.message })),
      fixes: fixesOf(finding).map((fix) => ({
        title: fix.title,
        edits: fix.edits.map((edit) => ({ ...place(edit), newText: edit.newText })),
        ...(fix.rename === undefined
          ? {}
          : { rename: { from: relativeTo(base, fix.rename.file), to: relativeTo(base, fix.rename.to) } }),
      })),
    })),
  };
}

/** Lines and characters from 0, UTF-16, as in the Language Server Protocol. */
export function placer(source: SystemSource, base: string) {
  return ({ file, range }: Location) => {
    const known = sourceFiles(source).get(file);
    const index = known && lineIndexOf(known);
    const nowhere = { line: 0, character: 0 };
    return {
      file: relativeTo(base, file),
      range: {
        start: index?.positionAt(range.start) ?? nowhere,
        end: index?.positionAt(range.end) ?? nowhere,
      },
    };
  };
}
