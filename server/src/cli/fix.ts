/** Writes mended files back: whole or not at all, and never over somebody else's change. */
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { posix } from "node:path";
import type { SourceFile, SystemSource } from "../system/source.js";
import { encode, readText } from "../workspace/decode.js";
import type { FileSystem } from "../workspace/fileSystem.js";
import { sourceFiles } from "../workspace/sourceFiles.js";

export interface WriteResult {
  readonly written: readonly string[];
  /** One line for each file that could not be written. */
  readonly failures: readonly string[];
}

/** Writes the files that differ between the two sources. A file that is not as it was read stays as it is. */
export function writeChanges(files: FileSystem, before: SystemSource, after: SystemSource): WriteResult {
  const written: string[] = [];
  const failures: string[] = [];
  for (const [path, file] of sourceFiles(after)) {
    const old = sourceFiles(before).get(path);
    if (old === undefined || old.text === file.text) continue;
    const failure = writeFile(files, old, file.text);
    if (failure === undefined) written.push(path);
    else failures.push(`${path} ${failure}`);
  }
  return { written, failures };
}

function writeFile(files: FileSystem, old: SourceFile, text: string): string | undefined {
  const bytes = encode(text, old.encoding ?? "utf-8");
  if (bytes === undefined) return "is Latin-1, which cannot hold the new text; nothing was written";
  let temporary: string | undefined;
  try {
    // Through a link, so that the link stays and its target changes.
    const target = realpathSync(old.path);
    const { mode, uid, gid } = statSync(target);
    const name = posix.join(
      posix.dirname(target.replaceAll("\\", "/")),
      `.mailflow-${process.pid}-${Date.now()}`,
    );
    const descriptor = openSync(name, "wx", 0o600);
    temporary = name;
    try {
      writeFileSync(descriptor, bytes);
      fchownIfPossible(descriptor, uid, gid);
      fchmodSync(descriptor, mode & 0o7777);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    const now = readText(files, old.path);
    if (now.kind === "refused" || now.text !== old.text) {
      return "was changed by somebody else meanwhile; nothing was written, run again";
    }
    renameSync(name, target);
    temporary = undefined;
    return undefined;
  } catch (error) {
    return `could not be written (${error instanceof Error ? error.message : String(error)})`;
  } finally {
    if (temporary !== undefined) rmSync(temporary, { force: true });
  }
}

/** Only root may give files away; anybody else keeps the file as the owner that he is. */
function fchownIfPossible(descriptor: number, uid: number, gid: number): void {
  try {
    fchownSync(descriptor, uid, gid);
  } catch (error) {
    if (process.getuid?.() === 0) throw error;
  }
}
