/** Walks folders in search of configuration files. Bounded in depth and count, safe against link cycles. */
import { posix } from "node:path";
import { type FileSystem, isFault } from "./fileSystem.js";
import {
  fileByName,
  isBackupFolder,
  isPartsFolder,
  isStructuralFolder,
  type NamedFile,
  skippedPart,
} from "./names.js";

/** Something about the search that people should know; never about the meaning of a configuration. */
export interface Notice {
  readonly path: string;
  readonly message: string;
}

export interface Found {
  readonly files: readonly NamedFile[];
  readonly notices: readonly Notice[];
}

export interface WalkLimits {
  readonly depth: number;
  readonly folders: number;
}

/** Enough for a repository of a thousand hosts; a home directory opened by mistake stays bearable. */
export const WALK_LIMITS: WalkLimits = { depth: 16, folders: 20_000 };

/** Folders of tools: copies and libraries that configure nothing. */
const SKIPPED = new Set(
  (
    "node_modules bower_components vendor .git .hg .svn .bzr .tox .venv venv __pycache__ .cache .terraform .vagrant " +
    ".bundle .gradle .idea .vscode .vscode-server"
  ).split(" "),
);

interface Folder {
  readonly path: string;
  /** The same without links, to see a folder that is reached twice. */
  readonly real: string;
  readonly depth: number;
}

/**
 * Every file under `root` whose name a mail system uses.
 * @param enter decides which subfolders are looked into; all but tool folders when it is left out
 */
export function walk(
  files: FileSystem,
  root: string,
  limits = WALK_LIMITS,
  enter: (name: string) => boolean = () => true,
): Found {
  return new Walk(files, root, limits, enter).run();
}

class Walk {
  readonly #found: NamedFile[] = [];
  readonly #notices: Notice[] = [];
  readonly #seen = new Set<string>();
  readonly #rootReal: string;
  /** Links wait until all plain folders are done, so that a file is known by its plain path. */
  readonly #links: { readonly path: string; readonly depth: number }[] = [];
  #folders = 0;

  constructor(
    private readonly files: FileSystem,
    private readonly root: string,
    private readonly limits: WalkLimits,
    private readonly enter: (name: string) => boolean,
  ) {
    this.#rootReal = files.realPath(root);
  }

  run(): Found {
    this.#walkPlain({ path: this.root, real: this.#rootReal, depth: 0 });
    for (let link = this.#links.shift(); link !== undefined; link = this.#links.shift()) {
      const real = this.files.realPath(link.path);
      if (this.#mayFollow(link.path, real)) this.#walkPlain({ ...link, real });
    }
    return { files: this.#found, notices: this.#notices };
  }

  #walkPlain(start: Folder): void {
    const queue = [start];
    for (let at = 0; at < queue.length; at++) {
      const folder = queue[at];
      if (folder === undefined || this.#seen.has(folder.real)) continue;
      this.#seen.add(folder.real);
      if (++this.#folders > this.limits.folders) {
        if (this.#folders === this.limits.folders + 1) this.#tooMany();
        return;
      }
      queue.push(...this.#look(folder));
    }
  }

  /** Takes the files of one folder and returns its subfolders, both in the order of their names. */
  #look(folder: Folder): Folder[] {
    const entries = this.files.readDirectory(folder.path);
    if (isFault(entries)) {
      // Most folders that are closed to others (/etc/ssl/private) have nothing to do with mail.
      if (entries.cause === "denied" && isStructuralFolder(posix.basename(folder.path))) {
        this.#notice(folder.path, "this folder may not be read (permission denied)");
      }
      return [];
    }
    const inside: Folder[] = [];
    const parts = isPartsFolder(
      folder.path,
      entries.map((entry) => entry.name),
    );
    for (const entry of [...entries].sort(byName)) {
      const path = posix.join(folder.path, entry.name);
      const kind = entry.kind === "link" ? this.#linkTarget(path) : entry.kind;
      if (kind === "directory") {
        if (SKIPPED.has(entry.name) || isBackupFolder(entry.name) || !this.enter(entry.name)) continue;
        const depth = folder.depth + 1;
        if (depth > this.limits.depth)
          this.#notice(path, `folders deeper than ${this.limits.depth} levels are not searched`);
        else if (entry.kind === "link") this.#links.push({ path, depth });
        else inside.push({ path, real: posix.join(folder.real, entry.name), depth });
      }
      // A folder or a broken link called main.cf is kept: reading it says what is wrong.
      const named = (parts && kind === "file" ? skippedPart(path) : undefined) ?? fileByName(path);
      if (named !== undefined && (kind === "file" || (named.certain && !named.part))) this.#found.push(named);
    }
    return inside;
  }

  #linkTarget(path: string): "file" | "directory" | "other" {
    const target = this.files.stat(path);
    return isFault(target) ? "other" : target.kind;
  }

  /** A link may lead out of the root only under a name that promises mail configuration. */
  #mayFollow(path: string, real: string): boolean {
    const inside = real === this.#rootReal || real.startsWith(this.#rootReal.replace(/\/?$/, "/"));
    return inside || isStructuralFolder(posix.basename(path));
  }

  #tooMany(): void {
    this.#notice(
      this.root,
      `more than ${this.limits.folders} folders; the rest was not searched, so name a folder further down`,
    );
  }

  #notice(path: string, message: string): void {
    this.#notices.push({ path, message });
  }
}

/** C order, as run-parts and Debian's amavisd sort. */
export function byName(one: { readonly name: string }, other: { readonly name: string }): number {
  return compareBytes(one.name, other.name);
}

/** Compares by code point, which is the order of the UTF-8 bytes. */
export function compareBytes(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** Limits for a look around one file: its neighbours, not the disk. */
const NEARBY_LIMITS: WalkLimits = { depth: 4, folders: 200 };

/**
 * The files around one folder that could belong to the same host: from the nearest ancestor whose name
 * says whose configuration it is, down through folders that only say how it is kept. `etc` ends the climb.
 */
export function walkNearby(files: FileSystem, folder: string): Found {
  let base = folder;
  for (let steps = 0; steps < 4; steps++) {
    const name = posix.basename(base);
    const parent = posix.dirname(base);
    if (name === "etc" || parent === base || !isStructuralFolder(name)) break;
    // The root of a disk or of a home is nobody's configuration.
    if (parent === "/" || posix.dirname(parent) === "/home") break;
    base = parent;
  }
  return walk(files, base, NEARBY_LIMITS, isStructuralFolder);
}
