/** Which files form mail systems: below a folder, or around one opened file. */
import { posix } from "node:path";
import type { FileRole } from "../system/source.js";
import { type Assembled, assemble, commonFolder } from "./assemble.js";
import { readText } from "./decode.js";
import type { FileSystem } from "./fileSystem.js";
import { layoutFiles, type SystemLayout } from "./layout.js";
import { fileByName, isStructuralFolder, looksLikeAmavis, type NamedFile } from "./names.js";
import { type ProjectFile, readProjectFile } from "./projectFile.js";
import type { RuleLevels } from "./ruleLevels.js";
import { splitTemplateName } from "./template.js";
import { type Notice, WALK_LIMITS, walk, walkNearby } from "./walk.js";

export interface Discovery {
  readonly systems: readonly SystemLayout[];
  readonly notices: readonly Notice[];
}

/**
 * The mail systems that have a file below `root`. Where `root` itself is part of a host (/etc/postfix), its
 * neighbours are looked at too, so that /etc/amavis is not missed. mailflow.json in `root` goes first: files
 * that it names belong to its systems and to no other.
 */
export function discover(files: FileSystem, root: string, limits = WALK_LIMITS): Discovery {
  const below = walk(files, root, limits);
  const around = isStructuralFolder(posix.basename(root)) ? walkNearby(files, root).files : [];
  const candidates = union(below.files, around, packagedParts(files, [...below.files, ...around]));
  const project = readProjectFile(files, root);
  const systems = layouts(files, candidates, project, root);
  const inside = systems.filter((system) => layoutFiles(system).some((file) => isBelow(file.path, root)));
  return { systems: uniquelyNamed(inside, root), notices: [...below.notices, ...(project?.notices ?? [])] };
}

/**
 * The mail systems that one file belongs to, by its neighbours. A file without any makes a system of its
 * own, about which nothing can be called missing.
 * @param role what the file is when its name does not say so (an editor knows the language)
 */
export function discoverAround(
  files: FileSystem,
  path: string,
  role?: Exclude<FileRole, "table">,
): Discovery {
  const folder = posix.dirname(path);
  const near = walkNearby(files, folder);
  const candidates = union(near.files, [], packagedParts(files, near.files));
  const systems = layouts(files, candidates, undefined, folder);
  const own = systems.filter((system) => layoutFiles(system).some((file) => file.path === path));
  if (own.length > 0) return { systems: uniquelyNamed(own, folder), notices: near.notices };
  const alone = systemOfOneFile(files, path, role);
  return { systems: alone === undefined ? [] : [alone], notices: near.notices };
}

function layouts(
  files: FileSystem,
  candidates: readonly NamedFile[],
  project: ProjectFile | undefined,
  root: string,
): SystemLayout[] {
  const explicit = project?.systems.map((system) => explicitLayout(system, root)) ?? [];
  const claimed = new Set(explicit.flatMap(layoutFiles).map((file) => file.path));
  const free = candidates.filter((file) => !claimed.has(file.path) && isConfiguration(files, file));
  const found = assemble(free, (path) => setsListeners(files, path));
  const ruleLevels = project?.ruleLevels ?? {};
  return [...explicit, ...found.map((system) => complete(system, root, ruleLevels))].map((system) => ({
    ...system,
    ruleLevels,
  }));
}

function complete(system: Assembled, root: string, ruleLevels: RuleLevels): SystemLayout {
  const readable = [root, ...(system.configDirectory === undefined ? [] : [system.configDirectory])];
  return { ...system, name: shortName(system, root), readable, addresses: [], hosts: new Map(), ruleLevels };
}

function explicitLayout(system: ProjectFile["systems"][number], root: string): SystemLayout {
  const all = [system.main, system.master, ...system.amavis].filter((file) => file !== undefined);
  const config = system.main ?? system.master;
  return {
    ...system,
    root: commonFolder(all.map((file) => posix.dirname(file.path))),
    configDirectory: config && posix.dirname(config.path),
    skipped: [],
    amavisOpen: undefined,
    certain: true,
    ruleLevels: {},
    readable: [root],
  };
}

/** `etc/postfix` below hosts/mx1 is called "hosts/mx1"; the root's own instance has the root's name. */
function shortName(system: Assembled, root: string): string {
  const parts = posix.relative(root, system.configDirectory ?? system.root).split("/");
  while (parts.length > 0 && ["postfix", "etc", "amavis", ""].includes(parts.at(-1) ?? "")) parts.pop();
  return parts.join("/") || posix.basename(root) || "/";
}

/** Equal short names become folders, and then numbers. */
export function uniquelyNamed(systems: readonly SystemLayout[], root: string): SystemLayout[] {
  const count = new Map<string, number>();
  for (const { name } of systems) count.set(name, (count.get(name) ?? 0) + 1);
  const taken = new Set<string>();
  return systems.map((system) => {
    const long = (count.get(system.name) ?? 0) > 1;
    const base = long
      ? posix.relative(root, system.configDirectory ?? system.root) || system.name
      : system.name;
    let name = base;
    for (let number = 2; taken.has(name); number++) name = `${base} #${number}`;
    taken.add(name);
    return name === system.name ? system : { ...system, name };
  });
}

function systemOfOneFile(
  files: FileSystem,
  path: string,
  known: Exclude<FileRole, "table"> | undefined,
): SystemLayout | undefined {
  const named = fileByName(path);
  const role = known ?? named?.role;
  if (role === undefined) return undefined;
  const { stem, suffix } = splitTemplateName(posix.basename(path));
  const file = { path, role, template: suffix !== "" };
  const folder = posix.dirname(path);
  // main.cf.proto goes with master.cf.proto, though a plain main.cf is what the folder is about.
  const twin = role === "main" ? stem.replace("main", "master") : stem.replace("master", "main");
  const twinPath = posix.join(folder, twin + suffix);
  const hasTwin = role !== "amavis" && twin !== stem && !("cause" in files.stat(twinPath));
  const other = hasTwin
    ? ({ ...file, path: twinPath, role: role === "main" ? "master" : "main" } as const)
    : undefined;
  return {
    name: posix.basename(path),
    root: folder,
    configDirectory: role === "amavis" ? undefined : folder,
    main: role === "main" ? file : role === "master" ? other : undefined,
    master: role === "master" ? file : role === "main" ? other : undefined,
    amavis: role === "amavis" ? [file] : [],
    skipped: [],
    amavisOpen:
      role === "amavis" && named?.part ? "one file of amavis/conf.d is open without the others" : undefined,
    certain: false,
    addresses: [],
    hosts: new Map(),
    ruleLevels: {},
    readable: [folder],
  };
}

/** /usr/share/amavis/conf.d of the same tree, where the search has not been there already. */
function packagedParts(files: FileSystem, found: readonly NamedFile[]): readonly NamedFile[] {
  const suffix = "/etc/amavis/conf.d";
  const folders = new Set(found.filter((file) => file.part).map((file) => posix.dirname(file.path)));
  const shared = [...folders]
    .filter((folder) => folder.endsWith(suffix))
    .map((folder) => `${folder.slice(0, -suffix.length)}/usr/share/amavis/conf.d`);
  return shared.flatMap((folder) => walk(files, folder, { depth: 0, folders: 1 }).files);
}

function union(...lists: (readonly NamedFile[])[]): readonly NamedFile[] {
  return [...new Map(lists.flat().map((file) => [file.path, file])).values()];
}

function isConfiguration(files: FileSystem, file: NamedFile): boolean {
  if (file.certain) return true;
  const read = readText(files, file.path);
  return read.kind === "decoded" && looksLikeAmavis(read.text);
}

function setsListeners(files: FileSystem, path: string): boolean {
  const read = readText(files, path);
  return read.kind === "decoded" && /^[^#\n]*[$@](?:inet_socket_port|listen_sockets)\b/m.test(read.text);
}

export function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder.replace(/\/?$/, "/"));
}
