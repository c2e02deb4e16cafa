/** Files that lookup tables could be read from, for people who are writing their names. */
import { posix } from "node:path";
import { type FileSystem, isFault } from "./fileSystem.js";
import type { SystemLayout } from "./layout.js";

/** More than a configuration folder has; beyond that nobody reads a list. */
const MAX_FILES = 500;
const DEEPEST = 3;

/** The files below the folder of main.cf, by the paths that Postfix would use: /etc/postfix/virtual. */
export function tableFiles(files: FileSystem, { configDirectory }: SystemLayout): readonly string[] {
  if (configDirectory === undefined) return [];
  const found: string[] = [];
  collect(files, configDirectory, "/etc/postfix", 1, found);
  // In a copy of a host's tree the aliases lie beside Postfix's folder.
  if (configDirectory.endsWith("/etc/postfix")) {
    const aliases = posix.join(configDirectory, "../aliases");
    const at = files.stat(aliases);
    if (!isFault(at) && at.kind === "file") found.push("/etc/aliases");
  }
  return found;
}

function collect(files: FileSystem, folder: string, shown: string, depth: number, found: string[]): void {
  const entries = files.readDirectory(folder);
  if (isFault(entries)) return;
  for (const { name, kind } of [...entries].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (found.length >= MAX_FILES) return;
    if (name.startsWith(".")) continue;
    const path = posix.join(folder, name);
    // A link is followed to files only: folders can lead in circles.
    const target = kind === "link" ? files.stat(path) : undefined;
    const isFile = kind === "file" || (target !== undefined && !isFault(target) && target.kind === "file");
    if (isFile) found.push(`${shown}/${name}`);
    else if (kind === "directory" && depth < DEEPEST)
      collect(files, path, `${shown}/${name}`, depth + 1, found);
  }
}
