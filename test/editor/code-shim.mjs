#!/usr/bin/env node
/**
 * Stands in for the executable of a desktop VS Code: takes the arguments that @vscode/test-electron gives
 * and runs the same suite in our own host. $MAILFLOW_EDITOR chooses the version (vscode-139 by default).
 *
 *   VSCODE_EXECUTABLE=test/editor/code-shim.mjs npm run test:electron
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { runSuite } from "./suiteRun.mjs";

const { values, positionals } = parseArgs({
  args: process.argv.slice(2),
  // Everything else that a desktop VS Code would understand is accepted and has no meaning here.
  strict: false,
  allowPositionals: true,
  options: {
    extensionDevelopmentPath: { type: "string", multiple: true },
    extensionTestsPath: { type: "string" },
  },
});

const suite = values.extensionTestsPath;
const [workspace] = positionals;
if (!suite || !workspace) {
  console.error("code-shim: --extensionTestsPath=FILE and a folder to open are needed");
  process.exit(2);
}

const { tests, problem } = await runSuite({
  editor: process.env.MAILFLOW_EDITOR || "vscode-139",
  suite: localPath(suite),
  workspace: localPath(workspace),
  development: (values.extensionDevelopmentPath ?? []).map(localPath),
  results: process.env.MAILFLOW_RESULTS,
});
const failed = tests.filter(({ state }) => state !== "passed").length;
if (problem) console.error(`code-shim: ${problem}`);
process.exitCode = problem || failed > 0 || tests.length === 0 ? 1 : 0;

function localPath(path) {
  return path.startsWith("file:") ? fileURLToPath(path) : path;
}
