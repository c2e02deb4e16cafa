/** Completion through the protocol: what is announced, the two forms of an edit, explanations, plain text. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import type {
  ClientCapabilities,
  CompletionItem,
  CompletionList,
  TextEdit,
} from "vscode-languageserver/node";
import { applied, Client, FULL, workspaceWith } from "./client.js";

const EXAMPLE = resolve(import.meta.dirname, "../../examples/missing-reinjection");
const read = (name: string) => readFileSync(resolve(EXAMPLE, name), "utf8");

const MODERN: ClientCapabilities = {
  ...FULL,
  textDocument: {
    ...FULL.textDocument,
    completion: {
      completionItem: { snippetSupport: true, labelDetailsSupport: true, tagSupport: { valueSet: [1] } },
      completionList: { itemDefaults: ["editRange"] },
    },
  },
};

async function start(capabilities: ClientCapabilities) {
  const { folder, path, uri } = workspaceWith({
    "main.cf": read("main.cf"),
    "master.cf": read("master.cf"),
    "amavisd.conf": read("amavisd.conf"),
    "maps/virtual": "a@example.org b@example.org\n",
  });
  const client = await Client.start({ folders: [folder], capabilities });
  const languages: Record<string, string> = {
    "main.cf": "postfix-main",
    "master.cf": "postfix-master",
    "amavisd.conf": "amavisd",
  };
  /** Completes behind lines that are added to a file. */
  const completeBehind = async (name: string, lines: string, trigger?: string) => {
    const document = client.open(path(name), read(name) + lines, languages[name]);
    const position = document.positionAt(document.getText().length);
    const context =
      trigger === undefined ? { triggerKind: 1 } : { triggerKind: 2, triggerCharacter: trigger };
    const list = await client.connection.sendRequest<CompletionList | null>("textDocument/completion", {
      textDocument: { uri: uri(name) },
      position,
      context,
    });
    return { list, text: document.getText(), position };
  };
  return { client, uri, completeBehind };
}

const item = (list: CompletionList | null, label: string): CompletionItem => {
  const found = list?.items.find((one) => one.label === label);
  if (!found) throw new Error(`no ${label} among ${list?.items.length} items`);
  return found;
};

const inOrder = (list: CompletionList | null) =>
  [...(list?.items ?? [])].sort((a, b) => ((a.sortText ?? a.label) < (b.sortText ?? b.label) ? -1 : 1));

test("what the server announces", async () => {
  const client = await Client.start();
  const provider = client.result?.capabilities.completionProvider;
  expect(provider?.resolveProvider).toBe(true);
  for (const character of ["$", "=", " ", "{", ":", "-", "@"])
    expect(provider?.triggerCharacters).toContain(character);
});

test("one range for the whole list, explanations when they are looked at", async () => {
  const { client, completeBehind } = await start(MODERN);
  const { list, position } = await completeBehind("main.cf", "smtpd_tls_sec");
  expect(list?.isIncomplete).toBe(false);
  expect(list?.itemDefaults?.editRange).toEqual({
    start: { line: position.line, character: 0 },
    end: position,
  });
  const [first] = inOrder(list);
  expect(first).toMatchObject({
    label: "smtpd_tls_security_level",
    textEditText: "smtpd_tls_security_level = ",
  });
  expect(first?.textEdit).toBeUndefined();
  expect(first?.documentation).toBeUndefined();
  const resolved = await client.connection.sendRequest<CompletionItem>("completionItem/resolve", first);
  expect(resolved.documentation).toMatchObject({ kind: "markdown", value: expect.stringContaining("TLS") });
  expect(item(list, "smtpd_use_tls").tags).toEqual([1]);
  expect(item(list, "myhostname").labelDetails?.description).toContain("line 3");
});

test("a client that knows none of it gets whole edits in plain text", async () => {
  const { client, uri, completeBehind } = await start({});
  const { list, text, position } = await completeBehind("master.cf", "127");
  expect(list?.itemDefaults).toBeUndefined();
  const [first] = inOrder(list);
  expect(first?.label).toContain("127.0.0.1:20025 inet");
  expect(first?.insertTextFormat ?? 1).toBe(1);
  const edit = first?.textEdit as TextEdit;
  expect(edit.range).toEqual({ start: { line: position.line, character: 0 }, end: position });
  expect(edit.newText).not.toMatch(/\$\{|\$\d/);
  expect(first?.documentation).toMatchObject({ kind: "markdown" });
  // Accepted, it mends what was wrong.
  const after = applied(uri("master.cf"), text, [edit]);
  client.edit(uri("master.cf"), text.slice(-20), after.slice(text.length - 20));
  await client.diagnostics(uri("amavisd.conf"), ({ diagnostics }) =>
    diagnostics.every(({ code }) => code !== "reinjection-missing"),
  );
});

test("places to fill in, for a client that has them", async () => {
  const { completeBehind } = await start(MODERN);
  const { list } = await completeBehind("master.cf", "");
  const first = item(list, inOrder(list)[0]?.label ?? "");
  expect(first.insertTextFormat).toBe(2);
  expect(first.textEditText).toMatch(
    /^\$\{1:127\.0\.0\.1:20025\} inet n - n - - smtpd\n {2}-o content_filter=\n/,
  );
});

test("further edits: postscreen takes the place of smtpd", async () => {
  const { uri, completeBehind } = await start({});
  const { list, text } = await completeBehind("master.cf", "");
  const found = list?.items.find(({ label }) => label.includes("postscreen"));
  const after = applied(uri("master.cf"), text, [
    found?.textEdit as TextEdit,
    ...(found?.additionalTextEdits ?? []),
  ]);
  expect(after).toMatch(/^smtpd +pass +-/m);
  expect(after).toMatch(/^smtp +inet +n .*postscreen$/m);
});

test("files of the workspace, by the path that Postfix uses", async () => {
  const { completeBehind } = await start(MODERN);
  const { list } = await completeBehind("main.cf", "virtual_alias_maps = hash:", ":");
  expect(inOrder(list).map(({ label }) => label)).toContain("hash:/etc/postfix/maps/virtual");
});

test("the list follows the other files", async () => {
  const { completeBehind } = await start(MODERN);
  const { list } = await completeBehind("amavisd.conf", "$forward_method = '", "'");
  const [first] = inOrder(list);
  expect(first).toMatchObject({ label: "smtp:[127.0.0.1]:10025", textEditText: "smtp:[127.0.0.1]:10025'" });
});

test("no list in a comment, nor where nobody asked for one", async () => {
  const { completeBehind } = await start(MODERN);
  expect((await completeBehind("main.cf", "# my")).list).toBeNull();
  expect(
    (await completeBehind("master.cf", "x inet n - n - - smtpd\n  -o content_filter=", "=")).list,
  ).toBeNull();
});

test("an item of somebody else comes back as it was", async () => {
  const { client } = await start(MODERN);
  const foreign = { label: "x", data: { id: 1 } };
  expect(await client.connection.sendRequest("completionItem/resolve", foreign)).toEqual(foreign);
  const odd = { label: "x", data: ["nothing", "y"] };
  expect(await client.connection.sendRequest("completionItem/resolve", odd)).toEqual(odd);
});
