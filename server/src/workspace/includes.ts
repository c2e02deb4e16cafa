/** Which files amavisd's configuration includes, and where they lie. */
import { posix } from "node:path";
import type { SourceFile } from "../system/source.js";
import type { SystemLayout } from "./layout.js";
import { placesWithin } from "./tables.js";

/** Calls that read another file of settings; their arguments are quoted paths. */
const INCLUDE =
  /\b(?:include_(?:optional_)?config_files|read_config_file|do)[ \t]*\(?[ \t\n]*((?:(?:'[^'\n]*'|"[^"\n]*")[\s,]*)+)/g;
const QUOTED = /'([^'\n]*)'|"([^"\n]*)"/g;

/** More files than any host includes; beyond that somebody plays tricks. */
const MAX_INCLUDES = 50;

/** Absolute paths that a text includes, each once; a path with a variable in it is not among them. */
export function includedPaths(text: string): string[] {
  const found = new Set<string>();
  for (const match of text.matchAll(INCLUDE)) {
    const line = text.slice(text.lastIndexOf("\n", match.index) + 1, match.index);
    if (/^[ \t]*#/.test(line)) continue;
    for (const [, single, double] of (match[1] ?? "").matchAll(QUOTED)) {
      const path = single ?? double ?? "";
      // A relative path is looked for where amavisd was started, which nobody knows.
      if (posix.isAbsolute(path) && !(double !== undefined && /[$@]/.test(path))) found.add(path);
    }
  }
  return [...found].slice(0, MAX_INCLUDES);
}

export interface Includes {
  /** By the path as it is written. */
  readonly files: ReadonlyMap<string, SourceFile>;
  /** Every place one of them may lie at, there or not. */
  readonly places: ReadonlySet<string>;
}

const AMAVIS_FOLDERS = ["/etc/amavis", "/etc/amavisd"];

/**
 * Files that are included, and those that they include in turn, as far as they lie in folders that may be read.
 * @param load reads a file at one of its places; undefined when it is not there
 */
export function findIncludes(
  layout: SystemLayout,
  amavis: readonly SourceFile[],
  load: (place: string) => SourceFile | undefined,
): Includes {
  const files = new Map<string, SourceFile>();
  const places = new Set<string>();
  const [first] = amavis;
  if (!first) return { files, places };
  const folder = posix.dirname(first.path);
  const home = posix.basename(folder) === "conf.d" ? posix.dirname(folder) : folder;
  const waiting = amavis.flatMap(({ text }) => includedPaths(text));
  const seen = new Set(waiting);
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    const candidates = AMAVIS_FOLDERS.flatMap((own) => placesWithin(path ?? "", own, home, layout.readable));
    for (const place of new Set(candidates)) {
      places.add(place);
      const file = files.has(path) ? undefined : load(place);
      if (!file) continue;
      files.set(path, file);
      for (const inner of includedPaths(file.text))
        if (!seen.has(inner) && seen.size < MAX_INCLUDES) {
          seen.add(inner);
          waiting.push(inner);
        }
    }
  }
  return { files, places };
}
