#!/usr/bin/env node
/**
 * npm run test:electron: the suite under @vscode/test-electron, the usual runner for extensions.
 *
 * VS Code is $VSCODE_EXECUTABLE, else an installed one, else one that @vscode/test-electron downloads.
 * The extension is loaded from this folder, unpacked. Last line: N passed, N failed.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { runTests } from "@vscode/test-electron";
import { buildSuite, repository } from "./build.mjs";
import { copyExample } from "./suiteRun.mjs";
import { Tally } from "./tally.mjs";

/** Longest time for the run, in milliseconds, a download included. */
const limit = 5 * 60_000;

const tally = new Tally();
await tally.add("test-electron", run);
tally.close();
// A download or an editor that hangs would keep this process alive.
process.exit();

async function run() {
  const built = spawnSync(process.execPath, [join(repository, "scripts/build.mjs")], {
    cwd: repository,
    stdio: "inherit",
  });
  if (built.status !== 0) throw new Error("the extension could not be built");
  const extensionTestsPath = await buildSuite();
  const scratch = mkdtempSync(join(tmpdir(), "mailflow-electron-"));
  const workspace = copyExample();
  const results = join(scratch, "results.json");
  const executable = executablePath();
  console.log(`VS Code: ${executable ?? "downloaded"}`);
  try {
    const problem = await withLimit(
      runTests({
        ...(executable ? { vscodeExecutablePath: executable } : {}),
        extensionDevelopmentPath: repository,
        extensionTestsPath,
        extensionTestsEnv: { MAILFLOW_RESULTS: results },
        launchArgs: [
          workspace.folder,
          "--disable-extensions",
          `--user-data-dir=${join(scratch, "user")}`,
          `--extensions-dir=${join(scratch, "extensions")}`,
        ],
      }),
    );
    const { tests } = existsSync(results) ? JSON.parse(readFileSync(results, "utf8")) : { tests: [] };
    const failed = tests.some(({ state }) => state !== "passed");
    // A failed test makes the runner fail as well; that is said once, at the test.
    return failed ? { tests } : { tests, ...(problem ? { problem } : {}) };
  } finally {
    workspace.remove();
    rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** What went wrong, as text, or undefined. */
async function withLimit(running) {
  let timer;
  const late = new Promise((done) => {
    timer = setTimeout(() => done(`no end after ${limit / 1000} s`), limit);
  });
  const ended = running.then(
    (code) => (code === 0 ? undefined : `VS Code ended with status ${code}`),
    (error) => `VS Code could not be had or failed: ${error instanceof Error ? error.message : error}`,
  );
  const problem = await Promise.race([ended, late]);
  clearTimeout(timer);
  return problem;
}

function executablePath() {
  if (process.env.VSCODE_EXECUTABLE) return resolve(process.env.VSCODE_EXECUTABLE);
  return installedPlaces().find((path) => existsSync(path));
}

/** Where an installed desktop VS Code would be; `code` in the path is a script inside its folder. */
function installedPlaces() {
  const onPath = (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, "code"));
  const beside = onPath
    .filter((path) => existsSync(path))
    .map((path) => join(realpathSync(path), "../../code"));
  return [
    ...beside,
    "/usr/share/code/code",
    "/Applications/Visual Studio Code.app/Contents/MacOS/Electron",
    join(process.env.LOCALAPPDATA ?? "", "Programs/Microsoft VS Code/Code.exe"),
  ];
}
