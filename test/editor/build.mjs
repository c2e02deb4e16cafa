/** Builds the suite that runs inside the extension host. */
import { readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { install } from "../../scripts/install-hosts.mjs";

export const repository = resolve(import.meta.dirname, "../..");
export const outputFolder = join(import.meta.dirname, "out");

/** Bundles the suite into out/suite; gives the path of its entry, for VS Code's extensionTestsPath. */
export async function buildSuite() {
  const source = join(import.meta.dirname, "suite");
  const folder = join(outputFolder, "suite");
  rmSync(folder, { recursive: true, force: true });
  const mocha = join(install("editor-tools"), "node_modules/mocha");
  await build({
    entryPoints: readdirSync(source)
      .filter((name) => name === "index.ts" || name.endsWith(".test.ts"))
      .map((name) => join(source, name)),
    outdir: folder,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    sourcemap: "inline",
    logLevel: "warning",
    external: ["vscode"],
    plugins: [
      {
        // mocha loads parts of itself by name at run time, so it stays outside, where it is installed.
        name: "installed-mocha",
        setup: (plugin) => plugin.onResolve({ filter: /^mocha$/ }, () => ({ path: mocha, external: true })),
      },
    ],
  });
  return join(folder, "index.js");
}
