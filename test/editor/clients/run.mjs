#!/usr/bin/env node
/**
 * npm run test:clients: two language clients that we did not write, Neovim's own and Emacs with eglot,
 * attach to `mailflow lsp --stdio` and have to see the same as each other and as expected.json says.
 *
 *   node test/editor/clients/run.mjs [--update]      --update writes expected.json anew: read the change
 *
 * A missing editor is a failure. Last line: N passed, N failed.
 */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { repository } from "../build.mjs";
import { copyExample } from "../suiteRun.mjs";
import { Tally } from "../tally.mjs";

const clients = {
  neovim: ["nvim", "--headless", "--clean", "-c", `luafile ${join(import.meta.dirname, "neovim.lua")}`],
  // --batch leaves out what Debian's packages add at start-up; eglot is one of them.
  emacs: [
    ...["emacs", "--batch", "-l", "/usr/share/emacs/site-lisp/debian-startup.el"],
    ...["--eval", "(package-initialize)", "-l", join(import.meta.dirname, "emacs.el")],
  ],
};

/** Longest time for one editor, in milliseconds; each takes about two seconds. */
const limit = 60_000;

const expectedFile = join(import.meta.dirname, "expected.json");

/** Where the pointer rests: on the piece of text `on` in a file of the example. */
const hoverPlaces = [
  { file: "amavisd.conf", filetype: "amavisd", on: "$forward_method" },
  { file: "amavisd.conf", filetype: "amavisd", on: "20025" },
  { file: "main.cf", filetype: "postfix-main", on: "content_filter" },
  { file: "master.cf", filetype: "postfix-master", on: "smtp " },
];

const { values } = parseArgs({ options: { update: { type: "boolean", default: false } } });
const tally = new Tally();
await tally.add("build", async () => ({ tests: [build()] }));

const answers = new Map();
for (const [name, command] of Object.entries(clients)) {
  await tally.add(`${name} ${version(command[0])}`, async () => {
    const answer = await ask(command);
    answers.set(name, answer);
    return { tests: examine(answer) };
  });
}
await tally.add("both clients", async () => {
  const [one, other] = Object.keys(clients).map((name) => answers.get(name));
  return { tests: [check("see exactly the same", () => assert.deepEqual(one, other))] };
});
tally.close();

function build() {
  return check("builds", () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/build.mjs"], {
      cwd: repository,
      encoding: "utf8",
    });
    assert.equal(status, 0, stdout + stderr);
  });
}

function version(program) {
  const { status, stdout } = spawnSync(program, ["--version"], { encoding: "utf8" });
  return status === 0 ? (/\d+\.\d+(\.\d+)?/.exec(stdout)?.[0] ?? "") : "(not installed)";
}

/** Has one editor answer the request on a fresh copy of the example. */
async function ask(command) {
  const workspace = copyExample();
  const scratch = mkdtempSync(join(tmpdir(), "mailflow-client-"));
  const files = { request: join(scratch, "request.json"), answer: join(scratch, "answer.json") };
  try {
    writeFileSync(files.request, JSON.stringify(requestFor(workspace.folder)));
    const output = await runToEnd(command, {
      cwd: workspace.folder,
      env: {
        ...process.env,
        HOME: scratch,
        XDG_CONFIG_HOME: scratch,
        XDG_STATE_HOME: scratch,
        XDG_DATA_HOME: scratch,
        XDG_CACHE_HOME: scratch,
        MAILFLOW_REQUEST: files.request,
        MAILFLOW_ANSWER: files.answer,
      },
    });
    assert.ok(existsSync(files.answer), `the editor gave no answer:\n${output.slice(-2000)}`);
    // Links name files of the copy, which lies elsewhere each time.
    const answer = JSON.parse(readFileSync(files.answer, "utf8").replaceAll(workspace.folder, "/workspace"));
    assert.equal(answer.problem, undefined, `${answer.problem}\n${output.slice(-2000)}`);
    return answer;
  } finally {
    workspace.remove();
    rmSync(scratch, { recursive: true, force: true });
  }
}

function requestFor(folder) {
  const hovers = hoverPlaces.map(({ file, filetype, on }) => {
    const { line, character } = place(readFileSync(join(folder, file), "utf8"), on);
    return { file, filetype, position: { line, character: character + 1 } };
  });
  const server = join(repository, "dist/mailflow.js");
  return { command: [process.execPath, server, "lsp", "--stdio"], folder, hovers };
}

/** Line and character, from 0, of a piece of text outside comments. */
function place(text, piece) {
  const lines = text.split("\n");
  const line = lines.findIndex((words) => words.includes(piece) && !/^\s*#/.test(words));
  assert.notEqual(line, -1, `the example has ${piece}`);
  return { line, character: lines[line].indexOf(piece) };
}

/** Runs an editor in a process group of its own, so that its server ends with it. */
function runToEnd([program, ...words], options) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { ...options, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (data) => (output += data));
    child.stderr.on("data", (data) => (output += data));
    const end = () => {
      try {
        process.kill(-child.pid, "SIGKILL");
      } catch {
        // The group is gone already.
      }
    };
    const timer = setTimeout(() => {
      output += `\nended after ${limit / 1000} s`;
      end();
    }, limit);
    child.once("error", (error) => {
      clearTimeout(timer);
      reject(new Error(`${program} cannot be started (is it installed?): ${error.message}`));
    });
    child.once("close", () => {
      clearTimeout(timer);
      end();
      resolve(output);
    });
  });
}

/** Compares an answer with what the example's text and expected.json say. */
function examine(answer) {
  const example = copyExample();
  const amavis = readFileSync(join(example.folder, "amavisd.conf"), "utf8");
  example.remove();
  if (values.update) writeFileSync(expectedFile, `${JSON.stringify(answer, undefined, 2)}\n`);
  const expected = existsSync(expectedFile) ? JSON.parse(readFileSync(expectedFile, "utf8")) : {};
  return [
    check("shows the one finding, at the line of the forward method", () => {
      assert.deepEqual(
        answer.diagnostics.map(({ code, severity, range }) => [code, severity, range.start.line]),
        [["reinjection-missing", 1, place(amavis, "20025").line]],
      );
    }),
    ...["diagnostics", "hovers", "actions", "master"].map((part) =>
      check(`${part}: as expected.json has it`, () => assert.deepEqual(answer[part], expected[part])),
    ),
  ];
}

function check(title, test) {
  try {
    test();
    return { title, state: "passed" };
  } catch (error) {
    return { title, state: "failed", error: error.message };
  }
}
