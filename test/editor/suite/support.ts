/** What the tests in the extension host share: files of the open folder, findings, waiting. */
import * as assert from "node:assert";
import * as vscode from "vscode";
import manifest from "../../../package.json";

/** The identity of the extension under test. */
export const extensionId = `${manifest.publisher}.${manifest.name}`;

/** How long an editor may take to show what it was asked for, in milliseconds. */
const patience = 10_000;

/** A diagnostic as the tests compare it; `text` is what is underlined. */
export interface ShownFinding {
  readonly code: string;
  readonly severity: "error" | "warning" | "information" | "hint";
  readonly line: number;
  readonly text: string;
}

/** A file of the folder that is open in the editor. */
export function workspaceFile(path: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, "a folder is open");
  return vscode.Uri.joinPath(folder.uri, path);
}

/** Our diagnostics of a file, in the order of its lines, as VS Code shows them now. */
export function diagnosticsOf(uri: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages
    .getDiagnostics(uri)
    .filter(({ source }) => source === "mailflow")
    .sort((a, b) => a.range.start.compareTo(b.range.start));
}

/** The diagnostics of a file in short form; reads the text from an open document or from the disk. */
export async function findingsIn(uri: vscode.Uri): Promise<ShownFinding[]> {
  const diagnostics = diagnosticsOf(uri);
  if (diagnostics.length === 0) return [];
  const text = await currentText(uri);
  return diagnostics.map((diagnostic) => ({
    code: codeOf(diagnostic),
    severity: (["error", "warning", "information", "hint"] as const)[diagnostic.severity],
    line: diagnostic.range.start.line,
    text: textIn(text, diagnostic.range),
  }));
}

/** The codes of a file's findings, sorted. */
export function codesIn(uri: vscode.Uri): string[] {
  return diagnosticsOf(uri).map(codeOf).sort();
}

export function codeOf({ code }: vscode.Diagnostic): string {
  return String(typeof code === "object" ? code.value : code);
}

/** The text of a file as its author sees it: of the open document, else from the disk, without opening it. */
export async function currentText(uri: vscode.Uri): Promise<string> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  return open ? open.getText() : new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
}

function textIn(text: string, { start, end }: vscode.Range): string {
  const lines = text.split("\n");
  if (start.line === end.line) return (lines[start.line] ?? "").slice(start.character, end.character);
  const inner = lines.slice(start.line + 1, end.line);
  const first = (lines[start.line] ?? "").slice(start.character);
  return [first, ...inner, (lines[end.line] ?? "").slice(0, end.character)].join("\n");
}

/** Waits until `probe` holds; fails with what it was last told after ten seconds. */
export async function until(what: string, probe: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + patience;
  while (!(await probe())) {
    if (Date.now() > deadline) assert.fail(`waited ${patience} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Waits until exactly these codes are shown for a file, and says which were shown instead. */
export async function untilCodes(uri: vscode.Uri, expected: readonly string[]): Promise<void> {
  const wanted = [...expected].sort();
  try {
    await until("the findings", () => codesIn(uri).join() === wanted.join());
  } catch {
    assert.deepStrictEqual(codesIn(uri), wanted, `findings of ${vscode.workspace.asRelativePath(uri)}`);
  }
}

/** Shows a file in the editor area. */
export async function show(uri: vscode.Uri): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
}

/** The place of the `nth` occurrence (from 0) of a piece of text in a document. */
export function placeOf(document: vscode.TextDocument, piece: string, nth = 0): vscode.Range {
  let at = -1;
  for (let i = 0; i <= nth; i++) at = document.getText().indexOf(piece, at + 1);
  assert.notStrictEqual(at, -1, `the text has ${JSON.stringify(piece)}`);
  return new vscode.Range(document.positionAt(at), document.positionAt(at + piece.length));
}

/** Throws away unsaved changes of all documents and closes every editor, so that tests do not meet. */
export async function closeAll(): Promise<void> {
  for (const document of vscode.workspace.textDocuments.filter(({ isDirty }) => isDirty)) {
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand("workbench.action.files.revert");
  }
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
}
