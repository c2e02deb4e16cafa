/** Owner and mode of amavisd's files: told on the host itself, never from a copy. */
import { describe, expect, test } from "vitest";
import { analyse } from "../../server/src/analysis.js";
import { discover } from "../../server/src/workspace/discover.js";
import type { FileStatus } from "../../server/src/workspace/fileSystem.js";
import { loadSystem, replaceText } from "../../server/src/workspace/load.js";
import { overlayFileSystem } from "../../server/src/workspace/overlay.js";
import { memoryFileSystem } from "./memoryFileSystem.js";

type Access = Record<string, FileStatus["access"]>;
const ROOT = { owner: 0, mode: 0o100644 };

function refused(folder: string, access: Access, text = "$max_servers = 2;\n1;\n") {
  const table = {
    [`${folder}/20-debian_defaults`]: "use strict;\n1;\n",
    [`${folder}/50-user`]: `# mine\n${text}`,
  };
  const files = memoryFileSystem(table, access);
  return discover(files, folder.split("/").slice(0, -1).join("/"))
    .systems.flatMap((layout) => analyse(loadSystem(files, layout).source).findings)
    .filter(({ code }) => code === "config-permissions")
    .map(({ file, severity, range, message }) => [file, severity, range.start, message]);
}

describe("on the host", () => {
  test("a file of somebody else, and one that everybody may write", () => {
    const access: Access = {
      "/etc/amavis/conf.d/20-debian_defaults": { owner: 0, mode: 0o100666 },
      "/etc/amavis/conf.d/50-user": { owner: 1000, mode: 0o100644 },
    };
    expect(refused("/etc/amavis/conf.d", access)).toEqual([
      [
        "/etc/amavis/conf.d/20-debian_defaults",
        "error",
        0,
        'Everybody may write to /etc/amavis/conf.d/20-debian_defaults: amavisd stops at its start with "is writable by EUID".',
      ],
      [
        "/etc/amavis/conf.d/50-user",
        "error",
        7,
        '/etc/amavis/conf.d/50-user does not belong to root: amavisd stops at its start with "should be owned by root (uid 0)".',
      ],
    ]);
  });

  test("root's own files, those of a user namespace, and a platform without owners", () => {
    const path = "/etc/amavis/conf.d/50-user";
    expect(refused("/etc/amavis/conf.d", { [path]: ROOT })).toEqual([]);
    expect(refused("/etc/amavis/conf.d", { [path]: { owner: 65534, mode: 0o100644 } })).toEqual([]);
    expect(refused("/etc/amavis/conf.d", {})).toEqual([]);
  });

  test("the check is switched off", () => {
    const access: Access = { "/etc/amavis/conf.d/50-user": { owner: 1000, mode: 0o100644 } };
    const text = "$i_know_what_i_am_doing{no_conf_file_writable_check} = 1;\n1;\n";
    expect(refused("/etc/amavis/conf.d", access, text)).toEqual([]);
  });

  test("a document that is open keeps the owner of its file, and typing does not lose it", () => {
    const path = "/etc/amavis/conf.d/50-user";
    const disk = memoryFileSystem({ [path]: "1;\n" }, { [path]: { owner: 1000, mode: 0o100644 } });
    const files = overlayFileSystem(disk, new Map([[path, "2;\n"]]));
    const [layout] = discover(files, "/etc/amavis").systems;
    if (layout === undefined) throw new Error("no system");
    const loaded = loadSystem(files, layout);
    expect([...(loaded.source.refused ?? [])]).toEqual([[path, "not-root"]]);
    expect([...(replaceText(files, loaded, path, "3;\n").source.refused ?? [])]).toEqual([
      [path, "not-root"],
    ]);
  });
});

test("a copy in a repository says nothing", () => {
  const access: Access = { "/home/me/mail/amavis/conf.d/50-user": { owner: 1000, mode: 0o100666 } };
  expect(refused("/home/me/mail/amavis/conf.d", access)).toEqual([]);
});
