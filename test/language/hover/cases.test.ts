/**
 * Hover at places of small mail systems: what an administrator has to find there. The places and the answers stand in
 * the .cases files beside this one, in the notation of test/helpers/cursor.ts.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { analyse } from "../../../server/src/analysis.js";
import { hover } from "../../../server/src/language/hover/hover.js";
import { archiveSource, readArchive } from "../../helpers/archive.js";
import { cursorCases, cursorOffset } from "../../helpers/cursor.js";
import { OFFICE, OLD, TEMPLATE, TYPING } from "../systems.js";

interface Options {
  readonly version?: string;
  readonly template?: boolean;
}

describe.each<[name: string, system: string, options?: Options]>([
  ["main-parameters", OFFICE],
  ["main-expansions", OFFICE],
  ["main-restrictions", OFFICE],
  ["main-values", OFFICE],
  ["master-columns", OFFICE],
  ["master-options", OFFICE],
  ["amavis", OFFICE],
  ["tables", OFFICE],
  ["typing", TYPING],
  ["old-release", OLD, { version: "3.4" }],
  ["template", TEMPLATE, { template: true }],
])("%s", (name, system, { version, template = false } = {}) => {
  const { files } = readArchive(system);
  const plain = archiveSource(files);
  const source = {
    ...plain,
    main: plain.main && { ...plain.main, template },
    master: plain.master && { ...plain.master, template },
    postfixVersion: version,
  };
  const analysis = analyse(source);
  test.each(cursorCases(readFileSync(join(import.meta.dirname, `${name}.cases`), "utf8")))(
    "$title",
    (one) => {
      const text = files.get(one.file) ?? "";
      const found = hover(analysis, `/mail/${one.file}`, cursorOffset(text, one));
      if (one.none) {
        expect(found?.contents).toBeUndefined();
        return;
      }
      expect(found, "there is an answer").toBeDefined();
      const contents = found?.contents ?? "";
      for (const part of one.contains) expect(contents).toContain(part);
      for (const part of one.lacks) expect(contents).not.toContain(part);
      if (one.range !== undefined)
        expect(text.slice(found?.range.start, found?.range.end).replaceAll("\n", "\\n")).toBe(one.range);
    },
  );
});

test("text from the files is never markup", () => {
  const { files } = readArchive(
    "-- main.cf --\nmy`name = <b>[x](http://example.org)</b> `y`\n-- master.cf --\n",
  );
  const contents = hover(analyse(archiveSource(files)), "/mail/main.cf", 9)?.contents ?? "";
  expect(contents.replace(/\]\(file:[^)]*\)/g, "]").replace(/(`+)[^`](?:.*?[^`])?\1(?!`)/g, "")).not.toMatch(
    /<b>|\]\(/,
  );
});
