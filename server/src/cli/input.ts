/** From PATH arguments to mail systems with their texts. */
import { posix, resolve } from "node:path";
import { faultSentence } from "../workspace/decode.js";
import { type Discovery, discover, discoverAround, uniquelyNamed } from "../workspace/discover.js";
import { type FileSystem, isFault } from "../workspace/fileSystem.js";
import { systemKey } from "../workspace/layout.js";
import { type LoadedSystem, type LoadOptions, loadSystem } from "../workspace/load.js";
import { nodeFileSystem } from "../workspace/nodeFileSystem.js";
import { PROJECT_FILE } from "../workspace/projectFile.js";
import { UsageError } from "./failure.js";
import { visible } from "./terminal.js";

export interface Input {
  /** Absolute folder that reported paths are relative to: PATH, or the working folder for several. */
  readonly base: string;
  readonly systems: readonly LoadedSystem[];
  /** One line each, for stderr. */
  readonly messages: readonly string[];
  /** True when a configuration file that is there could not be used: exit status 2. */
  readonly unreadable: boolean;
}

/**
 * Finds and reads the mail systems at the given paths; no path means the working folder, else /etc.
 * @throws UsageError when a path does not exist or nothing is found
 */
export function readInput(
  paths: readonly string[],
  options: LoadOptions,
  files: FileSystem = nodeFileSystem,
): Input {
  const absolute = paths.map((path) => resolve(path).replaceAll("\\", "/"));
  const here = process.cwd().replaceAll("\\", "/");
  if (absolute.length > 0)
    return load(
      files,
      absolute.map((path) => ({ path, found: at(files, path) })),
      here,
      options,
    );
  const local = { path: here, found: discover(files, here) };
  if (local.found.systems.length > 0) return load(files, [local], here, options);
  const etc = { path: "/etc", found: discover(files, "/etc") };
  return load(files, [etc.found.systems.length > 0 ? etc : local], here, options);
}

interface Place {
  readonly path: string;
  readonly found: Discovery;
}

function at(files: FileSystem, path: string): Discovery {
  const found = files.stat(path);
  if (isFault(found)) {
    const reason = found.cause === "not-found" ? "does not exist" : faultSentence(found);
    throw new UsageError(`${visible(path)} ${reason}`);
  }
  if (found.kind === "directory") return discover(files, path);
  if (posix.basename(path) === PROJECT_FILE) return discover(files, posix.dirname(path));
  const around = discoverAround(files, path);
  if (around.systems.length > 0) return around;
  throw new UsageError(
    `${visible(path)} is neither main.cf, master.cf nor an amavis configuration by its name; name its folder`,
  );
}

function load(files: FileSystem, places: readonly Place[], here: string, options: LoadOptions): Input {
  const base = places.length === 1 && places[0] ? folderOf(files, places[0].path) : here;
  const layouts = new Map(
    places.flatMap(({ found }) => found.systems).map((layout) => [systemKey(layout), layout]),
  );
  const named = uniquelyNamed([...layouts.values()], base);
  const systems = named.map((layout) => loadSystem(files, layout, options));
  const notices = places.flatMap(({ found }) => found.notices);
  const messages = notices.map(({ path, message }) => `${visible(path)}: ${message}`);
  if (systems.length === 0) {
    const where = places.map(({ path }) => visible(path)).join(", ");
    throw new UsageError([...messages, `no Postfix or amavis configuration found in ${where}`].join("; "));
  }
  const lost = systems.flatMap(({ source }) => source.unreadable.filter((file) => file.role !== "table"));
  for (const { path, reason } of lost) messages.push(`${visible(path)} ${reason}`);
  const badProject = notices.some(({ path }) => posix.basename(path) === PROJECT_FILE);
  return { base, systems, messages: [...new Set(messages)], unreadable: lost.length > 0 || badProject };
}

function folderOf(files: FileSystem, path: string): string {
  const found = files.stat(path);
  return !isFault(found) && found.kind === "directory" ? path : posix.dirname(path);
}

/** A path as reports name it. */
export function relativeTo(base: string, path: string): string {
  return posix.relative(base, path) || ".";
}
