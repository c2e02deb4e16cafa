#!/usr/bin/env node
/**
 * npm run test:editor: packages the extension, installs it into real VS Code versions, runs the suite in
 * the extension host and walks through the workbench.
 *
 *   node test/editor/run.mjs [--editor vscode-100|vscode-139] [--only suite|workbench] [--picture FILE]
 *
 * Pictures go to test/editor/out/pictures/; --picture copies the one for the README, from the last editor.
 * The last line counts every test: N passed, N failed.
 */
import { cpSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { packageExtension } from "../../scripts/package.mjs";
import { buildSuite, outputFolder } from "./build.mjs";
import { editors } from "./host.mjs";
import { copyExample, runSuite } from "./suiteRun.mjs";
import { Tally } from "./tally.mjs";
import { walkThroughWorkbench } from "./workbench.mjs";

const { values } = parseArgs({
  options: { editor: { type: "string" }, only: { type: "string" }, picture: { type: "string" } },
});
const tally = new Tally();

const vsix = join(outputFolder, "mailflow.vsix");
const size = await packageExtension(vsix);
console.log(`packaged: ${(size / 1000).toFixed(0)} KB`);
const suite = await buildSuite();

for (const editor of values.editor ? [values.editor] : Object.keys(editors)) {
  if (values.only !== "workbench") {
    const workspace = copyExample();
    await tally.add(`${editor} suite`, () =>
      runSuite({ editor, suite, workspace: workspace.folder, vsix: [vsix] }),
    );
    workspace.remove();
  }
  if (values.only !== "suite") {
    const pictures = join(outputFolder, "pictures", editor);
    await tally.add(`${editor} workbench`, () => walkThroughWorkbench({ editor, vsix, pictures }));
    if (values.picture) cpSync(join(pictures, "3-quick-fix.png"), values.picture);
  }
}
tally.close();
