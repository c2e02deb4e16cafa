/**
 * The entry that VS Code loads inside the extension host: `@vscode/test-electron` and our own host both
 * call `run()`. The outcome is written to the file $MAILFLOW_RESULTS, because an extension host that
 * dies is reported as success; only a file with passed tests in it is believed.
 */
import { readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Mocha from "mocha";
import * as vscode from "vscode";

interface TestOutcome {
  readonly title: string;
  readonly state: "passed" | "failed" | "pending";
  readonly milliseconds: number;
  readonly error?: string;
}

export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: "tdd", timeout: 20_000, reporter: "min" });
  for (const name of readdirSync(__dirname).sort()) {
    if (name.endsWith(".test.js")) mocha.addFile(join(__dirname, name));
  }
  const tests = await runAll(mocha);
  writeResults(tests);
  const failed = tests.filter(({ state }) => state !== "passed");
  if (failed.length > 0) throw new Error(`${failed.length} of ${tests.length} tests did not pass`);
}

function runAll(mocha: Mocha): Promise<TestOutcome[]> {
  const tests: TestOutcome[] = [];
  const add = (test: Mocha.Test | Mocha.Hook, state: TestOutcome["state"], error?: unknown) => {
    const milliseconds = test.duration ?? 0;
    const outcome = { title: test.fullTitle(), state, milliseconds };
    tests.push(error === undefined ? outcome : { ...outcome, error: describe(error) });
  };
  return new Promise((resolve) => {
    mocha
      .run(() => resolve(tests))
      .on("pass", (test) => add(test, "passed"))
      .on("fail", (test, error) => add(test, "failed", error))
      .on("pending", (test) => add(test, "pending"));
  });
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function writeResults(tests: readonly TestOutcome[]): void {
  const file = process.env.MAILFLOW_RESULTS;
  if (!file) return;
  const editor = { vscode: vscode.version, node: process.versions.node, host: vscode.env.appHost };
  writeFileSync(`${file}.draft`, JSON.stringify({ editor, tests }, undefined, 1));
  renameSync(`${file}.draft`, file);
}
