import * as assert from "node:assert";
import * as vscode from "vscode";
import { closeAll, show, until, workspaceFile } from "./support.js";

suite("completion", () => {
  teardown(closeAll);

  test("offers the entry that amavisd waits for, and it mends the system", async () => {
    const editor = await show(workspaceFile("master.cf"));
    const { document } = editor;
    const end = document.lineAt(document.lineCount - 1).range.end;
    editor.selection = new vscode.Selection(end, end);
    let first: vscode.CompletionItem | undefined;
    await until("an item for 127.0.0.1:20025", async () => {
      first = (await itemsAt(document.uri, end))[0];
      return first !== undefined && labelOf(first).startsWith("127.0.0.1:20025");
    });
    assert.ok(first?.insertText instanceof vscode.SnippetString, "it has places to fill in");
    await editor.insertSnippet(first.insertText, end);
    assert.match(document.getText(), /^127\.0\.0\.1:20025 inet n - n - - smtpd\n {2}-o content_filter=$/m);
    await vscode.commands.executeCommand("undo");
  });

  test("explains a parameter when it is looked at", async () => {
    const editor = await show(workspaceFile("main.cf"));
    const { document } = editor;
    const end = document.lineAt(document.lineCount - 1).range.end;
    await editor.edit((edit) => edit.insert(end, "\nsmtpd_tls_sec"));
    const place = document.lineAt(document.lineCount - 1).range.end;
    let item: vscode.CompletionItem | undefined;
    await until("smtpd_tls_security_level", async () => {
      item = (await itemsAt(document.uri, place)).find((one) => labelOf(one) === "smtpd_tls_security_level");
      return item !== undefined;
    });
    const { documentation } = item ?? {};
    const text = typeof documentation === "string" ? documentation : (documentation?.value ?? "");
    assert.match(text, /TLS/);
    await vscode.commands.executeCommand("undo");
  });
});

/** In the order in which the editor shows them, the first ten with their explanations. */
async function itemsAt(uri: vscode.Uri, place: vscode.Position): Promise<vscode.CompletionItem[]> {
  const list: vscode.CompletionList = await vscode.commands.executeCommand(
    "vscode.executeCompletionItemProvider",
    uri,
    place,
    undefined,
    10,
  );
  return [...list.items].sort((a, b) => ((a.sortText ?? labelOf(a)) < (b.sortText ?? labelOf(b)) ? -1 : 1));
}

const labelOf = ({ label }: vscode.CompletionItem) => (typeof label === "string" ? label : label.label);
