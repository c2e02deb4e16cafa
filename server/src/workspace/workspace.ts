/**
 * The mail systems of an editor's folders and open documents, kept up to date. Knows no protocol and asks
 * nothing of anybody: it is told what happened and answers which systems are different now.
 */
import { posix } from "node:path";
import type { FileRole } from "../system/source.js";
import { discover, discoverAround } from "./discover.js";
import { type FileSystem, isFault } from "./fileSystem.js";
import { layoutFiles, type SystemLayout, systemKey } from "./layout.js";
import { type LoadedSystem, type LoadOptions, loadSystem, replaceText } from "./load.js";
import { fileByName, looksLikeAmavis, skippedPart } from "./names.js";
import { overlayFileSystem } from "./overlay.js";
import { PROJECT_FILE } from "./projectFile.js";
import { sourceFiles } from "./sourceFiles.js";
import type { Notice } from "./walk.js";

export type KnownRole = Exclude<FileRole, "table">;

/** What one event did. */
export interface WorkspaceChange {
  readonly changed: readonly LoadedSystem[];
  readonly removed: readonly LoadedSystem[];
}

const NOTHING: WorkspaceChange = { changed: [], removed: [] };

export class Workspace {
  readonly #documents = new Map<string, string>();
  readonly #roles = new Map<string, KnownRole | undefined>();
  readonly #files: FileSystem;
  #roots: readonly string[] = [];
  #systems = new Map<string, LoadedSystem>();
  #byPath = new Map<string, string[]>();
  #notices: readonly Notice[] = [];
  #options: LoadOptions;

  constructor(disk: FileSystem, options: LoadOptions = {}) {
    this.#files = overlayFileSystem(disk, this.#documents);
    this.#options = options;
  }

  get systems(): readonly LoadedSystem[] {
    return [...this.#systems.values()];
  }

  /** What the last search had to say: folders not searched, mistakes in mailflow.json. */
  get notices(): readonly Notice[] {
    return this.#notices;
  }

  /** The systems that hold a file; more than one when an amavis configuration cannot be told apart. */
  systemsOf(path: string): readonly LoadedSystem[] {
    const keys = this.#byPath.get(path) ?? [];
    return keys.map((key) => this.#systems.get(key)).filter((system) => system !== undefined);
  }

  isOpen(path: string): boolean {
    return this.#documents.has(path);
  }

  setRoots(roots: readonly string[]): WorkspaceChange {
    this.#roots = roots;
    return this.refresh();
  }

  setOptions(options: LoadOptions): WorkspaceChange {
    this.#options = options;
    this.#systems = new Map();
    return this.refresh();
  }

  /** @param role what the editor's language says the document is */
  open(path: string, text: string, role?: KnownRole): WorkspaceChange {
    this.#documents.set(path, text);
    this.#roles.set(path, role);
    if (this.#byPath.has(path)) return this.change(path, text);
    const known = role !== undefined || fileByName(path) !== undefined || this.#isSkippedPart(path);
    return known ? this.refresh() : NOTHING;
  }

  /** Another text for an open document; the disk is not touched. */
  change(path: string, text: string): WorkspaceChange {
    this.#documents.set(path, text);
    // A new file in conf.d that amavisd would skip belongs to the system as soon as it has a statement.
    if (!this.#byPath.has(path) && this.#isSkippedPart(path) && looksLikeAmavis(text)) return this.refresh();
    const changed: LoadedSystem[] = [];
    for (const system of this.systemsOf(path)) {
      const file = sourceFiles(system.source).get(path);
      if (file?.text === text) continue;
      const next =
        file === undefined
          ? loadSystem(this.#files, system.layout, this.#options)
          : replaceText(this.#files, system, path, text, this.#options);
      this.#put(system.key, next);
      changed.push(next);
    }
    return changed.length === 0 ? NOTHING : { changed, removed: [] };
  }

  /** The document is closed: what is on the disk counts again. */
  close(path: string): WorkspaceChange {
    this.#documents.delete(path);
    this.#roles.delete(path);
    return this.#byPath.has(path) ? this.refresh() : NOTHING;
  }

  /** Files or folders were written, created, deleted or renamed. */
  diskChanged(paths: readonly string[]): WorkspaceChange {
    const closed = paths.filter((path) => !this.#documents.has(path));
    if (closed.some((path) => this.#changesLayout(path))) return this.refresh();
    const keys = new Set(closed.flatMap((path) => this.#byPath.get(path) ?? []));
    const changed: LoadedSystem[] = [];
    for (const key of keys) {
      const system = this.#systems.get(key);
      if (system === undefined) continue;
      const next = this.#reload(system, system.layout);
      if (next === system) continue;
      this.#put(key, next);
      changed.push(next);
    }
    return { changed, removed: [] };
  }

  /** Whether a file lies among those of a conf.d folder, under a name that amavisd skips. */
  #isSkippedPart(path: string): boolean {
    const folder = posix.dirname(path);
    if (posix.basename(folder) !== "conf.d" || skippedPart(path) === undefined) return false;
    return this.systems.some(({ layout }) =>
      layout.amavis.some((file) => posix.dirname(file.path) === folder),
    );
  }

  /** True when the event can make, end or reshape a system, rather than change a text in one. */
  #changesLayout(path: string): boolean {
    const isThere = !isFault(this.#files.stat(path));
    if (this.#byPath.has(path)) return !isThere;
    if (posix.basename(path) === PROJECT_FILE || fileByName(path) !== undefined) return true;
    if (this.#isSkippedPart(path)) return true;
    // A folder that came, or one that held files of a system and went.
    if (isThere) return this.#files.stat(path).kind === "directory";
    const below = `${path}/`;
    return [...this.#byPath.keys()].some((known) => known.startsWith(below));
  }

  /** Searches all folders again. Systems whose texts are the same stay the very same object. */
  refresh(): WorkspaceChange {
    const before = this.#systems;
    const notices: Notice[] = [];
    const layouts = new Map<string, SystemLayout>();
    const take = (found: ReturnType<typeof discover>) => {
      notices.push(...found.notices);
      for (const layout of found.systems) {
        const key = systemKey(layout);
        if (!layouts.has(key)) layouts.set(key, layout);
      }
    };
    for (const root of this.#roots) take(discover(this.#files, root));
    const covered = new Set([...layouts.values()].flatMap(layoutFiles).map((file) => file.path));
    for (const path of this.#documents.keys()) {
      if (!covered.has(path)) take(discoverAround(this.#files, path, this.#roles.get(path)));
    }
    this.#systems = new Map();
    this.#byPath = new Map();
    const changed: LoadedSystem[] = [];
    for (const [key, layout] of layouts) {
      const old = before.get(key);
      const next =
        old === undefined ? loadSystem(this.#files, layout, this.#options) : this.#reload(old, layout);
      this.#put(key, next);
      if (next !== old) changed.push(next);
    }
    this.#notices = notices;
    const removed = [...before].filter(([key]) => !this.#systems.has(key)).map(([, system]) => system);
    return { changed, removed };
  }

  #reload(old: LoadedSystem, layout: SystemLayout): LoadedSystem {
    const next = loadSystem(this.#files, layout, this.#options);
    return sameSystem(old, next) ? old : next;
  }

  #put(key: string, system: LoadedSystem): void {
    this.#systems.set(key, system);
    const { tablePlaces, includePlaces } = system;
    const paths = [...layoutFiles(system.layout).map((file) => file.path), ...tablePlaces, ...includePlaces];
    for (const path of paths) {
      const keys = this.#byPath.get(path);
      if (keys === undefined) this.#byPath.set(path, [key]);
      else if (!keys.includes(key)) keys.push(key);
    }
  }
}

function sameSystem(one: LoadedSystem, other: LoadedSystem): boolean {
  const [left, right] = [sourceFiles(one.source), sourceFiles(other.source)];
  if (left.size !== right.size || written(one.layout) !== written(other.layout)) return false;
  for (const [path, file] of left) if (right.get(path)?.text !== file.text) return false;
  return stateOf(one) === stateOf(other);
}

/** What was seen of files that have no text. */
function stateOf({ source }: LoadedSystem): string {
  return JSON.stringify([source.unreadable, [...(source.includeGaps ?? [])], [...(source.refused ?? [])]]);
}

/** All that a layout says, as one string; JSON alone would leave maps out. */
function written(layout: SystemLayout): string {
  return JSON.stringify(layout, (_key, value: unknown) => (value instanceof Map ? [...value] : value));
}
