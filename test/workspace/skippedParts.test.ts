/** Files in amavis's conf.d whose names run-parts refuses: members of the system that give it no values. */
import { describe, expect, test } from "vitest";
import { analyse } from "../../server/src/analysis.js";
import { discover, discoverAround } from "../../server/src/workspace/discover.js";
import type { FileSystem } from "../../server/src/workspace/fileSystem.js";
import { loadSystem } from "../../server/src/workspace/load.js";
import { skippedPart } from "../../server/src/workspace/names.js";
import { Workspace } from "../../server/src/workspace/workspace.js";
import { type MemoryFile, memoryFileSystem } from "./memoryFileSystem.js";

const USER = "use strict;\n$inet_socket_port = 10024;\n1;\n";
const LOCAL = "use strict;\n$max_servers = 7;\n1;\n";

const skippedIn = (table: Record<string, MemoryFile>, root = "/w") =>
  discover(memoryFileSystem(table), root).systems.flatMap(({ skipped }) => skipped.map(({ path }) => path));

function findings(files: FileSystem, root: string) {
  return discover(files, root)
    .systems.flatMap((layout) => analyse(loadSystem(files, layout).source).findings)
    .filter(({ code }) => code === "confd-name-ignored")
    .map(({ file }) => file);
}

describe("names", () => {
  const skipped =
    "60-local.conf 50-user.local 55-mx.pl 60+banks 50-user.mx1.example.com 60:x local.cf x.old-mx";
  test.each(skipped.split(" "))("%s was meant to be read", (name) => {
    expect(skippedPart(`/etc/amavis/conf.d/${name}`)?.skipped).toBe(true);
  });

  const read = "60-local 50-user 01_debian mine 50--";
  const aside =
    "50-user~ 50-user.bak 50-user.orig 50-user.dpkg-old 50-user.dpkg-dist 50-user.dpkg-new 50-user.ucf-dist " +
    "50-user.rpmsave 50-user.rpmnew .50-user.swp #50-user# .hidden.conf 60-local.conf.disabled 60-local.off " +
    "50-user.save 50-user.old 50-user.2024-01-31 50-user.20240131 50-user-20240131.conf 50-user_bak.conf 50-user.1 " +
    "60-local.conf.bak2 60-local.conf.copy";
  const templates =
    "50-user.j2 60-local.conf.erb 60-local.epp 60-local.tmpl 60-local.conf.in 50-user.template";
  const others = "README.md NOTES.txt install.sh init.pp amavisd.conf amavis.conf";
  test.each([read, aside, templates, others].join(" ").split(" "))("%s is not called skipped", (name) => {
    expect(skippedPart(`/etc/amavis/conf.d/${name}`)).toBeUndefined();
  });

  test("copies that a file manager made", () => {
    for (const name of ["50-user (copy)", "Copy of 50-user", "50-user copy.conf"])
      expect(skippedPart(`/etc/amavis/conf.d/${name}`)).toBeUndefined();
  });
});

describe("found", () => {
  test("in amavis/conf.d, and in a conf.d with one of Debian's files", () => {
    expect(
      skippedIn({
        "/w/etc/amavis/conf.d/50-user": USER,
        "/w/etc/amavis/conf.d/60-local.conf": LOCAL,
        "/w/etc/amavis/conf.d/70-amavis.conf": LOCAL,
      }),
    ).toEqual(["/w/etc/amavis/conf.d/60-local.conf", "/w/etc/amavis/conf.d/70-amavis.conf"]);
    const other = { "/w/mail/conf.d/20-debian_defaults": USER, "/w/mail/conf.d/mine.pl": LOCAL };
    expect(skippedIn(other)).toEqual(["/w/mail/conf.d/mine.pl"]);
  });

  test("in /usr/share/amavis/conf.d too", () => {
    const table = {
      "/w/usr/share/amavis/conf.d/20-package": USER,
      "/w/usr/share/amavis/conf.d/30-x.conf": LOCAL,
      "/w/etc/amavis/conf.d/50-user": USER,
      "/w/etc/amavis/conf.d/60-local.conf": LOCAL,
    };
    expect(skippedIn(table)).toEqual([
      "/w/usr/share/amavis/conf.d/30-x.conf",
      "/w/etc/amavis/conf.d/60-local.conf",
    ]);
  });

  test.each<[string, Record<string, MemoryFile>]>([
    ["conf.d of another program", { "/w/apache/conf.d/50-x": USER, "/w/apache/conf.d/60-y.conf": LOCAL }],
    ["nothing there is read by run-parts", { "/w/amavis/conf.d/60-local.conf": LOCAL }],
    ["not a conf.d", { "/w/amavis/50-user": USER, "/w/amavis/60-local.conf": LOCAL }],
    ["no statement in it", { "/w/amavis/conf.d/50-user": USER, "/w/amavis/conf.d/60-x.conf": "# later\n" }],
    ["a folder", { "/w/amavis/conf.d/50-user": USER, "/w/amavis/conf.d/60-x.d/60-y.conf": LOCAL }],
    ["a broken link", { "/w/amavis/conf.d/50-user": USER, "/w/amavis/conf.d/60-x.conf": { link: "/gone" } }],
  ])("not found: %s", (_what, table) => {
    expect(skippedIn(table)).toEqual([]);
  });

  test("a whole configuration in a folder that run-parts does not read stays one", () => {
    const systems = discover(memoryFileSystem({ "/w/amavis/conf.d/60-amavis.conf": USER }), "/w").systems;
    expect(systems.flatMap(({ amavis }) => amavis.map(({ path }) => path))).toEqual([
      "/w/amavis/conf.d/60-amavis.conf",
    ]);
  });
});

test("a skipped file gives no values, and says so itself", () => {
  const files = memoryFileSystem({
    "/etc/amavis/conf.d/50-user": USER,
    "/etc/amavis/conf.d/60-local.conf": LOCAL,
  });
  const [layout] = discover(files, "/etc/amavis").systems;
  if (layout === undefined) throw new Error("no system");
  const { system } = analyse(loadSystem(files, layout).source);
  expect(system.amavis?.value("$max_servers")?.origins).toEqual([]);
  expect(findings(files, "/etc/amavis")).toEqual(["/etc/amavis/conf.d/60-local.conf"]);
});

test("included by its path, or through a variable, it is read", () => {
  const table = (line: string) =>
    memoryFileSystem({
      "/etc/amavis/conf.d/50-user": `${USER}${line}\n1;\n`,
      "/etc/amavis/conf.d/60-local.conf": LOCAL,
    });
  const lines = [
    "include_config_files('/etc/amavis/conf.d/60-local.conf');",
    "do '/etc/amavis/conf.d/60-local.conf';",
    "my $d = '/etc/amavis/conf.d'; include_optional_config_files(\"$d/60-local.conf\");",
    "for my $n (qw(60-local 70-x)) { include_optional_config_files('/etc/amavis/conf.d/' . $n . '.conf') }",
    "include_config_files(</etc/amavis/conf.d/*.conf>);",
  ];
  for (const line of lines) expect(findings(table(line), "/etc/amavis"), line).toEqual([]);
  expect(findings(table("# do '/etc/amavis/conf.d/60-local.conf';"), "/etc/amavis")).toHaveLength(1);
});

describe("in an editor", () => {
  const table = { "/w/amavis/conf.d/50-user": USER, "/w/amavis/conf.d/60-local.conf": LOCAL };

  test("opened alone it brings its system, and edits are followed", () => {
    const [layout] = discoverAround(memoryFileSystem(table), "/w/amavis/conf.d/60-local.conf").systems;
    expect(layout?.amavis.map(({ path }) => path)).toEqual(["/w/amavis/conf.d/50-user"]);
    const workspace = new Workspace(memoryFileSystem(table));
    workspace.open("/w/amavis/conf.d/60-local.conf", LOCAL, "amavis");
    const [system] = workspace.systemsOf("/w/amavis/conf.d/60-local.conf");
    expect(system?.source.amavis).toHaveLength(1);
    const { changed } = workspace.change("/w/amavis/conf.d/60-local.conf", `# x\n${LOCAL}`);
    expect(changed[0]?.source.skipped?.[0]?.text).toBe(`# x\n${LOCAL}`);
  });

  test("a new file belongs to the system with its first statement, and after a rename it is read", () => {
    const disk: Record<string, MemoryFile> = { "/w/amavis/conf.d/50-user": USER };
    const workspace = new Workspace(memoryFileSystem(disk));
    workspace.setRoots(["/w"]);
    disk["/w/amavis/conf.d/60-new.pl"] = "";
    workspace.open("/w/amavis/conf.d/60-new.pl", "");
    expect(workspace.systemsOf("/w/amavis/conf.d/60-new.pl")).toEqual([]);
    workspace.change("/w/amavis/conf.d/60-new.pl", "$max_servers = 3;\n");
    expect(workspace.systemsOf("/w/amavis/conf.d/60-new.pl")).toHaveLength(1);

    disk["/w/amavis/conf.d/60-new"] = "$max_servers = 3;\n";
    delete disk["/w/amavis/conf.d/60-new.pl"];
    workspace.close("/w/amavis/conf.d/60-new.pl");
    const { changed } = workspace.diskChanged(["/w/amavis/conf.d/60-new.pl", "/w/amavis/conf.d/60-new"]);
    const source = (changed[0] ?? workspace.systems[0])?.source;
    expect(source?.amavis.map(({ path }) => path)).toEqual([
      "/w/amavis/conf.d/50-user",
      "/w/amavis/conf.d/60-new",
    ]);
    expect(source?.skipped).toEqual([]);
  });

  test("one that appears on the disk", () => {
    const disk: Record<string, MemoryFile> = { "/w/amavis/conf.d/50-user": USER };
    const workspace = new Workspace(memoryFileSystem(disk));
    workspace.setRoots(["/w"]);
    disk["/w/amavis/conf.d/mine.conf"] = LOCAL;
    const { changed } = workspace.diskChanged(["/w/amavis/conf.d/mine.conf"]);
    expect(changed[0]?.source.skipped?.map(({ path }) => path)).toEqual(["/w/amavis/conf.d/mine.conf"]);
  });
});
