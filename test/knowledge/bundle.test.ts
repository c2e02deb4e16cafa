import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, expect, it } from "vitest";
import { parameterFacts } from "../../server/src/knowledge/parameters.js";
import { textFor } from "../../server/src/knowledge/texts.js";

const directory = mkdtempSync(join(tmpdir(), "mailflow-knowledge-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

it("a bundle with the plugin is small and answers the same from files beside it", async () => {
  // A script without types: it must work on Node alone.
  const script = new URL("../../scripts/lazy-knowledge.mjs", import.meta.url).href;
  const { lazyKnowledge, writeKnowledge } = await import(/* @vite-ignore */ script);
  const folder = fileURLToPath(new URL("../../server/src/knowledge/", import.meta.url));
  const outfile = join(directory, "bundle.js");
  await build({
    stdin: {
      contents: `
        import { parameterFacts } from "./parameters.js";
        import { textFor } from "./texts.js";
        console.log(JSON.stringify([parameterFacts("proxy_read_maps"), textFor("port", "20025")]));`,
      resolveDir: folder,
    },
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    minify: true,
    plugins: [lazyKnowledge],
    outfile,
    logLevel: "silent",
  });
  await writeKnowledge(directory);
  expect(statSync(outfile).size).toBeLessThan(10_000);
  const answer: unknown = JSON.parse(execFileSync(process.execPath, [outfile], { encoding: "utf8" }));
  const expected = [parameterFacts("proxy_read_maps"), textFor("port", "20025")];
  expect(answer).toEqual(JSON.parse(JSON.stringify(expected)));
});
