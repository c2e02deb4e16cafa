/** Reads the files of one mail system. What cannot be read is said, and the rest still counts. */
import type { SourceFile, SystemSource, UnreadableFile } from "../system/source.js";
import { accessFaults } from "./access.js";
import { readText } from "./decode.js";
import { type FileSystem, isFault } from "./fileSystem.js";
import { findIncludes, hasComputedIncludes, includedPaths } from "./includes.js";
import { type LayoutFile, layoutFiles, type SystemLayout, systemKey } from "./layout.js";
import { isTemplate } from "./projectFile.js";
import { type TableCandidate, type TableReferences, tableCandidates, tableReferences } from "./tables.js";

export interface LoadOptions {
  /** Postfix version to assume, such as "3.7"; undefined leaves it to the analysis. */
  readonly postfixVersion?: string | undefined;
  readonly tableReferences?: TableReferences;
}

/** One mail system with its texts. */
export interface LoadedSystem {
  /** Stays the same while the system's first file does. */
  readonly key: string;
  readonly layout: SystemLayout;
  readonly source: SystemSource;
  /** The table names in the texts, to see whether an edit changed them. */
  readonly tableNames: readonly string[];
  /** Every place a table may lie at, there or not: a file that appears there changes the system. */
  readonly tablePlaces: ReadonlySet<string>;
  /** The same for files that amavisd's configuration includes. */
  readonly includePlaces: ReadonlySet<string>;
}

/** Larger tables are data of thousands of users, not configuration. */
const MAX_TABLE_BYTES = 2 * 1024 * 1024;

export function loadSystem(files: FileSystem, layout: SystemLayout, options: LoadOptions = {}): LoadedSystem {
  const unreadable: UnreadableFile[] = [];
  const main = layout.main && loadFile(files, layout.main, unreadable);
  const master = layout.master && loadFile(files, layout.master, unreadable);
  const amavis = layout.amavis
    .map((file) => loadFile(files, file, unreadable))
    .filter((file) => file !== undefined);
  // A skipped file that cannot be read changes nothing.
  const skipped = layout.skipped
    .map((file) => loadFile(files, file, []))
    .filter((file) => file !== undefined);
  const tables = loadTables(files, layout, main, master, options);
  const includes = loadIncludes(files, layout, amavis);
  const source: SystemSource = {
    name: layout.name,
    root: layout.root,
    main,
    master,
    amavis,
    skipped,
    includes: includes.files,
    includeGaps: includes.gaps,
    refused: accessFaults(files, amavis, includes.files.values()),
    tables: tables.tables,
    unreadable: [...unreadable, ...tables.unreadable],
    complete: isComplete(layout, main, master),
    amavisOpen: amavisOpen(layout, unreadable),
    addresses: layout.addresses,
    hosts: layout.hosts,
    postfixVersion: options.postfixVersion,
  };
  return {
    key: systemKey(layout),
    layout,
    source,
    tableNames: tables.names,
    tablePlaces: tables.places,
    includePlaces: includes.places,
  };
}

/**
 * The system with another text in one of its files: what an edit costs. Tables and included files are looked for
 * again only when the edit changed their names.
 */
export function replaceText(
  files: FileSystem,
  system: LoadedSystem,
  path: string,
  text: string,
  options: LoadOptions = {},
): LoadedSystem {
  const { source, layout } = system;
  const replace = (file: SourceFile): SourceFile =>
    file.path === path ? { path, role: file.role, text, template: isTemplateFile(layout, file, text) } : file;
  const main = source.main && replace(source.main);
  const master = source.master && replace(source.master);
  const amavis = source.amavis.map(replace);
  const again = includesChanged(source, path, text);
  const found = again ? loadIncludes(files, layout, amavis) : undefined;
  const includes = found?.files ?? source.includes;
  const changed: SystemSource = {
    ...source,
    main,
    master,
    amavis,
    skipped: source.skipped?.map(replace),
    includeGaps: found?.gaps ?? source.includeGaps,
    refused: found ? accessFaults(files, amavis, found.files.values()) : source.refused,
    includes: includes && new Map([...includes].map(([name, file]) => [name, replace(file)])),
    tables: new Map([...source.tables].map(([name, file]) => [name, replace(file)])),
    complete: isComplete(layout, main, master),
  };
  const includePlaces = found?.places ?? system.includePlaces;
  if (main === source.main && master === source.master) return { ...system, source: changed, includePlaces };
  const names = (options.tableReferences ?? tableReferences)(main?.text ?? "", master?.text ?? "");
  if (sameList(names, system.tableNames)) return { ...system, source: changed };
  const tables = loadTables(files, layout, main, master, options);
  const others = source.unreadable.filter((file) => file.role !== "table");
  return {
    ...system,
    source: { ...changed, tables: tables.tables, unreadable: [...others, ...tables.unreadable] },
    tableNames: tables.names,
    tablePlaces: tables.places,
  };
}

/** Whether an edit may change which files are included: by their names, or by a value that one is made of. */
function includesChanged(source: SystemSource, path: string, text: string): boolean {
  const perl = [...source.amavis, ...(source.includes?.values() ?? [])];
  const old = perl.find((file) => file.path === path);
  if (old === undefined) return false;
  if (!sameList(includedPaths(old.text), includedPaths(text)) || hasComputedIncludes(text)) return true;
  return perl.some((file) => hasComputedIncludes(file.text));
}

function loadFile(files: FileSystem, file: LayoutFile, unreadable: UnreadableFile[]): SourceFile | undefined {
  const read = readText(files, file.path);
  if (read.kind === "refused") {
    unreadable.push({ path: file.path, role: file.role, reason: read.reason });
    return undefined;
  }
  const { text, encoding } = read;
  return { path: file.path, role: file.role, text, template: isTemplate(file, text), encoding };
}

function isTemplateFile(layout: SystemLayout, file: SourceFile, text: string): boolean {
  if (file.role === "table") return file.template;
  const known = layoutFiles(layout).find((entry) => entry?.path === file.path);
  return isTemplate(known ?? { path: file.path, role: file.role, template: false }, text);
}

/** Only two plain files that surely belong to one host let us say that something is missing. */
function isComplete(
  layout: SystemLayout,
  main: SourceFile | undefined,
  master: SourceFile | undefined,
): boolean {
  return layout.certain && main?.template === false && master?.template === false;
}

function amavisOpen(layout: SystemLayout, unreadable: readonly UnreadableFile[]): string | undefined {
  const lost = unreadable.find((file) => file.role === "amavis");
  return lost === undefined ? layout.amavisOpen : `${lost.path} could not be read`;
}

function loadIncludes(files: FileSystem, layout: SystemLayout, amavis: readonly SourceFile[]) {
  return findIncludes(layout, amavis, {
    load(path) {
      const read = readText(files, path, MAX_TABLE_BYTES);
      if (read.kind !== "decoded") return undefined;
      const { text, encoding } = read;
      const template = isTemplate({ path, role: "amavis", template: false }, text);
      return { path, role: "amavis", text, template, encoding };
    },
    kindOf(path) {
      const found = files.stat(path);
      if (!isFault(found)) return found.kind;
      return found.cause === "not-found" ? "missing" : undefined;
    },
  });
}

function loadTables(
  files: FileSystem,
  layout: SystemLayout,
  main: SourceFile | undefined,
  master: SourceFile | undefined,
  options: LoadOptions,
) {
  const names = (options.tableReferences ?? tableReferences)(main?.text ?? "", master?.text ?? "");
  const candidates = tableCandidates(layout, names, main?.text ?? "");
  const tables = new Map<string, SourceFile>();
  const unreadable: UnreadableFile[] = [];
  for (const candidate of candidates) {
    const table = loadTable(files, candidate);
    if (table === undefined) continue;
    if ("reason" in table) unreadable.push(table);
    else for (const name of candidate.names) tables.set(name, table);
  }
  return { names, tables, unreadable, places: new Set(candidates.flatMap((candidate) => candidate.places)) };
}

function loadTable(files: FileSystem, candidate: TableCandidate): SourceFile | UnreadableFile | undefined {
  for (const path of candidate.places) {
    const read = readText(files, path, MAX_TABLE_BYTES);
    if (read.kind === "decoded")
      return { path, role: "table", text: read.text, template: false, encoding: read.encoding };
    if (!read.missing) return { path, role: "table", reason: read.reason };
  }
  return undefined;
}

function sameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name, at) => name === other[at]);
}
