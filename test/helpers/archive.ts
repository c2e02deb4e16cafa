/**
 * Small mail systems as text. Files are divided by lines such as `-- master.cf --`; under a line a
 * comment may mark what the editor would show there:
 *
 *     70025 inet n - n - - smtpd
 *     #^^^^ error port-out-of-range
 *
 * The carets stand under the characters of the finding, a `#` in column 1 counts as a caret when a caret
 * follows it at once. Severity and code come behind them; in a rule's own examples the code may be left
 * out. Marks are comment lines, so the text with its marks stays valid input for the real programs.
 */
import { posix } from "node:path";
import type { FileRole, SourceFile, SystemSource } from "../../server/src/system/source.js";
import { findIncludes } from "../../server/src/workspace/includes.js";
import { skippedPart } from "../../server/src/workspace/names.js";

export interface Mark {
  readonly file: string;
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly severity: string;
  readonly code: string | undefined;
}

export interface Archive {
  /** Without the marks. */
  readonly files: ReadonlyMap<string, string>;
  readonly marks: readonly Mark[];
}

/** The last line of a file whose end is not that of a line. */
const OPEN_END = "\\ no newline at end of file";
const HEADER = /^-- (\S+) --$/;
const MARK = /^(#\s*)?(\^+) (error|warning|information|hint)(?: ([a-z][a-z0-9-]*))?$/;

export function readArchive(text: string): Archive {
  const files = new Map<string, string[]>();
  const marks: Mark[] = [];
  let name = "master.cf";
  let lines: string[] = [];
  for (const line of text.split("\n")) {
    const header = HEADER.exec(line);
    if (header) {
      name = header[1] ?? name;
      lines = [];
      files.set(name, lines);
      continue;
    }
    const mark = MARK.exec(line);
    if (!mark) {
      lines.push(line);
      continue;
    }
    const indent = mark[1] ?? "";
    const carets = mark[2] ?? "";
    // "#^^^" marks from column 0: there is no room for a caret under the first character.
    const start = indent === "#" ? 0 : indent.length;
    marks.push({
      file: name,
      line: lines.length - 1,
      start,
      end: indent.length + carets.length,
      severity: mark[3] ?? "",
      code: mark[4],
    });
  }
  return { files: new Map([...files].map(([file, all]) => [file, textOf(all)])), marks };
}

function textOf(lines: readonly string[]): string {
  return lines.at(-1) === OPEN_END ? lines.slice(0, -1).join("\n") : `${lines.join("\n")}\n`;
}

const isInParts = (path: string) => posix.basename(posix.dirname(path)) === "conf.d";

function kindIn(files: ReadonlyMap<string, string>, name: string): "file" | "directory" | "missing" {
  if (files.has(name)) return "file";
  const folder = name.replace(/\/?$/, "/");
  return name === "" || [...files.keys()].some((other) => other.startsWith(folder)) ? "directory" : "missing";
}

/** What the workspace would find in a folder with these files. */
export function archiveSource(files: ReadonlyMap<string, string>, root = "/mail"): SystemSource {
  const file = (name: string, role: FileRole): SourceFile | undefined => {
    const text = files.get(name);
    return text === undefined ? undefined : { path: `${root}/${name}`, role, text, template: false };
  };
  const amavis = [...files.keys()]
    .filter((name) => (/amavis/.test(name) || /^\d+-/.test(name)) && !/^amavis-local/.test(name))
    .flatMap((name) => file(name, "amavis") ?? [])
    .filter(({ path }) => !isInParts(path) || /^[\w-]+$/.test(posix.basename(path)));
  const skipped = [...files.keys()].flatMap((name) =>
    isInParts(name) && skippedPart(name) !== undefined ? (file(name, "amavis") ?? []) : [],
  );
  const { files: includes, gaps } = findIncludes({ readable: [root] }, amavis, {
    load: (path) => file(path.slice(root.length + 1), "amavis"),
    kindOf: (path) => kindIn(files, path.slice(root.length + 1)),
  });
  const tables = new Map<string, SourceFile>();
  for (const name of files.keys()) {
    const table = /\.cf$|amavis|^\d+-/.test(name) ? undefined : file(name, "table");
    if (table)
      for (const written of [name, table.path, `$config_directory/${name}`, `/etc/postfix/${name}`])
        tables.set(written, table);
  }
  return {
    name: "mail",
    root,
    main: file("main.cf", "main"),
    master: file("master.cf", "master"),
    amavis,
    skipped,
    includes,
    includeGaps: gaps,
    tables,
    unreadable: [],
    complete: files.has("main.cf") && files.has("master.cf"),
    addresses: [],
  };
}
