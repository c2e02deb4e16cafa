import { posix } from "node:path";
import { describe, expect, test } from "vitest";
import { discover, discoverAround } from "../../server/src/workspace/discover.js";
import type { FileSystem } from "../../server/src/workspace/fileSystem.js";
import { layoutFiles, type SystemLayout } from "../../server/src/workspace/layout.js";
import { cpuTime } from "./cpuTime.js";
import { type MemoryFile, memoryFileSystem } from "./memoryFileSystem.js";

const MAIN = "myhostname = mx.example.org\n";
const MASTER = "smtp inet n - y - - smtpd\n";
const AMAVIS = "$max_servers = 2;\n1;\n";

/** A tree below /w, from paths alone; the text follows from the name. */
function tree(paths: string, more: Record<string, MemoryFile> = {}) {
  const files: Record<string, MemoryFile> = {};
  for (const path of paths.split(/\s+/).filter(Boolean)) {
    files[`/w/${path}`] = /main\.cf/.test(path) ? MAIN : /master\.cf/.test(path) ? MASTER : AMAVIS;
  }
  return memoryFileSystem({ ...files, ...more });
}

/** One line a system: "name: files [certain] [open]", files relative to /w. */
function shown(systems: readonly SystemLayout[]): string[] {
  return systems.map((system) => {
    const files = layoutFiles(system).map(
      (file) => posix.relative("/w", file.path) + (file.template ? "*" : ""),
    );
    return [
      `${system.name}: ${files.join(" ")}`,
      system.certain ? "certain" : "",
      system.amavisOpen ? "open" : "",
    ]
      .filter(Boolean)
      .join(" ");
  });
}

function found(paths: string, more: Record<string, MemoryFile> = {}, root = "/w"): string[] {
  return shown(discover(tree(paths, more), root).systems);
}

describe("one system", () => {
  test.each([
    ["one folder", "main.cf master.cf amavisd.conf", "w: main.cf master.cf amavisd.conf certain"],
    ["Postfix alone", "main.cf master.cf", "w: main.cf master.cf certain"],
    ["main.cf alone", "main.cf", "w: main.cf certain"],
    [
      "Debian's /etc",
      "etc/postfix/main.cf etc/postfix/master.cf etc/amavis/conf.d/50-user etc/amavis/conf.d/20-debian_defaults",
      "w: etc/postfix/main.cf etc/postfix/master.cf etc/amavis/conf.d/20-debian_defaults etc/amavis/conf.d/50-user certain",
    ],
    [
      "Debian's packaged files come first",
      "etc/postfix/main.cf usr/share/amavis/conf.d/20-package etc/amavis/conf.d/20-debian_defaults",
      "w: etc/postfix/main.cf usr/share/amavis/conf.d/20-package etc/amavis/conf.d/20-debian_defaults certain",
    ],
    [
      "conf.d in C order",
      "main.cf amavis/conf.d/20-debian_defaults amavis/conf.d/9-late amavis/conf.d/20-Upper amavis/conf.d/20-_x",
      "w: main.cf amavis/conf.d/20-Upper amavis/conf.d/20-_x amavis/conf.d/20-debian_defaults amavis/conf.d/9-late certain",
    ],
    [
      "run-parts leaves names with dots out",
      "main.cf amavis/conf.d/20-debian_defaults amavis/conf.d/50-user.dpkg-old amavis/conf.d/50-user~",
      "w: main.cf amavis/conf.d/20-debian_defaults certain",
    ],
    [
      "amavisd.conf in etc",
      "etc/postfix/main.cf etc/amavisd.conf",
      "w: etc/postfix/main.cf etc/amavisd.conf certain",
    ],
    [
      "a folder amavisd",
      "etc/postfix/main.cf etc/amavisd/amavisd.conf",
      "w: etc/postfix/main.cf etc/amavisd/amavisd.conf certain",
    ],
    [
      "side by side",
      "postfix/main.cf postfix/master.cf amavis/amavisd.conf",
      "w: postfix/main.cf postfix/master.cf amavis/amavisd.conf certain",
    ],
    [
      "roles",
      "roles/postfix/templates/main.cf.j2 roles/amavis/templates/50-user.j2 roles/amavis/templates/20-debian_defaults.j2",
      "roles/postfix/templates: roles/postfix/templates/main.cf.j2* roles/amavis/templates/20-debian_defaults.j2* " +
        "roles/amavis/templates/50-user.j2* certain",
    ],
    [
      "puppet modules",
      "modules/postfix/templates/master.cf.erb modules/amavis/templates/amavisd.conf.erb",
      "modules/postfix/templates: modules/postfix/templates/master.cf.erb* modules/amavis/templates/amavisd.conf.erb* certain",
    ],
    [
      "the plain file is the instance, its proto is not",
      "main.cf main.cf.proto main.cf.dist master.cf master.cf.proto",
      "w: main.cf master.cf certain",
    ],
    [
      "a mixture of plain and template",
      "main.cf.j2 main.cf.in master.cf",
      "w: main.cf.j2* master.cf certain",
    ],
    ["amavis alone is no certain system", "amavis/amavisd.conf", "w: amavis/amavisd.conf"],
    [
      "50-user alone does not tell what listens",
      "main.cf amavis/50-user",
      "w: main.cf amavis/50-user certain open",
    ],
    [
      "other programs' main.cf",
      "postfix/main.cf node_modules/x/main.cf .git/main.cf",
      "w: postfix/main.cf certain",
    ],
  ])("%s", (_title, paths, expected) => {
    expect(found(paths)).toEqual([expected]);
  });

  test("50-user that sets the ports itself tells enough", () => {
    const more = { "/w/amavis/50-user": "$inet_socket_port = [10024, 10026];\n" };
    expect(found("main.cf", more)).toEqual(["w: main.cf amavis/50-user certain"]);
  });

  test("a comment about the ports tells nothing", () => {
    const more = { "/w/amavis/50-user": "# set $inet_socket_port here\n$max_servers = 2;\n" };
    expect(found("main.cf", more)).toEqual(["w: main.cf amavis/50-user certain open"]);
  });

  test("files of other programs with amavis in their name are left out", () => {
    const more = {
      "/w/logrotate.d/amavis.conf": "/var/log/amavis.log {\n  weekly\n}\n",
      "/w/supervisor/conf.d/amavis.conf": "[program:amavis]\ncommand=/usr/sbin/amavisd foreground\n",
      "/w/amavis/conf.d/README": "Put your settings into 50-user.\n",
    };
    expect(found("main.cf", more)).toEqual(["w: main.cf certain"]);
  });

  test("the etc folder itself can be the root, and one of its folders too", () => {
    const paths = "etc/postfix/main.cf etc/amavis/conf.d/20-debian_defaults usr/share/amavis/conf.d/10-x";
    const files =
      "etc/postfix/main.cf usr/share/amavis/conf.d/10-x etc/amavis/conf.d/20-debian_defaults certain";
    expect(found(paths, {}, "/w/etc")).toEqual([`etc: ${files}`]);
    expect(found(paths, {}, "/w/etc/postfix")).toEqual([`postfix: ${files}`]);
  });
});

describe("several systems never mix", () => {
  test("hosts side by side", () => {
    const host = (name: string) =>
      `hosts/${name}/etc/postfix/main.cf hosts/${name}/etc/postfix/master.cf hosts/${name}/etc/amavisd.conf `;
    expect(found(host("mx1") + host("mx2"))).toEqual([
      "hosts/mx1: hosts/mx1/etc/postfix/main.cf hosts/mx1/etc/postfix/master.cf hosts/mx1/etc/amavisd.conf certain",
      "hosts/mx2: hosts/mx2/etc/postfix/main.cf hosts/mx2/etc/postfix/master.cf hosts/mx2/etc/amavisd.conf certain",
    ]);
  });

  test("amavis of one host is not given to the only Postfix of another", () => {
    expect(found("mx1/etc/postfix/main.cf mx2/etc/amavisd.conf")).toEqual([
      "mx1: mx1/etc/postfix/main.cf certain",
      "mx2: mx2/etc/amavisd.conf",
    ]);
  });

  test("qualified folder names belong together or not at all", () => {
    expect(found("postfix-mx1/main.cf postfix-mx2/main.cf amavis-mx2/amavisd.conf")).toEqual([
      "postfix-mx2: postfix-mx2/main.cf amavis-mx2/amavisd.conf certain",
      "postfix-mx1: postfix-mx1/main.cf certain",
    ]);
    expect(found("postfix-mx1/main.cf amavis-mx2/amavisd.conf")).toEqual([
      "amavis-mx2: amavis-mx2/amavisd.conf",
      "postfix-mx1: postfix-mx1/main.cf certain",
    ]);
  });

  test("templates go with templates", () => {
    const paths =
      "roles/postfix/templates/main.cf.j2 roles/postfix/files/main.cf roles/amavis/templates/amavisd.conf.j2";
    expect(found(paths)).toEqual([
      "roles/postfix/templates: roles/postfix/templates/main.cf.j2* roles/amavis/templates/amavisd.conf.j2* certain",
      "roles/postfix/files: roles/postfix/files/main.cf certain",
    ]);
  });

  test("equally near to two instances: both get it, neither for certain", () => {
    expect(found("etc/postfix/main.cf etc/postfix-out/main.cf etc/amavisd.conf")).toEqual([
      "w: etc/postfix/main.cf etc/amavisd.conf",
      "etc/postfix-out: etc/postfix-out/main.cf",
    ]);
    expect(
      found("etc/postfix/main.cf etc/postfix/out/main.cf a/postfix/main.cf a/postfix2/main.cf"),
    ).toHaveLength(4);
    expect(found("a/postfix/etc/main.cf a/postfix/conf/main.cf a/amavis/amavisd.conf")).toEqual([
      "a/postfix/conf: a/postfix/conf/main.cf a/amavis/amavisd.conf",
      "a: a/postfix/etc/main.cf a/amavis/amavisd.conf",
    ]);
  });

  test("two whole amavis configurations in one folder: the second may be another daemon", () => {
    expect(found("main.cf amavisd.conf amavisd-out.conf")).toEqual([
      "w: main.cf amavisd.conf open",
      "w #2: amavisd-out.conf open",
    ]);
  });

  test("conf.d and amavisd.conf beside each other: Debian reads conf.d", () => {
    expect(found("postfix/main.cf amavis/amavisd.conf amavis/conf.d/20-debian_defaults")).toEqual([
      "postfix: postfix/main.cf amavis/conf.d/20-debian_defaults open",
      "amavis: amavis/amavisd.conf",
    ]);
  });

  test("a folder that was put aside is no instance", () => {
    const paths = "etc/postfix/main.cf etc/postfix.bak/main.cf etc/postfix-20240131/main.cf etc/amavisd.conf";
    expect(found(paths)).toEqual(["w: etc/postfix/main.cf etc/amavisd.conf certain"]);
  });

  test("names are unique", () => {
    const names = discover(tree("a/etc/postfix/main.cf a/main.cf a/etc/main.cf"), "/w").systems.map(
      ({ name }) => name,
    );
    expect(new Set(names).size).toBe(3);
  });
});

describe("links and limits", () => {
  test("a cycle of folders ends, a linked file counts", () => {
    const more = {
      "/w/loop": { link: "/w" },
      "/w/etc/postfix/master.cf": { link: "/store/master.cf" },
      "/store/master.cf": MASTER,
    };
    expect(found("etc/postfix/main.cf", more)).toEqual([
      "w: etc/postfix/main.cf etc/postfix/master.cf certain",
    ]);
  });

  test("a linked folder counts once, under its plain name", () => {
    const more = { "/w/current": { link: "/w/releases/7" } };
    expect(found("releases/7/postfix/main.cf", more)).toEqual([
      "releases/7: releases/7/postfix/main.cf certain",
    ]);
  });

  test("a link out of the root is followed only under a name of mail configuration", () => {
    const more = {
      "/w/postfix": { link: "/store/p" },
      "/w/all": { link: "/" },
      "/store/p/main.cf": MAIN,
      "/other/main.cf": MAIN,
    };
    expect(found("", more)).toEqual(["w: postfix/main.cf certain"]);
  });

  test("too many or too deep folders give a notice", () => {
    const files = tree("a/main.cf b/c/d/main.cf");
    const few = discover(files, "/w", { depth: 9, folders: 2 });
    expect(few.notices.map((notice) => notice.message)).toEqual([
      expect.stringContaining("more than 2 folders"),
    ]);
    const flat = discover(files, "/w", { depth: 2, folders: 99 });
    expect(shown(flat.systems)).toEqual(["a: a/main.cf certain"]);
    expect(flat.notices).toEqual([{ path: "/w/b/c/d", message: expect.stringContaining("deeper than 2") }]);
  });
});

describe("one opened file", () => {
  test.each([
    [
      "/w/etc/postfix/main.cf",
      "etc/postfix/main.cf etc/postfix/master.cf etc/amavis/conf.d/20-debian_defaults certain",
    ],
    [
      "/w/etc/amavis/conf.d/20-debian_defaults",
      "etc/postfix/main.cf etc/postfix/master.cf etc/amavis/conf.d/20-debian_defaults certain",
    ],
    ["/w/etc/postfix/main.cf.proto", "etc/postfix/main.cf.proto* etc/postfix/master.cf.proto*"],
  ])("%s", (path, expected) => {
    const files = tree(
      "etc/postfix/main.cf etc/postfix/master.cf etc/postfix/main.cf.proto etc/postfix/master.cf.proto " +
        "etc/amavis/conf.d/20-debian_defaults",
    );
    const systems = discoverAround(files, path).systems;
    expect(shown(systems).map((line) => line.replace(/^[^:]*: /, ""))).toEqual([expected]);
  });

  test("alone it makes a system of its own, by its name or its language", () => {
    const files = memoryFileSystem({ "/tmp/a/amavisd.conf": AMAVIS, "/tmp/b/draft": MASTER });
    expect(discoverAround(files, "/tmp/a/amavisd.conf").systems).toMatchObject([
      { main: undefined, certain: false, amavis: [{ path: "/tmp/a/amavisd.conf" }] },
    ]);
    expect(discoverAround(files, "/tmp/b/draft").systems).toEqual([]);
    expect(discoverAround(files, "/tmp/b/draft", "master").systems).toMatchObject([
      { certain: false, master: { path: "/tmp/b/draft" } },
    ]);
  });
});

describe("many", () => {
  /** A file system of that many hosts, quick enough not to be what is measured. */
  function hosts(count: number): FileSystem {
    const folders = new Map<string, Map<string, "file" | "directory">>();
    const add = (path: string, kind: "file" | "directory") => {
      const folder = posix.dirname(path);
      const entries = folders.get(folder) ?? new Map();
      folders.set(folder, entries.set(posix.basename(path), kind));
      if (folder !== "/") add(folder, "directory");
    };
    for (let host = 0; host < count; host++) {
      add(`/w/h${host}/etc/postfix/main.cf`, "file");
      add(`/w/h${host}/etc/amavisd.conf`, "file");
    }
    return {
      ...memoryFileSystem({}),
      readDirectory: (path) => [...(folders.get(path) ?? [])].map(([name, kind]) => ({ name, kind })),
    };
  }

  test("two thousand hosts are found in linear time", () => {
    const files = hosts(2000);
    // Some 0.2 s of processor time; comparing every host with every other would be four million comparisons.
    expect(cpuTime(() => expect(discover(files, "/w").systems).toHaveLength(2000))).toBeLessThan(3000);
  });
});
