/** Builds what the editor runs need: the .vsix, and the suite that runs inside the extension host. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { install } from "../../scripts/install-hosts.mjs";

export const repository = resolve(import.meta.dirname, "../..");
export const outputFolder = join(import.meta.dirname, "out");

/** The packaged extension may not be larger, in bytes (1 KB = 1,000 bytes): it loads on slow lines too. */
export const packageLimit = 500_000;

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

/** Builds and packages the extension; gives the .vsix and its size in bytes. Throws when it is too large. */
export function packageExtension() {
  const file = join(outputFolder, "mailflow.vsix");
  mkdirSync(outputFolder, { recursive: true });
  rmSync(file, { force: true });
  run(process.execPath, join(repository, "scripts/build.mjs"));
  const vsce = join(install("editor-tools"), "node_modules/@vscode/vsce/vsce");
  run(
    process.execPath,
    vsce,
    "package",
    "--no-dependencies",
    "--allow-missing-repository",
    "--no-rewrite-relative-links",
    "--out",
    file,
  );
  const { size } = statSync(file);
  if (size > packageLimit) throw new Error(`${file} has ${size} bytes; at most ${packageLimit} are allowed`);
  return { file, size };
}

function run(program, ...words) {
  const { status, error, stdout, stderr } = spawnSync(program, words, {
    cwd: repository,
    encoding: "utf8",
    timeout: 120_000,
  });
  if (status !== 0) throw new Error(`${words.join(" ")} failed: ${error?.message ?? stdout + stderr}`);
}
