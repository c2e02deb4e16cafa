/**
 * Puts found files together into mail systems (DESIGN: "a mail system is found, not configured"). A folder
 * with main.cf or master.cf is a Postfix instance; an amavis configuration belongs to the nearest one.
 */
import { posix } from "node:path";
import { type AmavisSet, amavisSets } from "./amavisSets.js";
import type { LayoutFile, SystemLayout } from "./layout.js";
import { isStructuralFolder, type NamedFile } from "./names.js";
import { compareNearness, type Nearness, nearness } from "./nearness.js";
import { templateRank } from "./template.js";
import { compareBytes } from "./walk.js";

interface Instance {
  readonly folder: string;
  readonly main: NamedFile | undefined;
  readonly master: NamedFile | undefined;
}

/** A system without what only the caller knows: its name and what may be read. */
export type Assembled = Omit<SystemLayout, "name" | "readable" | "addresses" | "hosts" | "ruleLevels">;

/**
 * @param mentionsListeners see `amavisSets`
 * @returns systems ordered by folder; every amavis configuration is part of at least one
 */
export function assemble(
  files: readonly NamedFile[],
  mentionsListeners: (path: string) => boolean,
): readonly Assembled[] {
  const instances = postfixInstances(files.filter((file) => file.role !== "amavis"));
  const sets = amavisSets(
    files.filter((file) => file.role === "amavis"),
    mentionsListeners,
  );
  const { attached, alone } = attach(instances, sets);
  const siblings = multiInstanceFolders(instances);
  const systems = [...attached].map(([instance, choices]) => systemOf(instance, choices, siblings));
  return [...systems, ...alone.map(amavisOnly)].sort((one, other) => compareBytes(one.root, other.root));
}

/** One instance a folder; where a plain file lies beside its templates, the plain file is the instance. */
function postfixInstances(files: readonly NamedFile[]): readonly Instance[] {
  const folders = new Map<string, NamedFile[]>();
  for (const file of files) {
    const folder = posix.dirname(file.path);
    folders.set(folder, [...(folders.get(folder) ?? []), file]);
  }
  return [...folders].map(([folder, members]) => ({
    folder,
    main: bestOf(members, "main"),
    master: bestOf(members, "master"),
  }));
}

function bestOf(files: readonly NamedFile[], role: NamedFile["role"]): NamedFile | undefined {
  const rank = (file: NamedFile) => templateRank(file.suffix) * 2 + (file.stem === `${role}.cf` ? 0 : 1);
  return files.filter((file) => file.role === role).sort((one, other) => rank(one) - rank(other))[0];
}

interface Choice {
  readonly set: AmavisSet;
  readonly distance: Nearness;
  /** True when other instances are just as near. */
  readonly shared: boolean;
}

/**
 * Each configuration goes to the nearest instance. Where several are equally near (postmulti instances of
 * one host, or hosts that the folders do not tell apart) each of them gets it, marked as shared.
 */
function attach(instances: readonly Instance[], sets: readonly AmavisSet[]) {
  const attached = new Map<Instance, Choice[]>(instances.map((instance) => [instance, []]));
  const alone: AmavisSet[] = [];
  const byAncestor = instancesByAncestor(instances);
  for (const set of sets) {
    const near = nearestInstances(set, byAncestor);
    if (near.length === 0) alone.push(set);
    for (const { instance, distance } of near) {
      attached.get(instance)?.push({ set, distance, shared: near.length > 1 });
    }
  }
  return { attached, alone: [...alone, ...keepNearest(attached)] };
}

/** Every folder from which an instance is reached through structural names only. Keeps the search linear. */
function instancesByAncestor(instances: readonly Instance[]): ReadonlyMap<string, readonly Instance[]> {
  const found = new Map<string, Instance[]>();
  for (const instance of instances) {
    for (const folder of structuralAncestors(instance.folder)) {
      const list = found.get(folder);
      if (list === undefined) found.set(folder, [instance]);
      else list.push(instance);
    }
  }
  return found;
}

/** The folder itself and its ancestors, up to the first that has a name of its own. */
function structuralAncestors(folder: string): readonly string[] {
  const found = [folder];
  for (let at = folder; isStructuralFolder(posix.basename(at)); ) {
    const parent = posix.dirname(at);
    if (parent === at) break;
    found.push(parent);
    at = parent;
  }
  return found;
}

/** All instances at the smallest distance; the deepest common folder decides first. */
function nearestInstances(set: AmavisSet, byAncestor: ReadonlyMap<string, readonly Instance[]>) {
  for (const ancestor of structuralAncestors(set.home)) {
    const near: { instance: Instance; distance: Nearness }[] = [];
    for (const instance of byAncestor.get(ancestor) ?? []) {
      const distance = nearness(instance.folder, set.home);
      if (distance !== undefined) near.push({ instance, distance });
    }
    near.sort((one, other) => compareNearness(one.distance, other.distance));
    const best = near[0]?.distance;
    if (best !== undefined) return near.filter((entry) => compareNearness(entry.distance, best) === 0);
  }
  return [];
}

/** Leaves each instance its nearest configurations and returns those that no instance keeps. */
function keepNearest(attached: Map<Instance, Choice[]>): readonly AmavisSet[] {
  const kept = new Set<AmavisSet>();
  const dropped = new Set<AmavisSet>();
  for (const [instance, choices] of attached) {
    const sorted = [...choices].sort((one, other) => compareNearness(one.distance, other.distance));
    const best = sorted[0];
    const nearest = sorted.filter((choice) => best && compareNearness(choice.distance, best.distance) === 0);
    attached.set(instance, nearest);
    // Of several equally near ones the first is used (systemOf), the others are systems of their own.
    for (const choice of sorted) (choice === preferred(nearest) ? kept : dropped).add(choice.set);
  }
  return [...dropped].filter((set) => !kept.has(set));
}

/** Debian reads conf.d and no amavisd.conf, so conf.d goes first. */
function preferred(choices: readonly Choice[]): Choice | undefined {
  return choices.find((choice) => choice.set.kind === "conf.d") ?? choices[0];
}

/**
 * The `etc` folders with several instances: one host that runs them side by side (postmulti). What one of
 * them lacks, such as the reinjection service, may be in another.
 */
function multiInstanceFolders(instances: readonly Instance[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const several = new Set<string>();
  for (const { folder } of instances) {
    const parent = posix.dirname(folder);
    if (posix.basename(parent) !== "etc") continue;
    (seen.has(parent) ? several : seen).add(parent);
  }
  return several;
}

function systemOf(instance: Instance, choices: readonly Choice[], siblings: ReadonlySet<string>): Assembled {
  const choice = preferred(choices);
  const amavis = choice?.set.files.map(layoutFile) ?? [];
  return {
    root: commonFolder([instance.folder, ...amavis.map((file) => posix.dirname(file.path))]),
    configDirectory: instance.folder,
    main: instance.main && layoutFile(instance.main),
    master: instance.master && layoutFile(instance.master),
    amavis,
    skipped: choice?.set.skipped.map(layoutFile) ?? [],
    amavisOpen: choice?.set.open ?? severalSets(choices),
    certain: choices.length < 2 && choice?.shared !== true && !siblings.has(posix.dirname(instance.folder)),
  };
}

function severalSets(choices: readonly Choice[]): string | undefined {
  return choices.length > 1
    ? "several amavis configurations are equally near, and any may be in use"
    : undefined;
}

function amavisOnly(set: AmavisSet): Assembled {
  const amavis = set.files.map(layoutFile);
  return {
    root: commonFolder(amavis.map((file) => posix.dirname(file.path))),
    configDirectory: undefined,
    main: undefined,
    master: undefined,
    amavis,
    skipped: set.skipped.map(layoutFile),
    amavisOpen: set.open,
    certain: false,
  };
}

function layoutFile(file: NamedFile): LayoutFile {
  return { path: file.path, role: file.role, template: file.suffix !== "" };
}

/** The deepest folder above all of the given ones. */
export function commonFolder(folders: readonly string[]): string {
  const [first = "/", ...others] = folders;
  let parts = first.split("/");
  for (const folder of others) {
    const names = folder.split("/");
    let same = 0;
    while (same < parts.length && parts[same] === names[same]) same++;
    parts = parts.slice(0, same);
  }
  return parts.join("/") || "/";
}
