/** The story that the program exists for, told through the protocol: mail does not come back; one key mends it. */
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import type { TextDocumentEdit } from "vscode-languageserver/node";
import { applied, Client, workspaceWith } from "./client.js";

const EXAMPLE = resolve(import.meta.dirname, "../../examples/missing-reinjection");

test("a finding in amavisd.conf is mended in master.cf, which is not open", async () => {
  const { folder, path, uri } = workspaceWith({});
  cpSync(EXAMPLE, folder, { recursive: true });
  const client = await Client.start({ folders: [folder] });
  const text = readFileSync(path("amavisd.conf"), "utf8");
  const document = client.open(path("amavisd.conf"), text, "amavisd");
  const [found] = await client.codes(uri("amavisd.conf"), "reinjection-missing");
  if (!found) throw new Error("no finding");
  expect(document.getText(found.range)).toContain("20025");
  expect(found.relatedInformation?.map(({ location }) => location.uri)).toContain(uri("master.cf"));

  const action = (await client.actions(uri("amavisd.conf"), found)).find(({ title }) => /add/i.test(title));
  const [change, ...others] = (action?.edit?.documentChanges ?? []) as TextDocumentEdit[];
  expect(others).toEqual([]);
  expect(change?.textDocument).toEqual({ uri: uri("master.cf"), version: null });
  const before = readFileSync(path("master.cf"), "utf8");
  const edits = (change?.edits ?? []).filter(
    (edit): edit is typeof edit & { newText: string } => "newText" in edit,
  );
  const after = applied(uri("master.cf"), before, edits);
  expect(after).toMatch(/^127\.0\.0\.1:20025\s+inet\s/m);

  writeFileSync(path("master.cf"), after);
  client.changedOnDisk(path("master.cf"));
  await client.codes(uri("amavisd.conf"));
  // And back, in the editor this time: the other file's finding follows the open document.
  client.open(path("master.cf"), after, "postfix-master");
  client.edit(uri("master.cf"), "127.0.0.1:20025", "127.0.0.1:20026");
  const [again] = await client.codes(uri("amavisd.conf"), "reinjection-missing");
  expect(again?.range).toEqual(found.range);
});
