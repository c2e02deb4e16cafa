import * as assert from "node:assert";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as vscode from "vscode";
import { codesIn, until, untilCodes, workspaceFile } from "./support.js";

const goodEntry = "smtp inet n - n - - smtpd\n";

// Written past the editor, as a package update or a shell would.
suite("files that change on disk", () => {
  const folder = workspaceFile("second").fsPath;
  const second = vscode.Uri.file(join(folder, "master.cf"));

  suiteTeardown(() => rmSync(folder, { recursive: true, force: true }));

  test("a new system is checked, follows its file, and leaves with it", async () => {
    await untilCodes(workspaceFile("amavisd.conf"), ["reinjection-missing"]);
    write("main.cf", "myhostname = second.example.com\n");
    write("master.cf", `${goodEntry}2525 inet n -\n`);
    await until("the new file's finding", () => codesIn(second).includes("field-count"));

    write("master.cf", goodEntry);
    await untilCodes(second, []);

    write("master.cf", `2525 inet n -\n${goodEntry}`);
    await until("the finding after another change", () => codesIn(second).includes("field-count"));

    rmSync(folder, { recursive: true });
    await untilCodes(second, []);
  });

  test("the other system was not touched by it", () => {
    assert.deepStrictEqual(codesIn(workspaceFile("amavisd.conf")), ["reinjection-missing"]);
  });

  test("a listener that arrives on disk mends the finding of another file", async () => {
    const amavis = workspaceFile("amavisd.conf");
    const master = workspaceFile("master.cf");
    const before = await vscode.workspace.fs.readFile(master);
    const entry = "127.0.0.1:20025 inet n - n - 10 smtpd -o content_filter=\n";
    await untilCodes(amavis, ["reinjection-missing"]);
    writeFileSync(master.fsPath, Buffer.concat([before, Buffer.from(entry)]));
    try {
      await untilCodes(amavis, []);
    } finally {
      writeFileSync(master.fsPath, before);
    }
    await untilCodes(amavis, ["reinjection-missing"]);
  });

  function write(name: string, text: string): void {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
});
