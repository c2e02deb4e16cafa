/** Runs the mocha suite inside a real VS Code and says what came of it. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repository } from "./build.mjs";
import { startEditor } from "./host.mjs";

/** Longest time for one run of the suite, in milliseconds; it takes about ten seconds. */
const suiteLimit = 90_000;

/** A copy of an example in which tests may write, and `remove`, which the caller has to call. */
export function copyExample(name = "missing-reinjection") {
  const source = join(repository, "examples", name);
  if (!existsSync(source)) throw new Error(`examples/${name} is missing: the runs in editors open it`);
  const scratch = mkdtempSync(join(tmpdir(), "mailflow-workspace-"));
  // Under its own name, which the editor shows.
  const folder = join(scratch, name);
  cpSync(source, folder, { recursive: true });
  return { folder, remove: () => rmSync(scratch, { recursive: true, force: true }) };
}

/**
 * Runs the suite once more after a time-out, and only then: a test that fails is not asked again.
 *
 * @param {object} options
 * @param {string} options.editor a key of `editors` in host.mjs
 * @param {string} options.suite path of the suite's entry
 * @param {string} options.workspace folder to open
 * @param {string[]} [options.vsix] packaged extensions to install
 * @param {string[]} [options.development] unpacked extensions to load
 * @param {string} [options.results] where the suite writes its results
 * @returns {Promise<{tests: {title: string, state: string, error?: string}[], problem?: string}>} the tests
 *   that ran, and what went wrong apart from them
 */
export async function runSuite(options) {
  const first = await runOnce(options);
  if (!first.timedOut) return first;
  console.log(`${options.editor}: ${first.problem}; trying once more`);
  return runOnce(options);
}

async function runOnce({ editor, suite, workspace, vsix = [], development = [], results }) {
  const scratch = mkdtempSync(join(tmpdir(), "mailflow-suite-"));
  const file = results ?? join(scratch, "results.json");
  rmSync(file, { force: true });
  const host = await startEditor({ editor, vsix, env: { MAILFLOW_RESULTS: file } });
  try {
    const extensions = development.length > 0 ? development : [emptyExtension(scratch)];
    const ended = await openAndWait(host, workspace, [
      ...extensions.map((path) => ["extensionDevelopmentPath", host.remote(path)]),
      ["extensionTestsPath", host.remote(suite)],
    ]);
    return judge(ended, file, host.log());
  } finally {
    await host.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** VS Code runs tests for an extension under development only; the one under test may be an installed one. */
function emptyExtension(scratch) {
  const folder = join(scratch, "empty-extension");
  mkdirSync(folder);
  const manifest = { name: "empty", publisher: "mailflow-tests", version: "0.0.0", engines: { vscode: "*" } };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  return folder;
}

/** Opens the workbench and waits for the suite's end; the workbench calls the two functions named here. */
async function openAndWait({ page, url }, workspace, payload) {
  const { promise: ended, resolve: end } = promiseWithResolve();
  await page.exposeFunction("codeAutomationLog", () => {});
  await page.exposeFunction("codeAutomationExit", (code) => end({ code }));
  page.on("crash", () => end({ crashed: true }));
  const limit = setTimeout(() => end({ timedOut: true }), suiteLimit);
  try {
    await page.goto(url(workspace, payload));
    return await ended;
  } finally {
    clearTimeout(limit);
  }
}

function promiseWithResolve() {
  let resolve;
  const promise = new Promise((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** Trusts the results file, not the exit code: an extension host that died was seen to report 0. */
function judge(ended, file, log) {
  const { tests } = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { tests: [] };
  const passed = tests.every(({ state }) => state === "passed");
  const outcome = { tests, timedOut: ended.timedOut === true };
  if (ended.timedOut) return { ...outcome, problem: `no end after ${suiteLimit / 1000} s` };
  if (ended.crashed) return { ...outcome, problem: "the workbench crashed" };
  if (tests.length === 0)
    return { ...outcome, problem: `no results file, exit code ${ended.code}\n${log.slice(-2000)}` };
  if (passed && ended.code !== 0)
    return { ...outcome, problem: `exit code ${ended.code} although all tests passed` };
  return outcome;
}
