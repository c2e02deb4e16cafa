#!/usr/bin/env node
/**
 * Installs what the runs in real editors and the benchmark need and `npm ci` at the root does not bring:
 * two VS Code versions (as servers), a newer Node, test tools, a language server to compare with.
 *
 *   node scripts/install-hosts.mjs [NAME...]      without names: all of them
 *
 * Each has a folder in the repository with package.json and lockfile. It is installed into a cache
 * outside the clone, under a name that carries the hash of both files, so that a fresh clone finds it
 * again and a changed lockfile is never mixed with an old installation. No install script of any package
 * runs: the ones of the VS Code server compile or download what these tests do not use.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { homedir } from "node:os";
import { basename, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const repository = resolve(import.meta.dirname, "..");

/** Every installable set and its folder in the repository. */
const sources = {
  "vscode-100": "test/hosts/vscode-100",
  "vscode-139": "test/hosts/vscode-139",
  "node-24": "test/hosts/node-24",
  "editor-tools": "test/editor",
  "bench-peer": "test/bench/peer",
};

/** Longest time for one call of npm, in milliseconds; a cold, slow network is allowed for. */
const npmLimit = 10 * 60_000;

/** The folder that holds all installations: $MAILFLOW_CACHE, else the user's cache folder. */
export function cacheRoot() {
  if (process.env.MAILFLOW_CACHE) return resolve(process.env.MAILFLOW_CACHE);
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "mailflow", "hosts");
}

/** Where the set `name` is, or will be, installed. Throws for a name that does not exist. */
export function hostFolder(name) {
  const hash = createHash("sha256").update(`${process.platform} ${process.arch}\n`);
  for (const file of ["package.json", "package-lock.json"])
    hash.update(readFileSync(join(sourceOf(name), file)));
  return join(cacheRoot(), `${name}-${hash.digest("hex").slice(0, 12)}`);
}

/**
 * Installs the set `name` unless it is there, and then says so in one line; gives its folder. Throws when
 * npm fails, leaving no trace.
 */
export function install(name) {
  const folder = hostFolder(name);
  if (existsSync(folder)) return folder;
  const started = Date.now();
  mkdirSync(cacheRoot(), { recursive: true });
  // The finished folder appears under its name in one step; whoever is interrupted leaves no half of one.
  const draft = mkdtempSync(join(cacheRoot(), `.draft-${name}-`));
  try {
    for (const file of ["package.json", "package-lock.json", ".npmrc"]) {
      cpSync(join(sourceOf(name), file), join(draft, file));
    }
    npm(draft, "ci");
    const vscode = join(draft, "node_modules/code-server/lib/vscode");
    if (existsSync(vscode)) completeVscode(vscode);
    publish(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  console.log(`${name}: installed in ${((Date.now() - started) / 1000).toFixed(1)} s into ${folder}`);
  return folder;
}

function sourceOf(name) {
  const source = sources[name];
  if (!source) throw new Error(`no such set: ${name}; there are ${Object.keys(sources).join(", ")}`);
  return join(repository, source);
}

/**
 * Installs the dependencies of VS Code's own server, which come with the package as lockfiles only: its
 * install script would fetch them. Those lockfiles lack a few optional peers, which `npm ci` refuses and
 * `npm install` adds. The server looks for the folder under the name that the desktop build uses.
 */
function completeVscode(vscode) {
  npm(vscode, "install", "--omit=dev");
  npm(join(vscode, "extensions"), "install", "--omit=dev");
  symlinkSync("node_modules", join(vscode, "node_modules.asar"));
  const ripgrep = join(vscode, "node_modules/@vscode/ripgrep");
  if (existsSync(ripgrep)) addRipgrep(ripgrep);
}

/**
 * VS Code 1.100 gets ripgrep from an install script. Without it the search behind `workspaceContains`
 * fails and takes every activation with it, so the program comes from a package that carries it.
 */
function addRipgrep(folder) {
  const tree = folder.slice(0, folder.indexOf("/code-server/"));
  const program = join(tree, "@vscode/ripgrep-universal/bin", `${process.platform}-${process.arch}`, "rg");
  mkdirSync(join(folder, "bin"), { recursive: true });
  symlinkSync(relative(join(folder, "bin"), program), join(folder, "bin/rg"));
}

function npm(folder, ...words) {
  const { status, error, stdout, stderr } = spawnSync(
    "npm",
    [...words, "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"],
    { cwd: folder, encoding: "utf8", timeout: npmLimit },
  );
  if (status === 0) return;
  throw new Error(
    `npm ${words.join(" ")} in ${basename(folder)} failed: ${error?.message ?? firstLines(stdout + stderr)}`,
  );
}

/** npm explains each failure with its whole usage; the cause stands at the top. */
function firstLines(text) {
  return text.trim().split("\n").slice(0, 8).join("\n");
}

function publish(draft, folder) {
  try {
    renameSync(draft, folder);
  } catch (error) {
    // Somebody else finished the same installation first: theirs is as good.
    if (!existsSync(folder)) throw error;
  }
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const names = process.argv.slice(2);
  try {
    for (const name of names.length > 0 ? names : Object.keys(sources)) {
      if (existsSync(hostFolder(name))) console.log(`${name}: present in ${hostFolder(name)}`);
      else install(name);
    }
  } catch (error) {
    console.error(String(error instanceof Error ? error.message : error));
    process.exitCode = 1;
  }
}
