/** The lines of a file around a finding, with carets under the range. */
import type { Severity } from "../../rules/finding.js";
import type { Range } from "../../syntax/text.js";
import type { SourceFile } from "../../system/source.js";
import { lineIndexOf } from "../../workspace/sourceFiles.js";
import { type Colours, visible } from "../terminal.js";

/** Columns of text that are shown of one line. */
const WIDTH = 110;
/** Lines of one range that are shown. */
const MAX_LINES = 4;

/** @param before how many lines of context stand above the range */
export function codeFrame(
  file: SourceFile,
  range: Range,
  severity: Severity,
  paint: Colours,
  before = 1,
): string {
  const index = lineIndexOf(file);
  const first = index.lineAt(range.start);
  const last = Math.max(first, index.lineAt(Math.max(range.start, range.end - 1)));
  const shownLast = Math.min(last, first + MAX_LINES - 1);
  const digits = String(shownLast + 1).length;
  const gutter = (label: string) => `  ${paint.dim(`${label.padStart(digits)} │`)} `;
  const lines: string[] = [];
  for (let line = Math.max(0, first - before); line <= shownLast; line++) {
    const start = index.lineStart(line);
    const text = file.text.slice(start, lineEnd(file.text, start));
    const marked =
      line >= first ? { start: range.start - start, end: range.end - start } : { start: 0, end: 0 };
    const row = shownRow(text, marked);
    lines.push(gutter(String(line + 1)) + row.text);
    if (line >= first) lines.push(gutter("") + severityColour(severity, paint)(row.carets));
  }
  if (last > shownLast) lines.push(gutter("") + paint.dim(`… ${last - shownLast} more lines`));
  return lines.map((line) => line.trimEnd()).join("\n");
}

export function severityColour(severity: Severity, paint: Colours): (text: string) => string {
  if (severity === "error") return (text) => paint.bold(paint.red(text));
  if (severity === "warning") return (text) => paint.bold(paint.yellow(text));
  return (text) => paint.bold(paint.cyan(text));
}

function lineEnd(text: string, start: number): number {
  const end = text.indexOf("\n", start);
  const stop = end < 0 ? text.length : end;
  return text[stop - 1] === "\r" && stop > start ? stop - 1 : stop;
}

/** One line as it is shown: tabs become blanks, control characters visible, far ends are cut off. */
function shownRow(line: string, marked: Range): { text: string; carets: string } {
  const length = line.length;
  const start = Math.min(Math.max(0, marked.start), length);
  const end = Math.min(Math.max(start, marked.end), length);
  // A window around the start of the range, so that a line of a megabyte costs no more than a short one.
  const from = start > WIDTH * 0.7 ? start - Math.floor(WIDTH / 2) : 0;
  const to = Math.min(length, from + WIDTH);
  const lead = (from > 0 ? "…" : "") + cells(line.slice(from, start), 0);
  const inside = cells(line.slice(start, Math.min(end, to)), lead.length);
  const tail =
    cells(line.slice(Math.min(end, to), to), lead.length + inside.length) + (to < length ? "…" : "");
  // An indented continuation line is marked from its first word on.
  const blank = inside.length - inside.trimStart().length;
  const carets = " ".repeat(lead.length + blank) + "^".repeat(Math.max(1, inside.trim().length));
  return { text: lead + inside + tail, carets };
}

function cells(text: string, column: number): string {
  let shown = "";
  for (const part of text.split(/(\t)/)) {
    if (part === "\t") shown += " ".repeat(8 - ((column + shown.length) % 8));
    else shown += visible(part);
  }
  return shown;
}
