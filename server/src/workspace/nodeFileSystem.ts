/** The disk, through node:fs. Synchronous: configuration files are small, and answers must not interleave. */
import {
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  statSync,
} from "node:fs";
import type { DirectoryEntry, FileContent, FileFault, FileSystem } from "./fileSystem.js";

const POSIX = process.platform !== "win32";

export const nodeFileSystem: FileSystem = {
  readFile(path, limit) {
    return guarded(() => readRegularFile(path, limit));
  },
  readDirectory(path) {
    return guarded(() => readdirSync(path, { withFileTypes: true }).map(entryOf));
  },
  stat(path) {
    return guarded(() => {
      const found = statSync(path);
      const kind = found.isFile() ? "file" : found.isDirectory() ? "directory" : "other";
      // Windows has neither, and Node makes them up.
      return { kind, access: POSIX ? { owner: found.uid, mode: found.mode } : undefined } as const;
    });
  },
  realPath(path) {
    try {
      return realpathSync.native(path).replaceAll("\\", "/");
    } catch {
      return path;
    }
  },
};

function entryOf(entry: Dirent): DirectoryEntry {
  if (entry.isSymbolicLink()) return { name: entry.name, kind: "link" };
  if (entry.isDirectory()) return { name: entry.name, kind: "directory" };
  return { name: entry.name, kind: entry.isFile() ? "file" : "other" };
}

function readRegularFile(path: string, limit: number): FileContent | FileFault {
  // Without O_NONBLOCK, opening a named pipe would wait for a writer for ever.
  const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const found = fstatSync(descriptor);
    if (found.isDirectory()) return fault("directory");
    if (!found.isFile()) return fault("not-regular");
    if (found.size > limit) return fault("too-large", String(found.size));
    return readUpTo(descriptor, found.size, limit);
  } finally {
    closeSync(descriptor);
  }
}

/** Reads the size that was promised; a file that shrinks meanwhile, or says 0 as in /proc, is read to its end. */
function readUpTo(descriptor: number, expected: number, limit: number): FileContent | FileFault {
  let buffer = Buffer.allocUnsafe(Math.min(limit, expected) + 1);
  let length = 0;
  for (;;) {
    const count = readSync(descriptor, buffer, length, buffer.length - length, null);
    if (count === 0) return { kind: "bytes", bytes: buffer.subarray(0, length) };
    length += count;
    if (length > limit) return fault("too-large", String(length));
    if (length === expected) return { kind: "bytes", bytes: buffer.subarray(0, length) };
    if (length === buffer.length) {
      const larger = Buffer.allocUnsafe(buffer.length * 2 + 4096);
      buffer.copy(larger, 0, 0, length);
      buffer = larger;
    }
  }
}

function guarded<T>(action: () => T): T | FileFault {
  try {
    return action();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    switch (code) {
      case "ENOENT":
      case "ENOTDIR":
        return fault("not-found");
      case "EACCES":
      case "EPERM":
        return fault("denied");
      case "EISDIR":
        return fault("directory");
      // A socket, or a pipe without a writer, refuses to be opened.
      case "ENXIO":
        return fault("not-regular");
      default:
        return fault("failed", code || String(error));
    }
  }
}

function fault(cause: FileFault["cause"], detail = ""): FileFault {
  return { kind: "fault", cause, detail };
}
