import { spawn } from "node:child_process";
import { chmodSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { folderWith, GOOD_SMTP, MAIN, mailflow, master, PRIVATE_SMTP, PROGRAM } from "./run.js";

const good = () => folderWith({ "main.cf": MAIN, "master.cf": master(GOOD_SMTP) });
const broken = () => folderWith({ "main.cf": MAIN, "master.cf": master(PRIVATE_SMTP) });

describe("exit status", () => {
  test("0 without findings, 1 with, 0 again with --fail-on none", () => {
    expect(mailflow(["check", good()])).toMatchObject({
      status: 0,
      stderr: "",
      stdout: "No problems in 2 files of 1 mail system.\n",
    });
    expect(mailflow(["check", broken()])).toMatchObject({ status: 1, stderr: "" });
    expect(mailflow(["check", "--fail-on", "none", broken()])).toMatchObject({ status: 0 });
  });

  test("--fail-on counts everything at or above the severity", () => {
    const folder = folderWith({
      "main.cf": MAIN,
      "master.cf": master(PRIVATE_SMTP),
      "mailflow.json": '{ "rules": { "inet-private": "warning" } }',
    });
    const status = (severity: string) => mailflow(["check", folder, "--fail-on", severity]).status;
    expect([status("error"), status("warning"), status("info"), status("hint")]).toEqual([0, 1, 1, 1]);
  });

  test.each<[string, string[], RegExp]>([
    ["an unknown command", ["chekc"], /^mailflow: unknown command 'chekc' \(Did you mean check\?\)\n$/],
    ["an unknown option", ["check", "--fxi"], /^mailflow: unknown option '--fxi'.*\n$/],
    [
      "an unknown format",
      ["check", "--format", "xml"],
      /^mailflow: .*'xml' is invalid\. Allowed choices are pretty.*\n$/,
    ],
    [
      "a bad version",
      ["check", "--postfix-version", "new"],
      /^mailflow: --postfix-version wants a number.*\n$/,
    ],
    [
      "a path that does not exist",
      ["check", "/nowhere/at/all"],
      /^mailflow: \/nowhere\/at\/all does not exist\n$/,
    ],
    [
      "an unknown rule",
      ["explain", "inet-privat"],
      /^mailflow: there is no rule inet-privat; .*inet-private.*\n$/,
    ],
    [
      "an escape sequence in an argument",
      ["check", "/no\u001b[31m"],
      /^mailflow: \/no␛\[31m does not exist\n$/,
    ],
  ])("2 for %s, with one line on stderr", (_title, args, stderr) => {
    expect(mailflow(args)).toEqual({ status: 2, stdout: "", stderr: expect.stringMatching(stderr) });
  });

  test("2 for a folder without mail configuration, and for a file of another kind", () => {
    const folder = folderWith({ "notes.txt": "x" });
    expect(mailflow(["check", folder]).stderr).toBe(
      `mailflow: no Postfix or amavis configuration found in ${folder}\n`,
    );
    expect(mailflow(["check", join(folder, "notes.txt")])).toMatchObject({ status: 2, stdout: "" });
  });

  test("help is no failure, a command that is missing is", () => {
    expect(mailflow(["--help"])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("Usage: mailflow"),
    });
    expect(mailflow([]).status).toBe(2);
    expect(mailflow(["--version"]).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe("unreadable input", () => {
  test("one file costs one line; the rest is still checked", () => {
    const folder = folderWith({ "a/main.cf/": "", "a/master.cf": master(PRIVATE_SMTP), "b/main.cf": MAIN });
    const outcome = mailflow(["check", folder, "--format", "unix"]);
    expect(outcome.status).toBe(2);
    expect(outcome.stderr).toBe(`mailflow: ${folder}/a/main.cf is a folder, but a file is expected there\n`);
    expect(outcome.stdout).toContain("[inet-private]");
  });

  test("binary and UTF-16 are said, JSON stays one document", () => {
    const folder = folderWith({ "main.cf": new Uint8Array(200), "master.cf": master(GOOD_SMTP) });
    const outcome = mailflow(["check", folder, "--format", "json"]);
    expect(outcome).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^mailflow: .*main\.cf holds binary data.*\n$/),
    });
    expect(JSON.parse(outcome.stdout)).toMatchObject({ version: 1, systems: [{ files: ["master.cf"] }] });
  });

  test("CRLF, BOM, Latin-1 and 5 MB are read", () => {
    const bom = folderWith({ "main.cf": `\uFEFF${MAIN}`, "master.cf": master(PRIVATE_SMTP) });
    const latin = folderWith({
      "main.cf": Buffer.from(`${MAIN}# gr\u00fcn\n`, "latin1"),
      "master.cf": master(PRIVATE_SMTP),
    });
    const crlf = folderWith({ "main.cf": MAIN, "master.cf": master(PRIVATE_SMTP).replaceAll("\n", "\r\n") });
    const large = folderWith({
      "main.cf": MAIN + "# a comment of some length, as people write them\n".repeat(105_000),
      "master.cf": master(PRIVATE_SMTP),
    });
    for (const folder of [bom, latin, crlf, large]) {
      const outcome = mailflow(["check", folder, "--format", "unix"]);
      expect(outcome).toMatchObject({ status: 1, stderr: "" });
      expect(outcome.stdout).toMatch(/master\.cf:1:11: error: .* \[inet-private\]\n/);
    }
  });

  test("a broken mailflow.json is said and the systems are checked all the same", () => {
    const folder = folderWith({ "main.cf": MAIN, "master.cf": master(GOOD_SMTP), "mailflow.json": "{" });
    const outcome = mailflow(["check", folder]);
    expect(outcome).toMatchObject({ status: 2, stdout: expect.stringContaining("No problems in 2 files") });
    expect(outcome.stderr).toMatch(/^mailflow: .*mailflow\.json: is not valid JSON.*\n$/);
  });
});

describe("formats", () => {
  test("json is the contract", () => {
    const folder = broken();
    const document = JSON.parse(mailflow(["check", folder, "--format", "json"]).stdout);
    expect(Object.keys(document)).toEqual(["version", "systems", "summary"]);
    expect(document.summary).toEqual({ error: 1, warning: 0, information: 0, hint: 0 });
    const [system] = document.systems;
    expect(Object.keys(system)).toEqual(["name", "root", "files", "findings"]);
    expect(system.files).toEqual(["main.cf", "master.cf"]);
    expect(system.findings).toEqual([
      {
        code: "inet-private",
        severity: "error",
        message: expect.any(String),
        file: "master.cf",
        range: { start: { line: 0, character: 10 }, end: { line: 0, character: 11 } },
        related: [],
        fixes: [
          {
            title: expect.any(String),
            edits: [
              {
                file: "master.cf",
                range: { start: { line: 0, character: 10 }, end: { line: 0, character: 11 } },
                newText: "n",
              },
            ],
          },
        ],
      },
    ]);
  });

  test("paths are relative to PATH; to the working folder when there are several", () => {
    const folder = folderWith({
      "x/etc/postfix/main.cf": MAIN,
      "x/etc/postfix/master.cf": master(PRIVATE_SMTP),
      "y/main.cf": MAIN,
    });
    const files = (...args: string[]) =>
      JSON.parse(mailflow(["check", "--format", "json", ...args], { cwd: folder }).stdout).systems.map(
        (system: { files: string[] }) => system.files[0],
      );
    expect(files("x")).toEqual(["etc/postfix/main.cf"]);
    expect(files("x/etc/postfix/master.cf")).toEqual(["main.cf"]);
    expect(files("x", "y")).toEqual(["x/etc/postfix/main.cf", "y/main.cf"]);
    expect(files()).toEqual(["x/etc/postfix/main.cf", "y/main.cf"]);
    expect(files("x", join(folder, "x/etc"))).toEqual(["x/etc/postfix/main.cf"]);
  });

  test("pretty shows the lines, carets, the fix, a summary and the next command", () => {
    const folder = broken();
    const { stdout } = mailflow(["check", "."], { cwd: folder });
    const lines = stdout.split("\n");
    expect(lines[0]).toBe("error [inet-private] master.cf:1:11");
    expect(lines.slice(2, 4)).toEqual(["  1 │ smtp inet - - n - - smtpd", "    │           ^"]);
    expect(stdout).toContain("  fix: ");
    expect(stdout).toContain("\n1 error in 2 files of 1 mail system.\n");
    expect(stdout).toMatch(/ {2}mailflow explain inet-private +why/);
    expect(stdout).toMatch(/ {2}mailflow check --fix \. +mends 1 of 1 finding\n$/);
    expect(stdout).not.toContain("\u001b");
  });

  test("colours on demand, and never with NO_COLOR", () => {
    const folder = broken();
    expect(mailflow(["check", folder], { env: { FORCE_COLOR: "1" } }).stdout).toContain("\u001b[");
    expect(mailflow(["check", folder], { env: { FORCE_COLOR: "1", NO_COLOR: "1" } }).stdout).not.toContain(
      "\u001b[",
    );
  });

  test("tabs keep the carets under the text", () => {
    const folder = folderWith({ "main.cf": MAIN, "master.cf": master("smtp\tinet\t-\t-\tn\t-\t-\tsmtpd") });
    const [, , source = "", carets = ""] = mailflow(["check", folder]).stdout.split("\n");
    expect(source).toBe("  1 │ smtp    inet    -       -       n       -       -       smtpd");
    expect(carets.indexOf("^")).toBe(source.indexOf("-"));
  });

  test.each(["pretty", "unix", "github", "json", "sarif"])(
    "%s lets no control character of a file through",
    (format) => {
      const folder = folderWith({
        "main.cf": MAIN,
        "master.cf": master("10\u001b]0;owned\u0007\u009b31m\u202e025 inet - - n - - smtpd"),
      });
      const { stdout } = mailflow(["check", folder, "--format", format], { env: { NO_COLOR: "1" } });
      expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
      expect(stdout.length).toBeGreaterThan(100);
    },
  );

  test("unix, github and sarif name the place from 1", () => {
    const folder = broken();
    const run = (format: string) => mailflow(["check", "--format", format], { cwd: folder }).stdout;
    expect(run("unix")).toMatch(/^master\.cf:1:11: error: .+ \[inet-private\]\n$/);
    expect(run("github")).toMatch(
      /^::error file=master\.cf,line=1,endLine=1,col=11,title=inet-private::.+\n$/,
    );
    expect(JSON.parse(run("sarif"))).toMatchObject({
      version: "2.1.0",
      runs: [
        {
          results: [
            {
              ruleId: "inet-private",
              level: "error",
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: "master.cf" },
                    region: { startLine: 1, startColumn: 11, endColumn: 12 },
                  },
                },
              ],
            },
          ],
        },
      ],
    });
  });
});

describe("--fix", () => {
  const GOOD_TEXT = master(GOOD_SMTP);

  test("writes the file, says so on stderr, reports what is left", () => {
    const folder = broken();
    const outcome = mailflow(["check", ".", "--fix"], { cwd: folder });
    expect(outcome.status).toBe(0);
    expect(outcome.stderr).toMatch(/^mailflow: fixed: .+\nmailflow: wrote 1 file: master\.cf\n$/);
    expect(outcome.stdout).toContain("No problems");
    expect(readFileSync(join(folder, "master.cf"), "utf8")).toBe(GOOD_TEXT);
  });

  test("keeps mode, link, line ends, byte order mark and Latin-1", () => {
    const text = `\uFEFF${master("# one", PRIVATE_SMTP)}`.replaceAll("\n", "\r\n");
    // The mark is a fault of its own, which has its own fix.
    const rules = '{"rules":{"main-bom-or-nbsp":"off"}}';
    const folder = folderWith({ "main.cf": MAIN, "store/real": text, "mailflow.json": rules });
    chmodSync(join(folder, "store/real"), 0o640);
    symlinkSync(join("store", "real"), join(folder, "master.cf"));
    expect(mailflow(["check", folder, "--fix"]).stderr).toContain("wrote 1 file");
    expect(readFileSync(join(folder, "store/real"), "utf8")).toBe(text.replace("smtp inet -", "smtp inet n"));
    expect(statSync(join(folder, "store/real")).mode & 0o777).toBe(0o640);
    const latin = folderWith({
      "main.cf": MAIN,
      "master.cf": Buffer.from(master("# gr\u00fcn", PRIVATE_SMTP), "latin1"),
    });
    mailflow(["check", latin, "--fix"]);
    expect(readFileSync(join(latin, "master.cf"), "latin1")).toBe(master("# gr\u00fcn", GOOD_SMTP));
  });

  test("leaves alone what mailflow.json switched off", () => {
    const folder = folderWith({
      "main.cf": MAIN,
      "master.cf": master(PRIVATE_SMTP),
      "mailflow.json": '{"rules":{"inet-private":"off"}}',
    });
    expect(mailflow(["check", folder, "--fix"])).toMatchObject({ status: 0, stderr: "" });
    expect(readFileSync(join(folder, "master.cf"), "utf8")).toBe(master(PRIVATE_SMTP));
  });

  test("changes nothing when there is nothing to mend", () => {
    const folder = good();
    const before = statSync(join(folder, "master.cf")).mtimeMs;
    expect(mailflow(["check", folder, "--fix"])).toMatchObject({ status: 0, stderr: "" });
    expect(statSync(join(folder, "master.cf")).mtimeMs).toBe(before);
  });
});

describe("pipes", () => {
  test("a reader that stops early is no failure", async () => {
    const folder = folderWith(
      Object.fromEntries(Array.from({ length: 400 }, (_, at) => [`h${at}/master.cf`, master(PRIVATE_SMTP)])),
    );
    const child = spawn(process.execPath, [PROGRAM, "check", folder], { stdio: ["ignore", "pipe", "pipe"] });
    let stderr = "";
    child.stderr.on("data", (data) => {
      stderr += data;
    });
    child.stdout.once("data", () => child.stdout.destroy());
    await new Promise((resolve) => child.on("exit", resolve));
    expect(stderr).toBe("");
  });
});

describe("show listeners", () => {
  test("json is a flat list with the fields of the contract", () => {
    const folder = folderWith({
      "main.cf": `${MAIN}inet_interfaces = all\n`,
      "master.cf": master("127.0.0.1:10025 inet n - n - - smtpd"),
    });
    const rows = JSON.parse(mailflow(["show", "listeners", folder, "--format", "json"]).stdout);
    expect(rows).toMatchObject([
      {
        program: "postfix",
        network: "inet",
        address: "127.0.0.1",
        port: 10025,
        path: "",
        file: "master.cf",
        line: 0,
      },
    ]);
  });

  test("text is a table ordered by port, lines from 1", () => {
    const folder = folderWith({
      "main.cf": MAIN,
      "master.cf": master("127.0.0.1:10025 inet n - n - - smtpd", "127.0.0.1:25 inet n - n - - smtpd"),
    });
    const { stdout, status } = mailflow(["show", "listeners", folder]);
    expect(status).toBe(0);
    expect(
      stdout
        .trimEnd()
        .split("\n")
        .map((line) => line.split(/ {2,}/)),
    ).toEqual([
      ["PORT", "ADDRESS", "PROGRAM", "WHERE"],
      ["25", "127.0.0.1", "postfix", "master.cf:2"],
      ["10025", "127.0.0.1", "postfix", "master.cf:1"],
    ]);
  });
});

test("explain prints the page of a rule", () => {
  const { stdout, status } = mailflow(["explain", "inet-private"]);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^# inet-private\n/);
});

test("a file that changed since it was read is not written", async () => {
  const { writeChanges } = await import("../../server/src/cli/fix.js");
  const { nodeFileSystem } = await import("../../server/src/workspace/nodeFileSystem.js");
  const folder = broken();
  const path = join(folder, "master.cf");
  const source = (text: string) => ({
    name: "x",
    root: folder,
    main: undefined,
    master: { path, role: "master" as const, text, template: false },
    amavis: [],
    tables: new Map(),
    unreadable: [],
    complete: false,
    addresses: [],
  });
  writeFileSync(path, "somebody else's text\n");
  const result = writeChanges(nodeFileSystem, source("as it was read\n"), source("mended\n"));
  expect(result.written).toEqual([]);
  expect(result.failures).toEqual([expect.stringContaining("changed by somebody else")]);
  expect(readFileSync(path, "utf8")).toBe("somebody else's text\n");
});

describe("show flow", () => {
  const example = (name: string) => resolve(import.meta.dirname, "../../examples", name);

  test("text: what follows on every entry", () => {
    const { stdout, status } = mailflow(["show", "flow", example("missing-reinjection")]);
    expect(status).toBe(0);
    expect(stdout).toContain("-> hands back: nothing listens there 127.0.0.1:20025 [reinjection-missing]");
  });

  test("json: places and findings", () => {
    const [system] = JSON.parse(
      mailflow(["show", "flow", example("filter-loop"), "--format", "json"]).stdout,
    );
    const node = system.nodes.find(({ findings }: { findings: string[] }) =>
      findings.includes("filter-loop"),
    );
    expect(node).toMatchObject({ kind: "reinjection", title: "smtpd", lines: ["127.0.0.1:10025"] });
    expect(node.at[0].file).toBe("master.cf");
  });

  test("a drawing holds one system", () => {
    const { stderr, status } = mailflow(["show", "flow", resolve(example("good"), ".."), "--format", "svg"]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^mailflow: --format svg draws one mail system, and here are several: .*\n$/);
  });
});

describe("diff", () => {
  const example = (name: string) => resolve(import.meta.dirname, "../../examples", name);

  test("a change that brings an error gives exit status 1", () => {
    const { stdout, status } = mailflow(["diff", example("good"), example("missing-reinjection")]);
    expect(stdout).toContain("+ amavisd.conf:");
    expect(status).toBe(1);
  });

  test("nothing changed: one line, exit status 0; json: empty lists", () => {
    expect(mailflow(["diff", example("good"), example("good")])).toMatchObject({
      stdout: "no difference for mail\n",
      status: 0,
    });
    const document = JSON.parse(
      mailflow(["diff", example("good"), example("good"), "--format", "json"]).stdout,
    );
    expect(document.systems[0]).toMatchObject({ ways: [], settings: [], findings: { new: [], gone: [] } });
  });

  test("a side that is not there", () => {
    const { stderr, status } = mailflow(["diff", example("good"), example("nowhere")]);
    expect([status, stderr.trim().split("\n").length]).toEqual([2, 1]);
  });
});

test("a file that amavisd skips is among the files; its rename is shown and never done unasked", () => {
  const folder = folderWith({
    "amavis/conf.d/50-user": "use strict;\n1;\n",
    "amavis/conf.d/60-local.conf": "use strict;\n1;\n",
  });
  const json = mailflow(["check", folder, "--format", "json", "--fail-on", "none"]);
  const [system] = JSON.parse(json.stdout).systems;
  expect(system.files.map((file: string) => file.split("/").at(-1))).toEqual(["50-user", "60-local.conf"]);
  const found = system.findings.find(({ code }: { code: string }) => code === "confd-name-ignored");
  expect(found.file).toMatch(/60-local\.conf$/);
  expect(found.fixes).toEqual([
    {
      title: expect.stringContaining("60-local"),
      edits: [],
      rename: { from: found.file, to: found.file.replace(/\.conf$/, "") },
    },
  ]);
  mailflow(["check", folder, "--fix", "--fail-on", "none"]);
  expect(readFileSync(join(folder, "amavis/conf.d/60-local.conf"), "utf8")).toBe("use strict;\n1;\n");
});
