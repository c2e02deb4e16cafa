#!/usr/bin/env node
/**
 * npm run bench: times our language server as an editor drives it, beside servers that do nothing and a
 * server of the same kind; then how the time grows with the text, and how many systems a second the
 * command line checks. Prints Markdown.
 *
 *   node test/bench/run.mjs [--only servers|growth|amavis|cli]
 *
 * The clock and the empty servers lie outside the repository, in the folder $MAILFLOW_SHARED (default:
 * `shared` beside it). Without them only the command line is measured. Exit status 1 when the time grows
 * faster than the text or a measurement fails.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { install } from "../../scripts/install-hosts.mjs";
import { dockerfile, writeSystem } from "./generate.mjs";

const repository = resolve(import.meta.dirname, "../..");
const shared = resolve(process.env.MAILFLOW_SHARED || join(repository, "../shared"), "bench");

/** Longest time for one measured program, in milliseconds. */
const limit = 240_000;

/** Per line, a text ten times as long may cost this much more: caches get colder, clocks are coarse. */
const growthTolerance = 1.25;

const { values } = parseArgs({ options: { only: { type: "string" } } });
const wanted = (part) => values.only === undefined || values.only === part;
const scratch = mkdtempSync(join(tmpdir(), "mailflow-bench-"));
let failed = false;
try {
  run(process.execPath, ["scripts/build.mjs"], repository);
  console.log(`Node ${process.version}, ${cpus().length} cores (${cpus()[0]?.model ?? "unknown"})\n`);
  if (existsSync(join(shared, "lsp-bench.mjs"))) {
    if (wanted("servers")) await compareServers();
    if (wanted("growth")) measureGrowth();
  } else {
    failed = true;
    console.log(`The servers were not timed: no lsp-bench.mjs in ${shared}; set MAILFLOW_SHARED.\n`);
  }
  if (wanted("amavis")) await measureInterpreter(800);
  if (wanted("cli")) measureCommandLine(1000);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;

/** One table: every server on a text of 300 lines, each figure with its ratio to the bundled floor. */
async function compareServers() {
  const folder = join(scratch, "system");
  writeSystem(folder, { main: 300 });
  const ours = {
    ...{ file: join(folder, "main.cf"), lang: "postfix-main", root: folder },
    // A letter more in the transport's name: the finding appears and goes with every pair of edits.
    ...spot(join(folder, "main.cf"), "content_filter = smtp", "-amavis"),
  };
  const floor = await bundledFloor();
  const rows = [
    measure({ ...ours, name: "raw frames", command: [join(shared, "floor/raw.mjs")] }),
    measure({ ...ours, name: "vscode-languageserver, bundled, empty", command: [floor, "--stdio"] }),
    measure({ ...ours, name: "**mailflow**", command: [ourServer(), "--stdio"], ask: "hover,completion" }),
    measure(peer()),
  ];
  const base = rows[1];
  console.log(
    "| server | start ms | open ms | edit -> diagnostics p50 / p99 ms | hover ms | completion ms | peak MiB |",
  );
  console.log("| --- | --- | --- | --- | --- | --- | --- |");
  for (const row of rows) {
    const cells = [
      withRatio(row.start?.median, base?.start?.median),
      withRatio(row.open?.median, base?.open?.median),
      `${withRatio(row.edit?.median, base?.edit?.median)} / ${withRatio(row.edit?.p99, base?.edit?.p99)}`,
      row.asks?.hover?.median ?? "-",
      row.asks?.completion?.median ?? "-",
      withRatio(row.memory?.peakMiB, base?.memory?.peakMiB),
    ];
    console.log(`| ${[row.name, ...cells].join(" | ")} |`);
  }
  console.log("\nMedians; in brackets: times the bundled empty server.\n");
}

/**
 * Each of the three files at 300, 3,000 and 30,000 lines, the other two small. The judgement is on the
 * quickest edit: how the work grows, not what else the machine had to do meanwhile.
 */
function measureGrowth() {
  const kinds = [
    { file: "main.cf", key: "main", lang: "postfix-main", at: ["content_filter = smtp", "-amavis"] },
    { file: "master.cf", key: "master", lang: "postfix-master", at: ["smtp", "-amavis unix"] },
    { file: "amavisd.conf", key: "amavis", lang: "amavisd", at: ["'smtp:[127.0.0.1]:1", "0025'"] },
  ];
  console.log(
    "| text | lines | edit -> diagnostics quickest / p50 ms | microseconds a line | against the row above |",
  );
  console.log("| --- | --- | --- | --- | --- |");
  for (const { file, key, lang, at } of kinds) {
    let before;
    for (const lines of [300, 3000, 30_000]) {
      const folder = join(scratch, `${key}-${lines}`);
      writeSystem(folder, { [key]: lines });
      const path = join(folder, file);
      const result = measure({
        ...{ name: `${file} ${lines}`, file: path, lang, root: folder, command: [ourServer(), "--stdio"] },
        ...{ ...spot(path, ...at), runs: 1, edits: lines > 3000 ? 40 : 100 },
      });
      const each = result.edit ? (result.edit.min * 1000) / lines : undefined;
      const growth = each !== undefined && before !== undefined ? each / before : undefined;
      if (growth !== undefined && growth > growthTolerance) failed = true;
      const verdict =
        growth === undefined ? "" : `${growth.toFixed(2)}${growth > growthTolerance ? " **grows**" : ""}`;
      console.log(
        `| ${[file, lines, result.edit ? `${result.edit.min} / ${result.edit.median}` : "-", each?.toFixed(2) ?? "-", verdict].join(" | ")} |`,
      );
      before = each;
    }
  }
  console.log(
    `\nAllowed: ${growthTolerance}; more would mean that a longer text costs more for each of its lines.\n`,
  );
}

/** Parsing and evaluating one amavisd.conf in a warm process, nothing kept from one time to the next. */
async function measureInterpreter(lines) {
  const outfile = join(scratch, "interpreter.mjs");
  const contents =
    'export { parseAmavis } from "./server/src/syntax/amavis/parser.js";' +
    'export { evaluateAmavis } from "./server/src/semantics/amavis/evaluate.js";';
  const stdin = { contents, resolveDir: repository };
  await build({ stdin, bundle: true, platform: "node", format: "esm", outfile, logLevel: "error" });
  const { parseAmavis, evaluateAmavis } = await import(pathToFileURL(outfile).href);
  const folder = join(scratch, "interpreter");
  writeSystem(folder, { amavis: lines });
  const path = join(folder, "amavisd.conf");
  const text = readFileSync(path, "utf8");
  const times = [];
  for (let i = 0; i < 600; i++) {
    const started = performance.now();
    evaluateAmavis([{ path, tree: parseAmavis(text), template: false }]);
    if (i >= 200) times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  const at = (share) => (times[Math.floor(times.length * share)] ?? 0).toFixed(2);
  console.log(
    `amavisd.conf of ${text.split("\n").length - 1} lines, parsed and evaluated: median ${at(0.5)} ms, p99 ${at(0.99)} ms (budget 2).\n`,
  );
}

/** Many small systems in one process, start-up and discovery included. */
function measureCommandLine(count) {
  const root = join(scratch, "systems");
  for (let number = 1; number <= count; number++) writeSystem(join(root, `host${number}`), { number });
  const started = performance.now();
  const output = run(
    process.execPath,
    [join(repository, "dist/mailflow.js"), "check", "--format", "json", "--fail-on", "none", root],
    scratch,
  );
  const seconds = (performance.now() - started) / 1000;
  const systems = readCount(output);
  if (systems !== count) {
    failed = true;
    console.log(`The command line checked ${systems} systems of ${count}.`);
    return;
  }
  console.log(
    `Command line: ${count} systems of three files in ${seconds.toFixed(2)} s, ${Math.round(count / seconds)} systems/s.`,
  );
}

function readCount(output) {
  try {
    return JSON.parse(output).systems.length;
  } catch {
    return 0;
  }
}

/** The clock's result for one server; a failure is reported and gives empty cells. */
function measure({ name, file, lang, root, at, askAt, command, ask = "", runs = 7, edits = 200 }) {
  const out = join(scratch, "result.json");
  rmSync(out, { force: true });
  const options = {
    name,
    file,
    lang,
    root,
    at,
    "ask-at": askAt,
    runs,
    edits,
    json: out,
    ...(ask ? { ask } : {}),
  };
  const words = Object.entries(options).flatMap(([key, value]) => [`--${key}`, String(value)]);
  const clock = [join(shared, "lsp-bench.mjs"), ...words, "--", process.execPath, ...command];
  const { stdout, stderr } = spawnSync(process.execPath, clock, {
    encoding: "utf8",
    timeout: limit,
    cwd: root,
  });
  const result = existsSync(out)
    ? JSON.parse(readFileSync(out, "utf8"))
    : { failure: `${stdout}${stderr}`.trim() };
  if (result.failure || result.missed > 0 || !result.edit) {
    failed = true;
    console.error(`${name}: ${result.failure ?? `${result.missed} edits without an answer`}`);
  }
  return { ...result, name };
}

/** Where `after` follows `before` in a file, as the clock wants it: line:character, from 0. */
function spot(file, before, after) {
  const lines = readFileSync(file, "utf8").split("\n");
  const line = lines.findIndex((text) => text.includes(before + after));
  if (line < 0) throw new Error(`${file} has no ${before}${after}`);
  const at = `${line}:${(lines[line] ?? "").indexOf(before + after) + before.length}`;
  return { at, askAt: at };
}

/** The empty server on the libraries that we use, in one file as ours is: what nobody can go below. */
async function bundledFloor() {
  const outfile = join(scratch, "floor.cjs");
  await build({
    entryPoints: [join(shared, "floor/server.cjs")],
    outfile,
    bundle: true,
    minify: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    nodePaths: [join(repository, "node_modules")],
    logLevel: "error",
  });
  return outfile;
}

function peer() {
  const program = join(install("bench-peer"), "node_modules/dockerfile-language-server-nodejs/lib/server.js");
  const file = join(scratch, "Dockerfile");
  writeFileSync(file, dockerfile(300));
  // Spoils an instruction's name, so that here as well a finding comes and goes.
  const place = spot(file, "ARG", " VERSION");
  return {
    name: "dockerfile-language-server",
    file,
    lang: "dockerfile",
    root: scratch,
    ...place,
    command: [program, "--stdio"],
    ask: "hover,completion",
  };
}

function ourServer() {
  return join(repository, "dist/server.js");
}

function run(program, words, cwd) {
  const { status, stdout, stderr, error } = spawnSync(program, words, {
    cwd,
    encoding: "utf8",
    timeout: limit,
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`${words.join(" ")}: ${error?.message ?? stdout + stderr}`);
  return stdout;
}

function withRatio(value, base) {
  if (value === undefined || value === null) return "-";
  return base && value !== base ? `${value} (${(value / base).toFixed(2)})` : String(value);
}
