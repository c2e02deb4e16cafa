/** docs/rules says what the rules say. `npm run docs` writes the pages anew. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { rulePage, rulesIndex } from "../../server/src/rules/page.js";
import { RULES } from "../../server/src/rules/registry.js";

const folder = join(import.meta.dirname, "../../docs/rules");
const pages = new Map([
  ["README.md", rulesIndex(RULES)],
  ...RULES.map((rule) => [`${rule.code}.md`, rulePage(rule)] as const),
]);

if (process.env.MAILFLOW_UPDATE) {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) if (!pages.has(name)) rmSync(join(folder, name));
  for (const [name, text] of pages) writeFileSync(join(folder, name), text);
}

test("every rule has its page and every page its rule", () => {
  expect(readdirSync(folder).sort()).toEqual([...pages.keys()].sort());
});

test.each([...pages])("%s is current", (name, text) => {
  expect(existsSync(join(folder, name)) && readFileSync(join(folder, name), "utf8")).toBe(text);
});

test("codes are unique, in kebab case, and name the file of their rule", () => {
  const codes = RULES.map((rule) => rule.code);
  expect(new Set(codes).size).toBe(codes.length);
  const rules = join(import.meta.dirname, "../../server/src/rules");
  const families = readdirSync(rules).filter((name) => !name.includes("."));
  const files = families.flatMap((family) =>
    readdirSync(join(rules, family)).map((name) => name.replace(/\.ts$/, "")),
  );
  for (const code of codes) expect(code).toMatch(/^[a-z]+(?:-[a-z0-9]+)*$/);
  // The one that is no rule about mail lives with the comments it is about.
  expect(codes.filter((code) => !files.includes(code))).toEqual(["unused-disable"]);
});
