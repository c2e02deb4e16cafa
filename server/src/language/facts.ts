/** What language features ask of an analysis: texts, places and links, without knowing how it is built. */

import type { Analysis } from "../analysis.js";
import { allFiles } from "../analysis.js";
import type { Location } from "../semantics/located.js";
import { Memo } from "../syntax/memo.js";
import { LineIndex, type Range } from "../syntax/text.js";
import type { SourceFile, SystemSource } from "../system/source.js";
import { link } from "./markdown.js";

export interface Hover {
  /** Markdown. */
  readonly contents: string;
  readonly range: Range;
}

/** An analysis as a feature shows it: places become links. */
export interface View {
  readonly analysis: Analysis;
  /** The URI of a file, spelt as the editor spells it. */
  readonly uriOf: (path: string) => string;
}

const filesOf = new Memo<SystemSource, ReadonlyMap<string, SourceFile>>();
const indexOf = new Memo<SourceFile, LineIndex>();

function file(analysis: Analysis, path: string): SourceFile | undefined {
  let files = filesOf.get(analysis.source);
  if (!files) {
    files = new Map(allFiles(analysis.source).map((one) => [one.path, one]));
    filesOf.set(analysis.source, files);
  }
  return files.get(path);
}

export function fileText(analysis: Analysis, path: string): string {
  return file(analysis, path)?.text ?? "";
}

/** "[master.cf line 12](file:///etc/postfix/master.cf#L12)" */
export function placeLink({ analysis, uriOf }: View, { file: path, range }: Location): string {
  const source = file(analysis, path);
  let index = source && indexOf.get(source);
  if (source && !index) {
    index = new LineIndex(source.text);
    indexOf.set(source, index);
  }
  const line = (index?.lineAt(range.start) ?? 0) + 1;
  return link(`${path.slice(path.lastIndexOf("/") + 1)} line ${line}`, `${uriOf(path)}#L${line}`);
}

/** The file itself, as a link to its first line. */
export function fileLink({ uriOf }: View, path: string): string {
  return link(path.slice(path.lastIndexOf("/") + 1), uriOf(path));
}

/** Whether a cursor touches a range; behind its last character counts, as people leave it there. */
export function touches({ start, end }: Range, offset: number): boolean {
  return start <= offset && offset <= end;
}
