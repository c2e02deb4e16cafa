import * as assert from "node:assert";
import * as vscode from "vscode";
import { closeAll, currentText, diagnosticsOf, untilCodes, workspaceFile } from "./support.js";

suite("quick fix", () => {
  const amavis = workspaceFile("amavisd.conf");
  const master = workspaceFile("master.cf");

  teardown(closeAll);

  test("adds the missing reinjection service to master.cf, and changes nothing else", async () => {
    await untilCodes(amavis, ["reinjection-missing"]);
    const range = diagnosticsOf(amavis)[0]?.range;
    assert.ok(range);
    const before = { amavis: await currentText(amavis), master: await currentText(master) };

    const actions = await quickFixes(amavis, range);
    const action = actions.find(({ title, edit }) => edit && /add/i.test(title) && title.includes("20025"));
    assert.ok(
      action?.edit,
      `an action adds the service; offered: ${actions.map(({ title }) => title).join(" | ")}`,
    );
    assert.deepStrictEqual(
      action.edit.entries().map(([uri]) => uri.toString()),
      [master.toString()],
    );
    assert.ok(await vscode.workspace.applyEdit(action.edit), "VS Code took the edit");

    await untilCodes(amavis, []);
    await untilCodes(master, []);
    const after = await currentText(master);
    assert.match(after, /^127\.0\.0\.1:20025\s+inet\s+n\s+-\s+[yn-]\s+-\s+(-|\d+)\s+smtpd$/m);
    assert.match(after, /^\s+-o content_filter=$/m);
    assert.match(after, /^\s+-o receive_override_options=\S+$/m);
    assertInsertion(before.master, after);
    assert.strictEqual(await currentText(amavis), before.amavis);
  });

  test("offers nothing where nothing is wrong", async () => {
    await untilCodes(amavis, ["reinjection-missing"]);
    const actions = await quickFixes(master, new vscode.Range(0, 0, 0, 0));
    assert.deepStrictEqual(
      actions.map(({ title }) => title),
      [],
    );
  });
});

/** The quick fixes that the light bulb would offer, with their edits worked out. */
async function quickFixes(uri: vscode.Uri, range: vscode.Range): Promise<vscode.CodeAction[]> {
  const kind = vscode.CodeActionKind.QuickFix.value;
  return vscode.commands.executeCommand("vscode.executeCodeActionProvider", uri, range, kind, 20);
}

/** `after` is `before` with text put in at one place. */
function assertInsertion(before: string, after: string): void {
  let same = 0;
  while (same < before.length && before[same] === after[same]) same++;
  assert.ok(after.length > before.length, "text was added");
  assert.ok(after.endsWith(before.slice(same)), "the text around the new block is as it was");
}
