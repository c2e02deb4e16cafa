/** What language features ask of an analysis: texts, places and lines, without knowing how it is built. */
import type { Analysis } from "../analysis.js";
import { allFiles } from "../analysis.js";
import type { Location } from "../semantics/located.js";
import { LineIndex } from "../syntax/text.js";

export interface Hover {
  /** Markdown. */
  readonly contents: string;
  readonly range: { readonly start: number; readonly end: number };
}

export function fileText(analysis: Analysis, path: string): string {
  return allFiles(analysis.source).find((file) => file.path === path)?.text ?? "";
}

/** "master.cf line 12" */
export function placeName(analysis: Analysis, { file, range }: Location): string {
  const line = new LineIndex(fileText(analysis, file)).lineAt(range.start) + 1;
  return `${file.slice(file.lastIndexOf("/") + 1)} line ${line}`;
}
