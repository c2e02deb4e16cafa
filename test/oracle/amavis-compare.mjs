// What the comparisons with amavisd's own modules share: both readings of a file, the files to read, and how
// a value of ours is compared with amavisd's.
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../../", import.meta.url));
const oracle = join(import.meta.dirname, "amavisd-oracle.pl");

/** Third-party files and the scenarios; what lies there is only read where it is present. */
export const shared = resolve(root, process.env.MAILFLOW_SHARED ?? "../shared");

if (!existsSync(oracle) || !existsSync("/usr/share/perl5/Amavis/Conf.pm")) {
  console.error("needs Debian's amavisd-new");
  process.exit(2);
}

/** Our parser and evaluator, built from the sources. */
export async function loadOurs() {
  const folder = mkdtempSync(join(tmpdir(), "mailflow-"));
  const outfile = join(folder, "amavis.mjs");
  const contents =
    'export { parseAmavis } from "./server/src/syntax/amavis/parser.js";' +
    'export { evaluateAmavis } from "./server/src/semantics/amavis/evaluate.js";';
  const stdin = { contents, resolveDir: root };
  await build({ stdin, bundle: true, platform: "node", format: "esm", outfile, logLevel: "error" });
  const module = await import(pathToFileURL(outfile).href);
  rmSync(folder, { recursive: true });
  return module;
}

export function filesBelow(folder, accept) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((path) => accept(path) && statSync(path).isFile())
    .sort();
}

/** Files with names that run-parts takes. */
export function confd(folder) {
  return filesBelow(folder, (path) => /\/[A-Za-z0-9_-]+$/.test(path));
}

/** Every configuration file there is to compare, each text once. */
export function singleFiles() {
  const single = [
    ...filesBelow(join(shared, "corpus"), (path) => /\/amavis\//.test(path)),
    ...filesBelow(join(shared, "oracle/amavisd-cases"), () => true),
    ...filesBelow(join(shared, "oracle/scenarios"), (path) => path.endsWith("/amavisd.conf")),
    ...filesBelow(join(root, "examples"), (path) => path.endsWith("/amavisd.conf")),
    ...filesBelow("/usr/share/doc/amavisd-new/examples", (path) => /\.conf(?:-default)?$/.test(path)),
    ...filesBelow(join(root, "test/fixtures/amavis"), (path) => path.endsWith(".conf")),
    ...confd("/usr/share/amavis/conf.d"),
    ...confd("/etc/amavis/conf.d"),
  ];
  // Scenarios share most of their configurations: the same text needs to be read only once.
  const seen = new Set();
  return single.filter((path) => {
    const text = readFileSync(path, "latin1");
    return !seen.has(text) && seen.add(text);
  });
}

const run = promisify(execFile);

/** What amavisd reads from the files, or its error. */
export async function theirs(files) {
  try {
    const { stdout } = await run("perl", [oracle, ...files], { maxBuffer: 1 << 27, timeout: 30_000 });
    return JSON.parse(stdout);
  } catch (error) {
    return error.stdout ? JSON.parse(error.stdout) : { ok: false, error: String(error) };
  }
}

/** (?^mi:...) with sorted flags; `a` and `u` say which characters count as letters. */
function normalPattern(pattern) {
  return pattern.replace(
    /^\(\?\^([a-z]*):/,
    (_, flags) =>
      `(?^${[...flags]
        .filter((f) => f !== "u")
        .sort()
        .join("")}:`,
  );
}

/** "equal", "unknown" or "different". */
export function compare(ours, real) {
  if (ours !== null && typeof ours === "object" && "$unknown" in ours && Object.keys(ours).length === 1)
    return "unknown";
  if (ours === null || real === null || typeof ours !== "object" || typeof real !== "object") {
    return ours === real ? "equal" : sameLongText(ours, real);
  }
  // What the oracle does not look into, and commands and files that it does not run or read.
  if ("$cmd" in real || "$limit" in real) return "unknown";
  if ("$long" in real) return typeof ours === "string" && ours.length === real.$long ? "equal" : "different";
  if ("$re" in ours && "$re" in real)
    return normalPattern(ours.$re) === normalPattern(real.$re) ? "equal" : "different";
  if ("$code" in ours && "$code" in real) {
    return String(ours.$code).split("::").at(-1) === String(real.$code).split("::").at(-1)
      ? "equal"
      : "different";
  }
  if ("$obj" in real) {
    if (!("$obj" in ours)) return "different";
    // The objects keep their arguments in forms of their own; equal classes and patterns are enough.
    return ours.$obj === real.$obj ? "equal" : "different";
  }
  if (Array.isArray(ours) !== Array.isArray(real)) return "different";
  return Array.isArray(ours) ? compareLists(ours, real) : compareHashes(ours, real);
}

function sameLongText(ours, real) {
  if (typeof ours !== "string" || real === null || typeof real !== "object") return "different";
  return real.$long === ours.length ? "equal" : "different";
}

function compareLists(ours, real) {
  if (ours.some((item) => item !== null && typeof item === "object" && "$unknown" in item)) return "unknown";
  if (ours.length !== real.length) return "different";
  return worst(ours.map((item, index) => compare(item, real[index])));
}

function compareHashes(ours, real) {
  if ("$unknown" in ours) return "unknown";
  const names = new Set([...Object.keys(ours), ...Object.keys(real)]);
  return worst(
    [...names].map((name) => {
      if (name in ours && name in real) return compare(ours[name], real[name]);
      // What a condition that is not known would set may as well not be there.
      return isUnknown(ours[name]) ? "unknown" : "different";
    }),
  );
}

export function isUnknown(ours) {
  return ours !== null && typeof ours === "object" && "$unknown" in ours;
}

function worst(results) {
  if (results.includes("different")) return "different";
  return results.includes("unknown") ? "unknown" : "equal";
}
