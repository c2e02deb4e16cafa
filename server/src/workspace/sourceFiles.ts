/** Finds the files of a mail system by path, and their lines. */

import { Memo } from "../syntax/memo.js";
import { LineIndex } from "../syntax/text.js";
import type { SourceFile, SystemSource } from "../system/source.js";

const filesBySource = new Memo<SystemSource, ReadonlyMap<string, SourceFile>>();
const lineIndexes = new Memo<SourceFile, LineIndex>();

/** All files of a system by path: main.cf, master.cf, amavis files, those that it skips or includes, lookup tables. */
export function sourceFiles(source: SystemSource): ReadonlyMap<string, SourceFile> {
  let files = filesBySource.get(source);
  if (files === undefined) {
    const included = source.includes?.values() ?? [];
    const skipped = source.skipped ?? [];
    // What is skipped by its name and included by another file is the included one.
    const all = [
      ...[source.main, source.master, ...source.amavis, ...skipped],
      ...[...included, ...source.tables.values()],
    ];
    files = new Map(all.filter((file) => file !== undefined).map((file) => [file.path, file]));
    filesBySource.set(source, files);
  }
  return files;
}

/** The lines of a file, worked out once for each text. */
export function lineIndexOf(file: SourceFile): LineIndex {
  let index = lineIndexes.get(file);
  if (index === undefined) {
    index = new LineIndex(file.text);
    lineIndexes.set(file, index);
  }
  return index;
}
