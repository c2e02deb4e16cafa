/** Which files amavisd's configuration includes, and where they lie. */
import { posix } from "node:path";
import { evaluateAmavis } from "../semantics/amavis/evaluate.js";
import type { AmavisSource, IncludeGap } from "../semantics/amavis/machine.js";
import { parseAmavis } from "../syntax/amavis/parser.js";
import type { SourceFile } from "../system/source.js";
import { homeOf } from "./amavisSets.js";
import type { SystemLayout } from "./layout.js";
import { placesWithin } from "./tables.js";

/** Calls that read another file of settings; their arguments are quoted paths. */
const INCLUDE =
  /\b(?:include_(?:optional_)?config_files|read_config_file|do|require)[ \t]*\(?[ \t\n]*((?:(?:'[^'\n]*'|"[^"\n]*")[\s,]*)+)/g;
/** The same with a path that has to be worked out: a variable, a text with one in it, a list of words. */
const COMPUTED =
  /^[^#\n]*\b(?:include_(?:optional_)?config_files|read_config_file|do|require)\s*(?:\(\s*)?(?:[$@]|"[^"\n]*[$@]|'[^'\n]*'\s*[.,]\s*[$@]|(?:map|qw)\b)/m;
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

/** True when a text includes a file whose path stands in no single word of it. */
export function hasComputedIncludes(text: string): boolean {
  return COMPUTED.test(text);
}

export interface Includes {
  /** By the path as it is written. */
  readonly files: ReadonlyMap<string, SourceFile>;
  /** Every place one of them may lie at, there or not. */
  readonly places: ReadonlySet<string>;
  readonly gaps: ReadonlyMap<string, IncludeGap>;
}

/** What the search for included files asks of the disk. */
export interface IncludeDisk {
  /** A file at one of its places; undefined when there is none that could be read. */
  load(place: string): SourceFile | undefined;
  /** What stands at a place; undefined when that cannot be seen. */
  kindOf(place: string): "file" | "directory" | "other" | "missing" | undefined;
}

const AMAVIS_FOLDERS = ["/etc/amavis", "/etc/amavisd"];
/** Where amavisd's own configuration lies: one that is found there is that of this machine, and no copy. */
const LIVE_FOLDERS: ReadonlySet<string> = new Set([...AMAVIS_FOLDERS, "/etc", "/usr/local/etc"]);

/** True for the folder of a configuration that amavisd itself reads: what is seen there is true of this machine. */
export function isLive(home: string): boolean {
  return LIVE_FOLDERS.has(home);
}

/**
 * Files that are included, and those that they include in turn, as far as they lie in folders that may be read.
 * Paths that are words of the text are taken from there, so that they are known whatever decides whether they are
 * included; where a path is worked out (`"$dir/x.conf"`, a loop) the configuration is evaluated for it.
 */
export function findIncludes(
  layout: Pick<SystemLayout, "readable">,
  amavis: readonly SourceFile[],
  disk: IncludeDisk,
): Includes {
  const search = new Search(layout.readable, amavis, disk);
  search.followWords();
  search.followValues();
  return search;
}

class Search implements Includes {
  readonly files = new Map<string, SourceFile>();
  readonly places = new Set<string>();
  readonly gaps = new Map<string, IncludeGap>();
  readonly #seen = new Set<string>();
  readonly #home: string;

  constructor(
    private readonly readable: readonly string[],
    private readonly amavis: readonly SourceFile[],
    private readonly disk: IncludeDisk,
  ) {
    // Of Debian's two folders the one in /etc comes last.
    this.#home = homeOf(posix.dirname(amavis.at(-1)?.path ?? "/"));
  }

  followWords(): void {
    const waiting = this.amavis.flatMap(({ text }) => includedPaths(text));
    for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
      const file = this.#find(path);
      if (file !== undefined) waiting.push(...includedPaths(file.text));
    }
  }

  followValues(): void {
    const texts = [...this.amavis, ...this.files.values()];
    if (!texts.some(({ text }) => hasComputedIncludes(text))) return;
    const sources = new Map<SourceFile, AmavisSource>();
    const sourceOf = (file: SourceFile): AmavisSource => {
      const { path, text, template } = file;
      const made = sources.get(file) ?? { path, template, tree: parseAmavis(text, { template }) };
      sources.set(file, made);
      return made;
    };
    const include = (path: string) => {
      if (posix.isAbsolute(path)) this.#find(path);
      const file = this.files.get(path);
      return file && sourceOf(file);
    };
    evaluateAmavis(this.amavis.map(sourceOf), { include });
  }

  /** Looks for a path that was not looked for before. */
  #find(path: string): SourceFile | undefined {
    if (this.#seen.has(path) || this.#seen.size >= MAX_INCLUDES) return undefined;
    this.#seen.add(path);
    const candidates = new Set(
      AMAVIS_FOLDERS.flatMap((own) => placesWithin(path, own, this.#home, this.readable)),
    );
    let found: SourceFile | undefined;
    for (const place of candidates) {
      this.places.add(place);
      found ??= this.disk.load(place);
    }
    if (found === undefined) {
      const gap = this.#gapAt([...candidates], posix.normalize(path));
      if (gap !== undefined) this.gaps.set(path, gap);
    } else this.files.set(path, found);
    return found;
  }

  #gapAt(places: readonly string[], path: string): IncludeGap | undefined {
    const kinds = places.map((place) => this.disk.kindOf(place));
    if (kinds.includes("directory")) return "directory";
    if (kinds.length === 0 || kinds.some((kind) => kind !== "missing")) return undefined;
    // Read where it is meant for: by amavisd's own place, or because it names the very folder that it lies in.
    const live = isLive(this.#home) || path.startsWith(`${this.#home}/`);
    if (live && places.includes(path)) return "missing";
    return places.some((place) => this.disk.kindOf(posix.dirname(place)) === "directory")
      ? "missing-in-copy"
      : undefined;
  }
}
