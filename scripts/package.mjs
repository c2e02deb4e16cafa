#!/usr/bin/env node
/**
 * npm run package [FILE]: builds the extension and packs it into a .vsix (mailflow.vsix by default).
 * Fails when the package is larger than allowed: it has to load quickly, and over slow lines.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { minify } from "terser";
import { install } from "./install-hosts.mjs";

const repository = resolve(import.meta.dirname, "..");

/** The largest size of the package, in bytes (1 KB = 1,000 bytes). */
export const packageLimit = 500_000;

/** Builds, packs into `file` and gives the package's size in bytes. Throws when a step fails. */
export async function packageExtension(file) {
  mkdirSync(dirname(file), { recursive: true });
  rmSync(file, { force: true });
  run(join(repository, "scripts/build.mjs"));
  await shorten("extension", "server", "session");
  pack("session");
  run(
    join(install("editor-tools"), "node_modules/@vscode/vsce/vsce"),
    "package",
    // Everything is bundled already.
    "--no-dependencies",
    // The README's picture is shown by the repository's host, not inside the package.
    ...["--allow-missing-repository", "--no-rewrite-relative-links"],
    ...["--out", file],
  );
  const { size } = statSync(file);
  if (size > packageLimit) throw new Error(`${file} has ${size} bytes; at most ${packageLimit} are allowed`);
  return size;
}

/** terser takes some 5 % more off the programs than the bundler does, but is too slow for every build. */
async function shorten(...programs) {
  for (const program of programs) {
    const file = join(repository, "dist", `${program}.js`);
    const { code } = await minify(readFileSync(file, "utf8"), { ecma: 2020, compress: { passes: 2 } });
    if (!code) throw new Error(`${file} could not be shortened`);
    writeFileSync(file, code);
  }
}

/**
 * Leaves the largest program packed by brotli, with a few lines in its place that unpack and run it: that takes a
 * fifth less room than the package's own compression, and some milliseconds when the session begins.
 */
function pack(program) {
  const file = join(repository, "dist", `${program}.js`);
  const packed = `${program}.js.br`;
  writeFileSync(join(repository, "dist", packed), brotliCompressSync(readFileSync(file)));
  const unpack = `require("node:zlib").brotliDecompressSync(require("node:fs").readFileSync(\`\${__dirname}/${packed}\`))`;
  writeFileSync(file, `module._compile(${unpack}.toString(), __filename);\n`);
}

function run(...words) {
  const { status, error, stdout, stderr } = spawnSync(process.execPath, words, {
    cwd: repository,
    encoding: "utf8",
    timeout: 120_000,
  });
  if (status !== 0) throw new Error(`${words.join(" ")} failed: ${error?.message ?? stdout + stderr}`);
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const file = resolve(process.argv[2] ?? "mailflow.vsix");
  try {
    console.log(`${file}: ${((await packageExtension(file)) / 1000).toFixed(0)} KB`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
