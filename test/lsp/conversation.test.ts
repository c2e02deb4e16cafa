import { readFileSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import type { CodeAction, Hover, SignatureHelp, TextDocumentEdit } from "vscode-languageserver/node";
import { GOOD_SMTP, MAIN, master, PRIVATE_SMTP } from "../cli/run.js";
import { applied, Client, FULL, workspaceWith } from "./client.js";

/** main.cf names a transport that master.cf lacks: the finding is in one file, the remedy in the other. */
const FEEDING = `${MAIN}content_filter = scan:[127.0.0.1]:10024\n`;
const SCAN = "scan unix - - n - 2 smtp\n";

const broken = () => workspaceWith({ "main.cf": MAIN, "master.cf": master(PRIVATE_SMTP) });

describe("diagnostics while typing", () => {
  test("a finding comes with code, page, source and version, and goes with its cause", async () => {
    const { folder, path, uri } = broken();
    const client = await Client.start({ folders: [folder] });
    client.open(path("master.cf"), master(PRIVATE_SMTP), "postfix-master");
    const [found] = await client.codes(uri("master.cf"), "inet-private");
    expect(found).toMatchObject({
      range: { start: { line: 0, character: 10 }, end: { line: 0, character: 11 } },
      severity: 1,
      source: "mailflow",
      codeDescription: { href: expect.stringMatching(/^https:.*\/docs\/rules\/inet-private\.md$/) },
    });
    const mended = client.edit(uri("master.cf"), "inet - -", "inet n -");
    expect(await client.version(uri("master.cf"), mended)).toEqual([]);
    const again = client.edit(uri("master.cf"), "inet n -", "inet - -");
    expect(await client.version(uri("master.cf"), again)).toHaveLength(1);
  });

  test("every edit is answered, with its version, in order", async () => {
    const { folder, path, uri } = broken();
    const client = await Client.start({ folders: [folder] });
    client.open(path("main.cf"), MAIN);
    for (let round = 0; round < 20; round++)
      client.edit(uri("main.cf"), "myhostname", "myhostnamee".slice(0, 10));
    await client.version(uri("main.cf"), 21);
    const versions = client.published.filter((one) => one.uri === uri("main.cf")).map((one) => one.version);
    expect(versions.slice(-21)).toEqual(Array.from({ length: 21 }, (_, at) => at + 1));
  });

  test("an edit in one file changes the findings of another that is not open", async () => {
    const { folder, path, uri } = workspaceWith({ "main.cf": FEEDING, "master.cf": master(GOOD_SMTP) });
    const client = await Client.start({ folders: [folder] });
    await client.codes(uri("main.cf"), "unknown-transport");
    client.open(path("master.cf"), master(GOOD_SMTP), "postfix-master");
    client.edit(uri("master.cf"), "pickup unix", `${SCAN}pickup unix`);
    const left = await client.diagnostics(uri("main.cf"), ({ diagnostics }) =>
      diagnostics.every((one) => one.code !== "unknown-transport"),
    );
    expect(left.map((one) => one.severity)).not.toContain(undefined);
    client.edit(uri("master.cf"), SCAN, "");
    await client.codes(uri("main.cf"), "unknown-transport");
  });

  test("what did not change is not published again", async () => {
    const { folder, path, uri } = workspaceWith({ "main.cf": FEEDING, "master.cf": master(GOOD_SMTP) });
    const client = await Client.start({ folders: [folder] });
    await client.codes(uri("main.cf"), "unknown-transport");
    client.open(path("master.cf"), master(GOOD_SMTP), "postfix-master");
    await client.version(uri("master.cf"), 1);
    const before = client.published.filter((one) => one.uri === uri("main.cf")).length;
    for (let round = 0; round < 5; round++) client.edit(uri("master.cf"), "pickup unix", "pickup unix");
    await client.version(uri("master.cf"), 6);
    expect(client.published.filter((one) => one.uri === uri("main.cf"))).toHaveLength(before);
  });

  test("closing without saving brings back what is on the disk", async () => {
    const { folder, path, uri } = broken();
    const client = await Client.start({ folders: [folder] });
    client.open(path("master.cf"), master(GOOD_SMTP), "postfix-master");
    await client.codes(uri("master.cf"));
    client.close(uri("master.cf"));
    await client.codes(uri("master.cf"), "inet-private");
  });
});

describe("positions are the editor's", () => {
  test.each<[string, string, number]>([
    ["CRLF", master("# x", PRIVATE_SMTP).replaceAll("\n", "\r\n"), 1],
    ["LF", master("# x", PRIVATE_SMTP), 1],
    ["a lone CR in a comment ends a line for editors", master("# x\r# y", PRIVATE_SMTP), 2],
    ["characters outside the basic plane", master("# \u{1F4EC}\u{1F4EC}", PRIVATE_SMTP), 1],
  ])("%s", async (_title, text, line) => {
    const { folder, path, uri } = workspaceWith({ "main.cf": MAIN, "master.cf": text });
    const client = await Client.start({ folders: [folder] });
    const [onDisk] = await client.codes(uri("master.cf"), "inet-private");
    expect(onDisk?.range.start).toEqual({ line, character: 10 });
    const document = client.open(path("master.cf"), text, "postfix-master");
    await client.version(uri("master.cf"), 1);
    const [open] = await client.codes(uri("master.cf"), "inet-private");
    expect(open && document.getText(open.range)).toBe("-");
  });

  test("a byte order mark on the disk is no column of the first line", async () => {
    const { folder, uri } = workspaceWith({
      "main.cf": MAIN,
      "master.cf": `\uFEFF# x\n${master(PRIVATE_SMTP)}`,
    });
    const client = await Client.start({ folders: [folder] });
    // Postfix takes the mark for a part of the first word, so the comment is none.
    const [first, second] = await client.codes(uri("master.cf"), "main-bom-or-nbsp", "inet-private");
    expect(first?.range).toEqual({ start: { line: 0, character: 0 }, end: { line: 0, character: 1 } });
    expect(second?.range.start).toEqual({ line: 1, character: 10 });
  });
});

describe("the disk", () => {
  test("files are watched, and a change, a deletion and a creation show", async () => {
    const { folder, path, uri, write } = broken();
    const client = await Client.start({ folders: [folder] });
    await client.codes(uri("master.cf"), "inet-private");
    await client.until("registration", () => client.registrations[0]);
    expect(client.registrations[0]).toMatchObject({ method: "workspace/didChangeWatchedFiles" });
    write("master.cf", master(GOOD_SMTP));
    client.changedOnDisk(path("master.cf"));
    await client.codes(uri("master.cf"));
    write("master.cf", master(PRIVATE_SMTP));
    client.changedOnDisk(path("master.cf"));
    await client.codes(uri("master.cf"), "inet-private");
    rmSync(path("master.cf"));
    client.changedOnDisk(path("master.cf"));
    await client.codes(uri("master.cf"));
    write("other/master.cf", master(PRIVATE_SMTP));
    client.changedOnDisk(path("other"));
    await client.codes(uri("other/master.cf"), "inet-private");
    rmSync(path("other"), { recursive: true });
    client.changedOnDisk(path("other"));
    await client.codes(uri("other/master.cf"));
  });

  test("an open document counts, whatever happens on the disk", async () => {
    const { folder, path, uri, write } = broken();
    const client = await Client.start({ folders: [folder] });
    client.open(path("master.cf"), master(PRIVATE_SMTP), "postfix-master");
    await client.codes(uri("master.cf"), "inet-private");
    write("master.cf", master(GOOD_SMTP));
    client.changedOnDisk(path("master.cf"));
    const version = client.edit(uri("master.cf"), "pickup", "pickup");
    expect(await client.version(uri("master.cf"), version)).toHaveLength(1);
  });

  test("clients that watch nothing see the disk when they save", async () => {
    const { folder, path, uri, write } = broken();
    const client = await Client.start({ folders: [folder], capabilities: {} });
    client.open(path("main.cf"), MAIN);
    await client.codes(uri("master.cf"), "inet-private");
    write("master.cf", master(GOOD_SMTP));
    client.notify("textDocument/didSave", { textDocument: { uri: uri("main.cf") } });
    await client.codes(uri("master.cf"));
    expect(client.registrations).toEqual([]);
  });

  test("an unreadable file is said at that file, and the rest is checked", async () => {
    const { folder, uri } = workspaceWith({
      "main.cf": new Uint8Array(300),
      "master.cf": master(PRIVATE_SMTP),
    });
    const client = await Client.start({ folders: [folder] });
    const [said] = await client.codes(uri("main.cf"), "unreadable-file");
    expect(said?.message).toMatch(/binary data/);
    await client.codes(uri("master.cf"), "inet-private");
  });

  test("mistakes in mailflow.json are said there", async () => {
    const { folder, path, uri, write } = workspaceWith({
      "main.cf": MAIN,
      "mailflow.json": '{ "sistems": [] }',
    });
    const client = await Client.start({ folders: [folder] });
    const [said] = await client.codes(uri("mailflow.json"), "mailflow-json");
    expect(said?.message).toContain('"sistems"');
    write("mailflow.json", "{}");
    client.changedOnDisk(path("mailflow.json"));
    await client.codes(uri("mailflow.json"));
  });
});

describe("several systems", () => {
  test("folders come and go; their findings with them", async () => {
    const one = broken();
    const two = broken();
    const client = await Client.start({ folders: [one.folder] });
    await client.codes(one.uri("master.cf"), "inet-private");
    const event = (added: string[], removed: string[]) => ({
      event: {
        added: added.map((uri) => ({ uri, name: "x" })),
        removed: removed.map((uri) => ({ uri, name: "x" })),
      },
    });
    client.notify("workspace/didChangeWorkspaceFolders", event([two.uri("")], []));
    await client.codes(two.uri("master.cf"), "inet-private");
    client.notify("workspace/didChangeWorkspaceFolders", event([], [one.uri("")]));
    await client.codes(one.uri("master.cf"));
    expect(
      client.published.findLast((params) => params.uri === two.uri("master.cf"))?.diagnostics,
    ).toHaveLength(1);
  });

  test("two hosts in one folder do not see each other", async () => {
    const { folder, uri } = workspaceWith({
      "mx1/main.cf": FEEDING,
      "mx1/master.cf": master(GOOD_SMTP),
      "mx2/main.cf": FEEDING,
      "mx2/master.cf": master(GOOD_SMTP, SCAN.trim()),
    });
    const client = await Client.start({ folders: [folder] });
    await client.codes(uri("mx1/main.cf"), "unknown-transport");
    await new Promise((later) => setTimeout(later, 100));
    const mx2 = client.published.findLast((params) => params.uri === uri("mx2/main.cf"))?.diagnostics ?? [];
    expect(mx2.map((one) => one.code)).not.toContain("unknown-transport");
  });

  test("a file outside of all folders works with its neighbours, or alone", async () => {
    const { path, uri } = broken();
    const client = await Client.start({ folders: [] });
    client.open(path("main.cf"), MAIN);
    await client.codes(uri("master.cf"), "inet-private");
    client.close(uri("main.cf"));
    await client.codes(uri("master.cf"));
    client.open("untitled:Untitled-1", PRIVATE_SMTP, "postfix-master");
    const [alone] = await client.codes("untitled:Untitled-1", "inet-private");
    expect(alone?.range.start).toEqual({ line: 0, character: 10 });
  });
});

describe("code actions", () => {
  test("a fix is versioned, preferred, bound to its diagnostic, and mends", async () => {
    const { folder, path, uri } = broken();
    const client = await Client.start({ folders: [folder] });
    client.open(path("master.cf"), master(PRIVATE_SMTP), "postfix-master");
    const [found] = await client.codes(uri("master.cf"), "inet-private");
    if (!found) throw new Error("no finding");
    const [action] = await client.actions(uri("master.cf"), found);
    expect(action).toMatchObject({ kind: "quickfix", isPreferred: true, diagnostics: [found] });
    const [change] = (action?.edit?.documentChanges ?? []) as TextDocumentEdit[];
    expect(change?.textDocument).toEqual({ uri: uri("master.cf"), version: 1 });
    expect(applied(uri("master.cf"), master(PRIVATE_SMTP), textEdits(change))).toBe(master(GOOD_SMTP));
    const elsewhere = {
      ...found,
      range: { start: { line: 3, character: 0 }, end: { line: 3, character: 1 } },
    };
    expect(await client.actions(uri("master.cf"), elsewhere)).toEqual([]);
    expect(await client.actions(uri("master.cf"), found, ["refactor"])).toEqual([]);
  });

  test("clients without versioned edits get plain changes", async () => {
    const { folder, path, uri } = broken();
    const client = await Client.start({ folders: [folder], capabilities: {} });
    client.open(path("master.cf"), master(PRIVATE_SMTP), "postfix-master");
    const [found] = await client.codes(uri("master.cf"), "inet-private");
    if (!found) throw new Error("no finding");
    const [action] = await client.actions(uri("master.cf"), found);
    expect(action?.edit?.documentChanges).toBeUndefined();
    const edits = action?.edit?.changes?.[uri("master.cf")] ?? [];
    expect(applied(uri("master.cf"), master(PRIVATE_SMTP), edits)).toBe(master(GOOD_SMTP));
  });

  test("an edit may go to a file that is not open", async () => {
    const { folder, path, uri } = workspaceWith({ "main.cf": FEEDING, "master.cf": master(GOOD_SMTP) });
    const client = await Client.start({ folders: [folder] });
    client.open(path("main.cf"), FEEDING);
    const [found] = await client.codes(uri("main.cf"), "unknown-transport");
    if (!found) throw new Error("no finding");
    const changes = (await client.actions(uri("main.cf"), found)).flatMap(documentEdits);
    const elsewhere = changes.find((change) => change.textDocument.uri === uri("master.cf"));
    expect(elsewhere?.textDocument.version).toBeNull();
    const after = applied(uri("master.cf"), master(GOOD_SMTP), textEdits(elsewhere));
    expect(after).toMatch(/^scan\s+unix\s/m);
    expect(after.replace(/^scan\s[^\n]*\n(?:\s[^\n]*\n)*/m, "").replace(/\n+$/, "\n")).toBe(
      master(GOOD_SMTP),
    );
  });

  test("fix all mends everything of the document that can be mended without asking", async () => {
    const text = master(PRIVATE_SMTP, "submission inet - - n - - smtpd");
    const { folder, path, uri } = workspaceWith({ "main.cf": MAIN, "master.cf": text });
    const client = await Client.start({ folders: [folder] });
    client.open(path("master.cf"), text, "postfix-master");
    const [found] = await client.codes(uri("master.cf"), "inet-private", "inet-private");
    if (!found) throw new Error("no finding");
    for (const kind of ["source", "source.fixAll", "source.fixAll.mailflow"]) {
      const [all, ...others] = await client.actions(uri("master.cf"), found, [kind]);
      expect(others).toEqual([]);
      expect(all?.kind).toBe("source.fixAll.mailflow");
      const edits = documentEdits(all).flatMap(textEdits);
      expect(applied(uri("master.cf"), text, edits)).toBe(
        master(GOOD_SMTP, "submission inet n - n - - smtpd"),
      );
    }
  });
});

describe("other requests", () => {
  test("hover is Markdown with a range", async () => {
    const { folder, path, uri } = broken();
    const client = await Client.start({ folders: [folder] });
    const document = client.open(path("main.cf"), MAIN);
    const at = MAIN.indexOf("myhostname");
    const hover = await client.connection.sendRequest<Hover | null>("textDocument/hover", {
      textDocument: { uri: uri("main.cf") },
      position: document.positionAt(at + 2),
    });
    expect(hover).toMatchObject({
      contents: { kind: "markdown", value: expect.stringContaining("myhostname") },
    });
    expect(hover?.range && document.getText(hover.range)).toBe("myhostname");
  });

  test("hover links to other files as the editor spells them", async () => {
    const { folder, path, uri } = broken();
    const client = await Client.start({ folders: [folder] });
    const text = `mydomain = example.org\nmyorigin = $mydomain\n`;
    const document = client.open(path("main.cf"), text);
    const hover = await client.connection.sendRequest<Hover | null>("textDocument/hover", {
      textDocument: { uri: uri("main.cf") },
      position: document.positionAt(text.indexOf("myorigin") + 2),
    });
    expect(hover).toMatchObject({
      contents: { value: expect.stringContaining(`[main.cf line 1](${uri("main.cf")}#L1)`) },
    });
  });

  test("signature help while a line is typed", async () => {
    const { folder, path, uri } = broken();
    const client = await Client.start({ folders: [folder] });
    const text = "smtpd_client_restrictions = check_client_access \n";
    const document = client.open(path("main.cf"), text);
    const ask = (offset: number) =>
      client.connection.sendRequest<SignatureHelp | null>("textDocument/signatureHelp", {
        textDocument: { uri: uri("main.cf") },
        position: document.positionAt(offset),
      });
    expect(await ask(text.length - 1)).toMatchObject({
      signatures: [
        {
          label: "check_client_access type:table",
          documentation: { kind: "markdown" },
          parameters: [{ label: "type:table", documentation: { kind: "markdown" } }],
        },
      ],
      activeSignature: 0,
      activeParameter: 0,
    });
    expect(await ask(3)).toBeNull();
  });

  test("listeners of the document's system", async () => {
    const { folder, path, uri } = workspaceWith({
      "a/main.cf": MAIN,
      "a/master.cf": master("127.0.0.1:2525 inet n - n - - smtpd"),
      "b/master.cf": master("127.0.0.1:2626 inet n - n - - smtpd"),
    });
    const client = await Client.start({ folders: [folder] });
    client.open(path("a/main.cf"), MAIN);
    const result = await client.connection.sendRequest("mailflow/listeners", { uri: uri("a/main.cf") });
    expect(result).toMatchObject({
      systems: [{ name: "a", rows: [{ port: 2525, file: path("a/master.cf"), line: 0 }] }],
    });
    expect(await client.connection.sendRequest("mailflow/listeners", {})).toMatchObject({
      systems: [{ name: "a" }, { name: "b" }],
    });
  });

  test("nonsense is answered and ends nothing", async () => {
    const { folder, path, uri } = broken();
    const client = await Client.start({ folders: [folder] });
    const ask = (method: string, params: unknown) => client.connection.sendRequest(method, params);
    const nowhere = { textDocument: { uri: uri("absent.cf") }, position: { line: 9, character: 9 } };
    expect(await ask("textDocument/hover", nowhere)).toBeNull();
    expect(
      await ask("textDocument/hover", {
        textDocument: { uri: uri("main.cf") },
        position: { line: 1e9, character: -3 },
      }),
    ).toBeNull();
    await ask("textDocument/hover", {}).catch(() => undefined);
    client.notify("textDocument/didChange", {
      textDocument: { uri: uri("absent.cf"), version: 2 },
      contentChanges: [{ text: "x" }],
    });
    client.notify("textDocument/didChange", {});
    client.notify("textDocument/didClose", { textDocument: { uri: uri("absent.cf") } });
    client.open(path("master.cf"), master(PRIVATE_SMTP), "postfix-master");
    await client.codes(uri("master.cf"), "inet-private");
    expect(await client.shutdown()).toBe(0);
  });
});

describe("settings", () => {
  test("rules are silenced and changed, from the start or later", async () => {
    const { folder, path, uri } = broken();
    const options = { mailflow: { rules: { "inet-private": "hint" } } };
    const client = await Client.start({
      folders: [folder],
      initializationOptions: options,
      settings: { rules: { "inet-private": "hint" } },
    });
    client.open(path("master.cf"), master(PRIVATE_SMTP), "postfix-master");
    await client.diagnostics(uri("master.cf"), ({ diagnostics }) => diagnostics[0]?.severity === 4);
    client.settings = { rules: { "inet-private": "off" } };
    client.notify("workspace/didChangeConfiguration", { settings: null });
    await client.codes(uri("master.cf"));
    client.settings = {};
    client.notify("workspace/didChangeConfiguration", { settings: null });
    await client.codes(uri("master.cf"), "inet-private");
  });

  test("clients that cannot be asked push their settings; mailflow.json wins", async () => {
    const { folder, uri } = workspaceWith({
      "a/master.cf": master(PRIVATE_SMTP),
      "mailflow.json": '{ "rules": { "inet-private": "warning" } }',
    });
    const client = await Client.start({ folders: [folder], capabilities: {} });
    await client.diagnostics(uri("a/master.cf"), ({ diagnostics }) => diagnostics[0]?.severity === 2);
    client.notify("workspace/didChangeConfiguration", { settings: { mailflow: { rules: { "*": "off" } } } });
    client.notify("textDocument/didSave", { textDocument: { uri: uri("a/master.cf") } });
    await client.connection.sendRequest("mailflow/listeners", {});
    expect(client.published.at(-1)?.diagnostics[0]?.severity).toBe(2);
  });
});

describe("how it is started", () => {
  test("through the command line, with and without --stdio", async () => {
    const { folder, uri } = broken();
    const program = resolve(import.meta.dirname, "../../dist/mailflow.js");
    for (const args of [["lsp", "--stdio"], ["lsp"]]) {
      const client = await Client.start({ folders: [folder], command: [process.execPath, program, ...args] });
      await client.codes(uri("master.cf"), "inet-private");
      expect(await client.shutdown()).toBe(0);
    }
  });

  test("it says what it can do, and loads nothing of the analysis for that", async () => {
    const client = await Client.start({ capabilities: FULL });
    expect(client.result).toMatchObject({
      serverInfo: { name: "mailflow" },
      capabilities: {
        textDocumentSync: { openClose: true, change: 2 },
        hoverProvider: true,
        signatureHelpProvider: { triggerCharacters: [" ", "=", ",", "{", ":"] },
        codeActionProvider: { codeActionKinds: ["quickfix", "source.fixAll.mailflow"] },
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      },
    });
    const bundle = readFileSync(resolve(import.meta.dirname, "../../dist/server.js"), "utf8");
    expect(bundle).not.toContain("inet-private");
  });
});

function documentEdits(action: CodeAction | undefined): TextDocumentEdit[] {
  return (action?.edit?.documentChanges ?? []).filter(
    (change): change is TextDocumentEdit => "edits" in change,
  );
}

function textEdits(change: TextDocumentEdit | undefined) {
  return (change?.edits ?? []).filter((edit): edit is typeof edit & { newText: string } => "newText" in edit);
}
