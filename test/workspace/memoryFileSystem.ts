import { posix } from "node:path";
import type {
  DirectoryEntry,
  FileFault,
  FileStatus,
  FileSystem,
} from "../../server/src/workspace/fileSystem.js";

/** What stands at a path: text, bytes, a link to another path, or a fault that reading gives. */
export type MemoryFile =
  | string
  | Uint8Array
  | { readonly link: string }
  | { readonly cause: FileFault["cause"] };

/** A file system made of a table. Folders exist when something lies below them, or when they end with `/`. */
export function memoryFileSystem(
  table: Record<string, MemoryFile>,
  access: Record<string, FileStatus["access"]> = {},
): FileSystem & { reads: string[] } {
  const reads: string[] = [];
  const fault = (cause: FileFault["cause"]): FileFault => ({ kind: "fault", cause, detail: "" });
  const real = (path: string, depth = 0): string => {
    const parts = path.split("/");
    for (let count = 2; count <= parts.length; count++) {
      const entry = table[parts.slice(0, count).join("/")];
      if (typeof entry === "object" && "link" in entry && depth < 20) {
        return real(posix.join(entry.link, ...parts.slice(count)), depth + 1);
      }
    }
    return path;
  };
  const isFolder = (path: string) =>
    Object.keys(table).some((key) => key.startsWith(path.replace(/\/?$/, "/"))) || path === "/";
  return {
    reads,
    realPath: (path) => real(path),
    stat(path) {
      const at = real(path);
      if (isFolder(at)) return { kind: "directory" };
      const entry = table[at];
      if (entry === undefined) return fault("not-found");
      return { kind: "file", access: access[at] };
    },
    readFile(path, limit) {
      reads.push(path);
      const at = real(path);
      const entry = table[at];
      if (entry === undefined) return fault(isFolder(at) ? "directory" : "not-found");
      if (typeof entry === "string") return { kind: "bytes", bytes: new TextEncoder().encode(entry) };
      if (entry instanceof Uint8Array) {
        return entry.length > limit
          ? { ...fault("too-large"), detail: String(entry.length) }
          : { kind: "bytes", bytes: entry };
      }
      return fault("cause" in entry ? entry.cause : "not-found");
    },
    readDirectory(path) {
      const at = real(path).replace(/\/?$/, "/");
      const names = new Map<string, DirectoryEntry["kind"]>();
      for (const [key, entry] of Object.entries(table)) {
        if (!key.startsWith(at) || key === at) continue;
        const [name = "", ...rest] = key.slice(at.length).split("/");
        const link = typeof entry === "object" && "link" in entry;
        if (rest.length > 0) names.set(name, "directory");
        else if (!names.has(name)) names.set(name, link ? "link" : "file");
      }
      if (names.size === 0 && !isFolder(at.slice(0, -1))) return fault("not-found");
      return [...names].map(([name, kind]) => ({ name, kind }));
    },
  };
}
