/** Groups amavis files into configurations: all of a conf.d folder in order, or one amavisd.conf. */
import { posix } from "node:path";
import { fileByName, type NamedFile } from "./names.js";
import { templateRank } from "./template.js";
import { compareBytes } from "./walk.js";

export interface AmavisSet {
  /** The folder that decides whose the set is: that of amavisd.conf, or the parent of conf.d. */
  readonly home: string;
  readonly kind: "conf.d" | "single";
  /** In reading order. */
  readonly files: readonly NamedFile[];
  /** Files beside them that amavisd skips for their names. */
  readonly skipped: readonly NamedFile[];
  /** Why amavisd may read more than these files. */
  readonly open: string | undefined;
}

/**
 * @param mentionsListeners tells whether a file of a conf.d folder sets $inet_socket_port or @listen_sockets
 */
export function amavisSets(
  files: readonly NamedFile[],
  mentionsListeners: (path: string) => boolean,
): readonly AmavisSet[] {
  const folders = new Map<string, NamedFile[]>();
  for (const file of files) {
    const folder = posix.dirname(file.path);
    const list = folders.get(folder);
    if (list === undefined) folders.set(folder, [file]);
    else list.push(file);
  }
  const sets: AmavisSet[] = [];
  for (const [folder, members] of folders) {
    const read = members.filter((file) => file.part && file.skipped !== true);
    const parts = onePerStem(read).sort((a, b) => compareBytes(a.stem, b.stem));
    const beside = members.filter((file) => file.skipped === true);
    if (parts.length > 0)
      sets.push({ home: homeOf(folder), kind: "conf.d", files: parts, skipped: beside, open: undefined });
    // Where nothing is read by run-parts, 60-amavis.conf is a configuration like any other.
    const named = parts.length > 0 ? [] : beside.flatMap((file) => fileByName(file.path) ?? []);
    sets.push(...singles(folder, onePerStem([...members.filter((file) => !file.part), ...named])));
  }
  return withSharedParts(sets).map((set) => ({
    ...set,
    open: set.open ?? missingDefaults(set, mentionsListeners),
  }));
}

/** The folder of a whole configuration: conf.d belongs to the folder around it. */
export function homeOf(folder: string): string {
  return posix.basename(folder) === "conf.d" ? posix.dirname(folder) : folder;
}

/** `50-user` beside `50-user.j2`: the plain file is what amavisd reads. */
function onePerStem(files: readonly NamedFile[]): NamedFile[] {
  const best = new Map<string, NamedFile>();
  for (const file of files) {
    const known = best.get(file.stem);
    if (known === undefined || templateRank(file.suffix) < templateRank(known.suffix))
      best.set(file.stem, file);
  }
  return [...best.values()];
}

const PRINCIPAL = ["amavisd.conf", "amavis.conf", "amavisd-new.conf"];

/** Several whole configurations in one folder are several daemons, or one that includes the others. */
function singles(folder: string, files: readonly NamedFile[]): AmavisSet[] {
  const rank = (file: NamedFile) =>
    (PRINCIPAL.indexOf(file.stem) + PRINCIPAL.length + 1) % (PRINCIPAL.length + 1);
  const sorted = [...files].sort((a, b) => rank(a) - rank(b) || compareBytes(a.stem, b.stem));
  const [first, second] = sorted;
  const open =
    first && second
      ? `${posix.basename(first.path)} and ${posix.basename(second.path)} lie in one folder, and either may be in use`
      : undefined;
  return sorted.map((file) => ({ home: homeOf(folder), kind: "single", files: [file], skipped: [], open }));
}

/** Debian's amavisd reads all of /usr/share/amavis/conf.d first, then all of /etc/amavis/conf.d. */
function withSharedParts(sets: readonly AmavisSet[]): AmavisSet[] {
  const partsAt = new Map(sets.filter((set) => set.kind === "conf.d").map((set) => [set.home, set]));
  const merged: AmavisSet[] = [];
  for (const set of sets) {
    const local = counterpart(set.home, "/usr/share/", "/etc/");
    if (set.kind === "conf.d" && local !== undefined && partsAt.has(local)) continue;
    const shared = counterpart(set.home, "/etc/", "/usr/share/");
    const first = set.kind === "conf.d" && shared !== undefined ? partsAt.get(shared) : undefined;
    const files = [...(first?.files ?? []), ...set.files];
    const skipped = [...(first?.skipped ?? []), ...set.skipped];
    merged.push(first === undefined ? set : { ...set, files, skipped });
  }
  return merged;
}

function counterpart(home: string, from: string, to: string): string | undefined {
  const at = home.lastIndexOf(from);
  return at < 0 ? undefined : home.slice(0, at) + to + home.slice(at + from.length);
}

/** A repository often keeps 50-user alone; the sockets then come from files that the package brings. */
function missingDefaults(set: AmavisSet, mentionsListeners: (path: string) => boolean): string | undefined {
  if (set.kind === "single" || set.files.some((file) => file.stem === "20-debian_defaults")) return undefined;
  if (set.files.some((file) => mentionsListeners(file.path))) return undefined;
  return "the packaged files of amavis/conf.d, such as 20-debian_defaults, are not here";
}
