/** A file of conf.d that amavisd skips says so in the editor, and can be renamed there. */
import { readFileSync, renameSync } from "node:fs";
import { expect, test } from "vitest";
import { Client, FULL, workspaceWith } from "./client.js";

const FILES = {
  "amavis/conf.d/50-user": "use strict;\n$inet_socket_port = 10024;\n1;\n",
  "amavis/conf.d/60-local.conf": "use strict;\n$max_servers = 7;\n1;\n",
};

const RENAMING = {
  ...FULL,
  workspace: {
    ...FULL.workspace,
    workspaceEdit: { documentChanges: true, resourceOperations: ["create", "rename", "delete"] },
  },
} as typeof FULL;

test("found without being open, followed while it is edited, and read after the rename", async () => {
  const { folder, path, uri } = workspaceWith(FILES);
  const client = await Client.start({ folders: [folder], capabilities: RENAMING });
  const skipped = "amavis/conf.d/60-local.conf";
  const [found] = await client.codes(uri(skipped), "confd-name-ignored");
  if (!found) throw new Error("no finding");
  expect(found.severity).toBe(2);
  expect(found.range.start).toEqual({ line: 0, character: 0 });

  client.open(path(skipped), `# mine\n${readFileSync(path(skipped), "utf8")}`, "amavisd");
  const [moved] = await client.version(uri(skipped), 1);
  if (!moved) throw new Error("no finding any more");
  expect(moved.range.start).toEqual({ line: 1, character: 0 });

  const actions = await client.actions(uri(skipped), moved);
  const action = actions.find(({ title }) => title.startsWith("Rename the file to 60-local,"));
  expect(action?.isPreferred).toBeUndefined();
  expect(action?.edit?.documentChanges).toEqual([
    {
      kind: "rename",
      oldUri: uri(skipped),
      newUri: uri("amavis/conf.d/60-local"),
      options: { overwrite: false, ignoreIfExists: false },
    },
  ]);

  renameSync(path(skipped), path("amavis/conf.d/60-local"));
  client.close(uri(skipped));
  client.open(path("amavis/conf.d/60-local"), "use strict;\n$max_servers = 7;\n1;\n", "amavisd");
  client.changedOnDisk(path(skipped), path("amavis/conf.d/60-local"));
  await client.codes(uri("amavis/conf.d/60-local"));
  await client.codes(uri(skipped));
});

test("a client that cannot rename is offered no rename", async () => {
  const { folder, uri } = workspaceWith(FILES);
  const client = await Client.start({ folders: [folder], capabilities: FULL });
  const [found] = await client.codes(uri("amavis/conf.d/60-local.conf"), "confd-name-ignored");
  if (!found) throw new Error("no finding");
  expect(await client.actions(uri("amavis/conf.d/60-local.conf"), found)).toEqual([]);
});
