import * as assert from "node:assert";
import * as vscode from "vscode";
import { extensionId, until } from "./support.js";

// The first file that mocha loads: nothing has been opened and nobody has called activate().
suite("activation", () => {
  test("a folder with a mail system wakes the extension", async () => {
    const extension = vscode.extensions.getExtension(extensionId);
    assert.ok(extension, `${extensionId} is installed`);
    await until("the extension is active", () => extension.isActive);
  });
});
