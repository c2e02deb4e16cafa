/** Imports run one way (docs/ARCHITECTURE.md); what lies below knows nothing of what lies above. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

const src = resolve(import.meta.dirname, "../server/src");

/** Layers from the bottom up; a file may import from its own layer, from those below and from knowledge. */
const LAYERS = [
  "syntax",
  "semantics",
  "system",
  "flow",
  "rules",
  "analysis",
  "drawing",
  "difference",
  "language",
  "workspace",
  "lsp",
  "cli",
];
/** Beside the order: what a layer must not use although it lies below or beside it. */
const FORBIDDEN: readonly (readonly [string, string])[] = [["workspace", "language"]];
/** Layers without I/O and without a protocol. */
const PURE = new Set([
  "syntax",
  "semantics",
  "system",
  "flow",
  "rules",
  "analysis",
  "difference",
  "language",
  "knowledge",
]);

const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));

function layerOf(file: string): string {
  return file.split("/")[0]?.replace(/\.ts$/, "") ?? "";
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(src, file), "utf8");
  return [
    ...text.matchAll(
      /^(?:import|export)\b[^;]*?from "([^"]+)"|\bimport\("([^"]+)"\)|\brequire\("([^"]+)"\)/gm,
    ),
  ].flatMap((match) => match[1] ?? match[2] ?? match[3] ?? []);
}

test.each(files)("%s imports only from below", (file) => {
  const layer = layerOf(file);
  for (const target of importsOf(file)) {
    if (!target.startsWith(".")) {
      if (PURE.has(layer)) expect.soft(target, `${file} is pure and imports ${target}`).toBe("");
      continue;
    }
    const imported = layerOf(relative(src, resolve(dirname(join(src, file)), target)));
    if (imported === layer || imported === "knowledge") continue;
    expect.soft(layer, `${file} is data and imports ${target}`).not.toBe("knowledge");
    expect
      .soft(LAYERS.indexOf(imported), `${file} imports ${target} from above`)
      .toBeLessThan(LAYERS.indexOf(layer));
    for (const [from, to] of FORBIDDEN)
      if (layer === from) expect.soft(imported, `${file} imports ${target}`).not.toBe(to);
  }
});

test("every folder has its place in the order", () => {
  const layers = new Set(files.map(layerOf));
  expect([...layers].filter((layer) => layer !== "knowledge" && !LAYERS.includes(layer))).toEqual([]);
});
