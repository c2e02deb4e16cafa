/**
 * The port to files. Everything that discovers or reads configuration goes through this interface, so that
 * the same code runs on a disk, on the documents an editor holds open, and on a table in a test.
 *
 * All paths are absolute and use `/`, on every platform. Nothing here throws: what a user can cause is a value.
 */

/** Why a file or folder could not be used. */
export interface FileFault {
  readonly kind: "fault";
  readonly cause: "not-found" | "denied" | "directory" | "not-regular" | "too-large" | "failed";
  /** Size in bytes for too-large, the system's own error code for failed, else empty. */
  readonly detail: string;
}

/** What a file holds: bytes from a disk, or the text of a document that an editor has open. */
export type FileContent =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "text"; readonly text: string };

export interface DirectoryEntry {
  readonly name: string;
  /** What stands at the name itself; a symbolic link is not followed here. */
  readonly kind: "file" | "directory" | "link" | "other";
}

export interface FileStatus {
  readonly kind: "file" | "directory" | "other";
  /** Owner and mode, where the platform has them and the file is on a disk. */
  readonly access?: { readonly owner: number; readonly mode: number } | undefined;
}

export interface FileSystem {
  /** Reads a regular file (links are followed) of at most `limit` bytes; never blocks on a pipe or device. */
  readFile(path: string, limit: number): FileContent | FileFault;
  /** The entries of a folder in any order. */
  readDirectory(path: string): readonly DirectoryEntry[] | FileFault;
  /** What stands at the end of all links. */
  stat(path: string): FileStatus | FileFault;
  /** The path without links; the path itself when that cannot be worked out. */
  realPath(path: string): string;
}

/** True for a `FileFault` among the results of a `FileSystem`. */
export function isFault(value: object): value is FileFault {
  return "kind" in value && value.kind === "fault";
}
