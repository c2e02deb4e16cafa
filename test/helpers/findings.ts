/** Findings and marks as one line of text each, so that a difference reads well in a test's output. */
import type { Finding } from "../../server/src/rules/finding.js";
import { LineIndex } from "../../server/src/syntax/text.js";
import type { Mark } from "./archive.js";

export function positioned(finding: Finding, files: ReadonlyMap<string, string>): string {
  const base = finding.file.slice(finding.file.lastIndexOf("/") + 1);
  const name = [...files.keys()].find((one) => one.includes("/") && finding.file.endsWith(`/${one}`)) ?? base;
  const lines = new LineIndex(files.get(name) ?? "");
  const start = lines.positionAt(finding.range.start);
  const end = lines.positionAt(finding.range.end);
  const to = end.line === start.line ? `${end.character}` : `${end.line + 1}:${end.character}`;
  return `${name}:${start.line + 1}:${start.character}-${to} ${finding.severity} ${finding.code}`;
}

export function positionedMark(mark: Mark): string {
  return `${mark.file}:${mark.line + 1}:${mark.start}-${mark.end} ${mark.severity} ${mark.code}`;
}
