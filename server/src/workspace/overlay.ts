/** The documents that an editor holds open, laid above a file system: what is on the screen counts. */
import { posix } from "node:path";
import { type DirectoryEntry, type FileSystem, isFault } from "./fileSystem.js";

/**
 * A file system where `documents` (path -> text) hide or add to the files of `base`. The map is read at
 * every call, so that changes to it show at once.
 */
export function overlayFileSystem(base: FileSystem, documents: ReadonlyMap<string, string>): FileSystem {
  return {
    readFile(path, limit) {
      const text = documents.get(path);
      return text === undefined ? base.readFile(path, limit) : { kind: "text", text };
    },
    readDirectory(path) {
      const onDisk = base.readDirectory(path);
      const unsaved = unsavedEntries(path, documents, isFault(onDisk) ? [] : onDisk);
      if (unsaved.length === 0) return onDisk;
      return isFault(onDisk) ? unsaved : [...onDisk, ...unsaved];
    },
    stat(path) {
      const onDisk = base.stat(path);
      if (!documents.has(path)) return onDisk;
      return { kind: "file", access: isFault(onDisk) ? undefined : onDisk.access };
    },
    realPath(path) {
      return base.realPath(path);
    },
  };
}

function unsavedEntries(
  folder: string,
  documents: ReadonlyMap<string, string>,
  known: readonly DirectoryEntry[],
): DirectoryEntry[] {
  const names = [...documents.keys()]
    .filter((path) => posix.dirname(path) === folder)
    .map((path) => posix.basename(path));
  return names
    .filter((name) => !known.some((entry) => entry.name === name))
    .map((name) => ({ name, kind: "file" }));
}
