import * as assert from "node:assert";
import * as vscode from "vscode";
import { closeAll, codesIn, show, until, untilCodes, workspaceFile } from "./support.js";

/** Types as the keyboard does, at the end of the document. */
async function typeAtEnd(text: string): Promise<void> {
  await vscode.commands.executeCommand("cursorBottom");
  await vscode.commands.executeCommand("type", { text });
}

suite("while typing, before anything is saved", () => {
  const amavis = workspaceFile("amavisd.conf");
  const master = workspaceFile("master.cf");

  teardown(closeAll);

  test("a listener typed into master.cf mends the finding in amavisd.conf, and undo brings it back", async () => {
    await untilCodes(amavis, ["reinjection-missing"]);
    const { document } = await show(master);
    // Without automatic indentation in the way: one entry on one line.
    await typeAtEnd("\n127.0.0.1:20025 inet n - n - 10 smtpd -o content_filter=");
    await untilCodes(amavis, []);
    assert.ok(document.isDirty, "nothing was saved");
    while (document.isDirty) await vscode.commands.executeCommand("undo");
    await untilCodes(amavis, ["reinjection-missing"]);
  });

  test("an unfinished entry is found at its line, and goes when it is completed", async () => {
    const { document } = await show(master);
    await typeAtEnd("\n10.0.0.1:2525 inet n -");
    await until("field-count is shown", () => codesIn(master).includes("field-count"));
    const line = document.lineCount - 1;
    const found = vscode.languages
      .getDiagnostics(master)
      .some(({ range }) => range.start.line <= line && range.end.line >= line);
    assert.ok(found, `a finding touches line ${line}`);
    await typeAtEnd(" n - - smtpd");
    await until("field-count is gone", () => !codesIn(master).includes("field-count"));
  });
});
