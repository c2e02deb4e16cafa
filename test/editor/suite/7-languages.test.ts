import * as assert from "node:assert";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as vscode from "vscode";
import { closeAll } from "./support.js";

const files: Readonly<Record<string, readonly string[]>> = {
  "postfix-main": [
    "main.cf",
    "main.cf.proto",
    "templates/main.cf.j2",
    "main.cf.erb",
    "main.cf.in",
    "main.cf.default",
  ],
  "postfix-master": [
    "master.cf",
    "master.cf.proto",
    "templates/master.cf.j2",
    "master.cf.erb",
    "master.cf.in",
  ],
  amavisd: [
    "amavisd.conf",
    "amavis/conf.d/50-user",
    "amavis/conf.d/15-content_filter_mode",
    "roles/amavis/templates/50-user.j2",
    "amavisd.conf.j2",
    "amavisd.conf.in",
  ],
  plaintext: ["main.cfg.txt", "notes/50-users"],
};

suite("language by file name", () => {
  const folder = mkdtempSync(join(tmpdir(), "mailflow-languages-"));

  suiteTeardown(async () => {
    await closeAll();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const [language, paths] of Object.entries(files)) {
    for (const path of paths) {
      test(`${path} is ${language}`, async () => {
        const file = join(folder, path);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, "\n");
        const document = await vscode.workspace.openTextDocument(vscode.Uri.file(file));
        assert.strictEqual(document.languageId, language);
      });
    }
  }
});
