/**
 * Every published configuration of the shared folder: parsed without loss, checked without a crash, in
 * less than 50 ms a set, with the findings that were read and judged. The expectation file holds codes
 * and counts by set, no text of the configurations. `npm run test:corpus -- --update` writes it anew:
 * read every error that it adds.
 */
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { analyse } from "../../server/src/analysis.js";
import { markedGraph } from "../../server/src/drawing/marked.js";
import { flowMermaid } from "../../server/src/drawing/mermaid.js";
import { flowSvg } from "../../server/src/drawing/svg.js";
import { parseAmavis, printTree } from "../../server/src/syntax/amavis/parser.js";
import { mainLeaves, parseMain } from "../../server/src/syntax/postfix/main.js";
import { masterLeaves, parseMaster } from "../../server/src/syntax/postfix/master.js";
import { discover } from "../../server/src/workspace/discover.js";
import { loadSystem } from "../../server/src/workspace/load.js";
import { nodeFileSystem } from "../../server/src/workspace/nodeFileSystem.js";
import { sharedFolder } from "../helpers/shared.js";

if (!sharedFolder)
  throw new Error("the corpus is not there; set MAILFLOW_SHARED to the folder that has corpus/");
const corpus = join(sharedFolder, "corpus");
const expectedFile = join(import.meta.dirname, "expected/findings.json");
const sets = readdirSync(corpus).filter((name) => statSync(join(corpus, name)).isDirectory());

function check(set: string) {
  const { systems } = discover(nodeFileSystem, join(corpus, set));
  return systems.map((layout) => analyse(loadSystem(nodeFileSystem, layout).source));
}

function counts(set: string): Record<string, number> {
  const found: Record<string, number> = {};
  for (const { findings } of check(set))
    for (const { severity, code } of findings)
      found[`${severity} ${code}`] = (found[`${severity} ${code}`] ?? 0) + 1;
  return Object.fromEntries(Object.entries(found).sort());
}

test("the findings are those that were judged", () => {
  const found = Object.fromEntries(
    sets.map((set) => [set, counts(set)] as const).filter(([, codes]) => Object.keys(codes).length > 0),
  );
  if (process.env.MAILFLOW_UPDATE) writeFileSync(expectedFile, `${JSON.stringify(found, null, 2)}\n`);
  expect(found).toEqual(JSON.parse(readFileSync(expectedFile, "utf8")));
});

test("no set takes longer than 50 ms", () => {
  for (const set of sets) check(set);
  const times = sets.map((set) => {
    // Processor time, and the best of three: what the work takes, not what else the machine did.
    const runs = [0, 1, 2].map(() => {
      const start = process.cpuUsage();
      check(set);
      const { user, system } = process.cpuUsage(start);
      return (user + system) / 1000;
    });
    return { set, ms: Math.min(...runs) };
  });
  times.sort((a, b) => b.ms - a.ms);
  const median = times[Math.floor(times.length / 2)]?.ms ?? 0;
  console.log(
    `${sets.length} sets, median ${median.toFixed(2)} ms, slowest ${times
      .slice(0, 3)
      .map(({ set, ms }) => `${set} ${ms.toFixed(1)} ms`)
      .join(", ")}`,
  );
  expect(times[0]?.ms).toBeLessThan(50);
});

/** Drawn as a picture and as text; every arrow begins and ends at a box. */
test("every set has a graph", () => {
  for (const set of sets)
    for (const analysis of check(set)) {
      const graph = markedGraph(analysis);
      const ids = new Set(graph.nodes.map(({ id }) => id));
      for (const { from, to } of graph.edges)
        expect([set, ids.has(from), ids.has(to)]).toEqual([set, true, true]);
      expect(flowSvg(graph, set), set).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
      expect(flowSvg(graph, set), set).not.toMatch(/NaN|undefined/);
      expect(flowMermaid(graph), set).toMatch(/^flowchart LR\n/);
    }
});

const files = readdirSync(corpus, { recursive: true, encoding: "utf8" }).filter(
  (name) => statSync(join(corpus, name)).isFile() && !name.endsWith("SOURCE.json"),
);

describe("every text is the sum of its leaves", () => {
  test.each(files)("%s", (name) => {
    const text = readFileSync(join(corpus, name), "latin1");
    for (const template of [false, true]) {
      if (name.includes("/amavis/")) expect(printTree(parseAmavis(text, { template })) === text).toBe(true);
      const print = (leaves: readonly { range: { start: number; end: number } }[]) =>
        leaves.map(({ range }) => text.slice(range.start, range.end)).join("");
      expect(print(mainLeaves(parseMain(text, template))) === text).toBe(true);
      expect(print(masterLeaves(parseMaster(text, template))) === text).toBe(true);
    }
  });
});
