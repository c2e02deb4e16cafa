/** Applies the edits of a fix to a folder of texts, as an editor would. */
import type { Fix, TextEdit } from "../../server/src/rules/finding.js";

/**
 * @param root the folder that the edits' paths begin with
 * @throws when edits overlap, lie outside their file, or name a file that is not there
 */
export function applyEdits(
  files: ReadonlyMap<string, string>,
  edits: readonly TextEdit[],
  root = "/mail",
): Map<string, string> {
  const result = new Map(files);
  for (const file of new Set(edits.map((edit) => edit.file))) {
    const name = file.slice(root.length + 1);
    const ofFile = edits.filter((edit) => edit.file === file);
    const text = files.get(name);
    if (text === undefined) throw new Error(`an edit names ${name}, which is not there`);
    let changed = text;
    let limit = text.length;
    for (const { range, newText } of ofFile.sort((a, b) => b.range.start - a.range.start)) {
      if (range.start < 0 || range.start > range.end || range.end > limit)
        throw new Error(`edits overlap or leave ${name}`);
      changed = changed.slice(0, range.start) + newText + changed.slice(range.end);
      limit = range.start;
    }
    result.set(name, changed);
  }
  return result;
}

/**
 * The folder after a whole fix, renamed files among them.
 * @throws when a rename would overwrite a file
 */
export function applyFix(
  files: ReadonlyMap<string, string>,
  { edits, rename }: Fix,
  root = "/mail",
): Map<string, string> {
  const result = applyEdits(files, edits, root);
  if (rename === undefined) return result;
  const [from, to] = [rename.file.slice(root.length + 1), rename.to.slice(root.length + 1)];
  const text = result.get(from);
  if (text === undefined || result.has(to)) throw new Error(`${from} cannot be renamed to ${to}`);
  result.delete(from);
  return result.set(to, text);
}
