/** Which lookup tables a Postfix configuration names, and where they lie. */
import { posix } from "node:path";
import { TEXT_TYPES } from "../syntax/postfix/table.js";
import type { SystemLayout } from "./layout.js";

/** Finds `type:path` words; the Postfix layer can bring a better one. */
export type TableReferences = (main: string, master: string) => readonly string[];

/**
 * Paths of lookup tables as written in the values of both texts, each once: `/etc/postfix/access`,
 * `$config_directory/header_checks`. Tolerant: it reads lines, not the language, and skips comments.
 */
export const tableReferences: TableReferences = (main, master) => {
  const found = new Set<string>();
  const word = new RegExp(
    `(?<![\\w./-])(?:${[...TEXT_TYPES].join("|")}):((?:\\$\\{\\w+\\}|[^\\s,{}"';])+)`,
    "g",
  );
  for (const text of [main, master]) {
    let lineStart = 0;
    let nextLine = 0;
    for (const match of text.matchAll(word)) {
      // Going forward line by line keeps the cost linear, however long a line is.
      while (nextLine <= match.index) {
        lineStart = nextLine;
        const end = text.indexOf("\n", lineStart);
        nextLine = end < 0 ? text.length + 1 : end + 1;
      }
      const path = match[1] ?? "";
      if (path.length > 1 && !isComment(text, lineStart) && found.size < MAX_TABLES) found.add(path);
    }
  }
  return [...found];
};

/** More tables than any host has; beyond that somebody plays tricks. */
const MAX_TABLES = 200;

function isComment(text: string, lineStart: number): boolean {
  let at = lineStart;
  while (text[at] === " " || text[at] === "\t") at++;
  return text[at] === "#";
}

export interface TableCandidate {
  /** The names under which the table is looked up: as written, and with variables filled in. */
  readonly names: readonly string[];
  /** Where it may lie, best place first; all inside the folders that may be read. */
  readonly places: readonly string[];
}

/** Where the tables of a system may lie. A path that leads out of its folders has no place and is left out. */
export function tableCandidates(
  layout: SystemLayout,
  references: readonly string[],
  main: string,
): readonly TableCandidate[] {
  const { configDirectory } = layout;
  if (configDirectory === undefined) return [];
  const assignments = literalAssignments(main);
  return references.flatMap((written) => {
    const path = expand(filledIn(written), assignments, "/etc/postfix");
    if (path === undefined || !posix.isAbsolute(path)) return [];
    const places = placesWithin(path, "/etc/postfix", configDirectory, layout.readable);
    return places.length === 0 ? [] : [{ names: [...new Set([written, path])], places }];
  });
}

/** A path whose folder a template fills in (@DIR@/checks, {{ dir }}/checks) is looked for beside main.cf. */
function filledIn(path: string): string {
  return path.replace(/^(?:@[A-Z_]+@|__[A-Z_]+__|\{\{[^}]*\}\}|<%=[^%]*%>)\//, "/etc/postfix/");
}

/**
 * Where an absolute path of this host may lie, best place first: `own` (/etc/postfix) is the instance's own folder,
 * and in a copy of a host's tree (hosts/mx1/etc/postfix) other paths are meant relative to that tree.
 * @param readable folders that files may be read from; other places are left out
 */
export function placesWithin(
  path: string,
  own: string,
  ownFolder: string,
  readable: readonly string[],
): readonly string[] {
  const clean = posix.normalize(path);
  const places: string[] = [];
  if (clean.startsWith(`${own}/`)) places.push(posix.join(ownFolder, clean.slice(own.length + 1)));
  if (ownFolder.endsWith(own)) places.push(ownFolder.slice(0, -own.length) + clean);
  return [...new Set([...places, clean])].filter((place) => mayRead(place, readable));
}

function mayRead(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => path.startsWith(folder.replace(/\/?$/, "/")));
}

/** Parameters that are set to one plain word, such as `maps = /etc/postfix/maps`. */
function literalAssignments(main: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const match of main.matchAll(/^([A-Za-z]\w*)[ \t]*=[ \t]*(\S*)[ \t\r]*$/gm)) {
    found.set(match[1] ?? "", match[2] ?? "");
  }
  return found;
}

const MAX_PATH = 4096;

function expand(
  text: string,
  values: ReadonlyMap<string, string>,
  configDirectory: string,
): string | undefined {
  let result = text;
  for (let round = 0; round < 8 && result.includes("$") && result.length <= MAX_PATH; round++) {
    result = result.replace(/\$(?:\{(\w+)\}|\((\w+)\)|(\w+))/g, (whole, braces, parens, bare) => {
      const name = braces ?? parens ?? bare;
      return name === "config_directory" ? configDirectory : (values.get(name) ?? whole.replace("$", "\0"));
    });
  }
  return /[$\0]/.test(result) || result.length > MAX_PATH ? undefined : result;
}
