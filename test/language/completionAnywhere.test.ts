/** Half-written files: whatever stands before and behind the cursor, a completion is an answer and never a failure. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { analyse } from "../../server/src/analysis.js";
import { complete } from "../../server/src/language/completion/completion.js";
import { RULES } from "../../server/src/rules/registry.js";
import { archiveSource, readArchive } from "../helpers/archive.js";

const EXAMPLES = resolve(import.meta.dirname, "../../examples");

function exampleSystems(): Map<string, string>[] {
  return readdirSync(EXAMPLES).flatMap((name) => {
    const folder = join(EXAMPLES, name);
    if (!statSync(folder).isDirectory()) return [];
    const files = readdirSync(folder).filter((file) => statSync(join(folder, file)).isFile());
    return [new Map(files.map((file) => [file, readFileSync(join(folder, file), "utf8")]))];
  });
}

const systems: readonly ReadonlyMap<string, string>[] = [
  ...exampleSystems(),
  ...RULES.flatMap((rule) => [...rule.wrong, ...rule.right]).map(({ text }) => readArchive(text).files),
];

const INSERTED = [
  "",
  "$",
  "${",
  "'",
  '"',
  " ",
  "\n  ",
  "\n",
  "-o ",
  "{",
  "=",
  "(",
  "#",
  "\u00e4",
  "\t",
  "\r\n",
  "{{",
  "@",
  "%",
];

test("at any offset of any beginning of any example", () => {
  const place = fc.record({
    system: fc.nat({ max: systems.length - 1 }),
    file: fc.nat({ max: 5 }),
    until: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.boolean(),
    inserted: fc.constantFrom(...INSERTED),
    trigger: fc.constantFrom(undefined, " ", "=", "$", ",", "-", "{", "'"),
  });
  fc.assert(
    fc.property(place, ({ system, file, until, cut, inserted, trigger }) => {
      const files = new Map(systems[system]);
      const names = [...files.keys()];
      const name = names[file % names.length] ?? "";
      const text = files.get(name) ?? "";
      const end = Math.round(until * text.length);
      const offset = end + inserted.length;
      const written = text.slice(0, end) + inserted + (cut ? "" : text.slice(end));
      files.set(name, written);
      const found = complete(analyse(archiveSource(files)), `/mail/${name}`, offset, { trigger });
      if (!found) return;
      const { range, items } = found;
      expect(items.length).toBeGreaterThan(0);
      // What the protocol asks: the range holds the cursor and stays on its line.
      expect(range.start).toBeLessThanOrEqual(offset);
      expect(range.end).toBeGreaterThanOrEqual(offset);
      expect(range.end).toBeLessThanOrEqual(written.length);
      expect(written.slice(range.start, range.end)).not.toContain("\n");
      const texts = items.flatMap(({ label, insert }) => [label, typeof insert === "string" ? insert : ""]);
      expect(texts.some((one) => /undefined|NaN|\[object/.test(one))).toBe(false);
      expect(items.some(({ label }) => label === "")).toBe(false);
    }),
    { numRuns: 400 },
  );
});

test("offsets outside the text have no completion", () => {
  const files = new Map([["main.cf", "myhostname = a\n"]]);
  const analysis = analyse(archiveSource(files));
  expect(complete(analysis, "/mail/main.cf", -1)).toBeUndefined();
  expect(complete(analysis, "/mail/main.cf", 1000)).toBeUndefined();
  expect(complete(analysis, "/mail/none", 0)).toBeUndefined();
});
