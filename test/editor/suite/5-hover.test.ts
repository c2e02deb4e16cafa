import * as assert from "node:assert";
import * as vscode from "vscode";
import { closeAll, placeOf, show, until, workspaceFile } from "./support.js";

suite("hover", () => {
  teardown(closeAll);

  const cases = [
    { name: "a parameter of main.cf", file: "main.cf", on: "content_filter", says: [/content_filter/] },
    { name: "a service line of master.cf", file: "master.cf", on: "smtp ", says: [/\b25\b/, /smtpd/] },
    {
      name: "port 20025",
      file: "amavisd.conf",
      on: "20025",
      says: [/20025/, /reinject/i, /unassigned|not assigned|IANA/i],
    },
    {
      name: "a variable of amavisd",
      file: "amavisd.conf",
      on: "$forward_method",
      says: [/forward_method/, /20025/],
    },
  ];

  for (const { name, file, on, says } of cases) {
    test(`on ${name} tells what it is in this system`, async () => {
      const { document } = await show(workspaceFile(file));
      const range = placeOf(document, on);
      const place = range.start.translate(0, 1);
      let text = "";
      await until(`a hover on ${JSON.stringify(on)}`, async () => {
        text = await hoverText(document.uri, place);
        return text !== "";
      });
      for (const pattern of says) assert.match(text, pattern);
    });
  }
});

async function hoverText(uri: vscode.Uri, place: vscode.Position): Promise<string> {
  const hovers: vscode.Hover[] = await vscode.commands.executeCommand(
    "vscode.executeHoverProvider",
    uri,
    place,
  );
  const parts = hovers.flatMap(({ contents }) => contents);
  return parts.map((part) => (typeof part === "string" ? part : part.value)).join("\n");
}
