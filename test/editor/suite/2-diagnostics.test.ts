import * as assert from "node:assert";
import * as vscode from "vscode";
import {
  closeAll,
  codeOf,
  diagnosticsOf,
  findingsIn,
  placeOf,
  show,
  untilCodes,
  workspaceFile,
} from "./support.js";

suite("diagnostics of a mail system whose filter has nowhere to hand mail back", () => {
  const amavis = workspaceFile("amavisd.conf");
  const master = workspaceFile("master.cf");
  const main = workspaceFile("main.cf");

  teardown(closeAll);

  test("stand in a file that is not open", async () => {
    await untilCodes(amavis, ["reinjection-missing"]);
    const open = vscode.workspace.textDocuments.map(({ uri }) => uri.toString());
    assert.ok(!open.includes(amavis.toString()), "amavisd.conf is not open");
  });

  test("underline the forward method, and nothing else in the system is an error", async () => {
    await untilCodes(amavis, ["reinjection-missing"]);
    const [finding] = await findingsIn(amavis);
    assert.strictEqual(finding?.severity, "error");
    assert.match(finding.text, /^(['"]?)smtp:\[127\.0\.0\.1\]:20025\1$/);
    const others = [...(await findingsIn(main)), ...(await findingsIn(master))];
    assert.deepStrictEqual(
      others.filter(({ severity }) => severity === "error" || severity === "warning"),
      [],
    );
  });

  test("name the port and lead to the other end", async () => {
    await untilCodes(amavis, ["reinjection-missing"]);
    const [diagnostic] = diagnosticsOf(amavis);
    assert.match(diagnostic?.message ?? "", /20025/);
    const elsewhere = (diagnostic?.relatedInformation ?? []).map(({ location }) => location);
    const files = elsewhere.map(({ uri }) => uri.path.split("/").pop());
    assert.ok(
      files.includes("main.cf") || files.includes("master.cf"),
      `related files: ${files.join() || "none"}`,
    );
    for (const { uri, range } of elsewhere) {
      const document = await vscode.workspace.openTextDocument(uri);
      assert.ok(document.validateRange(range).isEqual(range), `${uri.path} has the related range`);
      assert.notStrictEqual(document.getText(range).trim(), "", "the related range is not empty");
    }
  });

  test("stay the same when the file is opened", async () => {
    await untilCodes(amavis, ["reinjection-missing"]);
    const before = diagnosticsOf(amavis).map((diagnostic) => [codeOf(diagnostic), diagnostic.range]);
    const { document } = await show(amavis);
    await untilCodes(amavis, ["reinjection-missing"]);
    assert.deepStrictEqual(
      diagnosticsOf(amavis).map((diagnostic) => [codeOf(diagnostic), diagnostic.range]),
      before,
    );
    const value = placeOf(document, "smtp:[127.0.0.1]:20025");
    assert.ok(diagnosticsOf(amavis)[0]?.range.contains(value));
  });
});
