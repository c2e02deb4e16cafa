/** Files that amavisd's configuration includes are read where they lie inside the system's folders. */
import { describe, expect, test } from "vitest";
import { analyse } from "../../server/src/analysis.js";
import { discover } from "../../server/src/workspace/discover.js";
import { includedPaths } from "../../server/src/workspace/includes.js";
import { loadSystem, replaceText } from "../../server/src/workspace/load.js";
import { Workspace } from "../../server/src/workspace/workspace.js";
import { type MemoryFile, memoryFileSystem } from "./memoryFileSystem.js";

function load(table: Record<string, string>) {
  const files = memoryFileSystem(table);
  const layout = discover(files, "/w").systems.find((one) => one.amavis.length > 0);
  if (!layout) throw new Error("no system found");
  return { files, system: loadSystem(files, layout) };
}

const ports = (system: ReturnType<typeof load>["system"]) =>
  analyse(system.source).system.amavis?.listeners.map((one) =>
    one.network === "inet" ? one.port : one.path,
  );

const MAIN = "$inet_socket_bind = '127.0.0.1';\n";
const WITH = `${MAIN}include_config_files('/etc/amavis/local.pl');\n1;\n`;

test.each([
  ["include_config_files('/a', \"/b\");", ["/a", "/b"]],
  ["include_optional_config_files '/a' , '/b';", ["/a", "/b"]],
  ["do '/a'; read_config_file('/b');", ["/a", "/b"]],
  ["# include_config_files('/a');", []],
  ["include_config_files(\"/etc/$name\"); include_config_files('relative');", []],
  ["include_config_files($file); do { 1 };", []],
  ["require '/a'; require Foo::Bar; require 'b.pl'; require 5.010;", ["/a"]],
  ["include_config_files('/a'); include_config_files('/a');", ["/a"]],
])("%s", (text, expected) => {
  expect(includedPaths(text)).toEqual(expected);
});

describe("a port that only the included file sets", () => {
  test("beside amavisd.conf, and in a copy of the host's tree", () => {
    const local = "$inet_socket_port = 10030;\n1;\n";
    expect(ports(load({ "/w/amavisd.conf": WITH, "/w/local.pl": local }).system)).toEqual([10030]);
    const tree = load({ "/w/h/etc/amavis/amavisd.conf": WITH, "/w/h/etc/amavis/local.pl": local });
    expect(ports(tree.system)).toEqual([10030]);
  });

  test("included by an included one", () => {
    const { system } = load({
      "/w/amavisd.conf": WITH,
      "/w/local.pl": "include_config_files('/etc/amavis/deep.pl');\n1;\n",
      "/w/deep.pl": "$inet_socket_port = 10031;\n1;\n",
    });
    expect(ports(system)).toEqual([10031]);
    expect([...(system.source.includes?.keys() ?? [])]).toEqual([
      "/etc/amavis/local.pl",
      "/etc/amavis/deep.pl",
    ]);
  });

  test("a file that is not here may set anything", () => {
    const { system } = load({ "/w/amavisd.conf": WITH });
    expect(analyse(system.source).system.amavis?.open).toBeDefined();
    expect(system.includePlaces).toContain("/w/local.pl");
  });

  test("nothing is read outside the folders", () => {
    const { system } = load({
      "/w/amavisd.conf": "include_config_files('/etc/amavis/../../../x.pl', '/srv/x.pl');\n1;\n",
      "/srv/x.pl": "$inet_socket_port = 10032;\n",
      "/x.pl": "$inet_socket_port = 10033;\n",
    });
    expect(system.source.includes?.size).toBe(0);
  });
});

test("an edit of the included file, and one that includes another", () => {
  const { files, system } = load({
    "/w/amavisd.conf": WITH,
    "/w/local.pl": "$inet_socket_port = 10030;\n1;\n",
    "/w/other.pl": "$inet_socket_port = 10040;\n1;\n",
  });
  const edited = replaceText(files, system, "/w/local.pl", "$inet_socket_port = 10035;\n1;\n");
  expect(ports(edited)).toEqual([10035]);
  const again = analyse(edited.source, analyse(system.source));
  expect(again.system.amavis?.listeners.map((one) => one.network === "inet" && one.port)).toEqual([10035]);
  const other = replaceText(files, edited, "/w/amavisd.conf", WITH.replace("local.pl", "other.pl"));
  expect(ports(other)).toEqual([10040]);
});

describe("what is no file", () => {
  const gapsOf = (table: Record<string, MemoryFile>, root: string) => {
    const files = memoryFileSystem(table);
    const layout = discover(files, root).systems.find((one) => one.amavis.length > 0);
    if (!layout) throw new Error("no system found");
    return Object.fromEntries(loadSystem(files, layout).source.includeGaps ?? []);
  };
  const include = (...paths: string[]) =>
    `include_config_files(${paths.map((path) => `'${path}'`).join(", ")});\n1;\n`;

  test("missing for certain on the machine itself, and where a path names its own folder", () => {
    const live = include("/etc/amavis/no.conf", "/etc/amavis/none/x.conf", "/srv/x.conf");
    expect(gapsOf({ "/etc/amavis/conf.d/50-user": live }, "/etc/amavis")).toEqual({
      "/etc/amavis/no.conf": "missing",
      "/etc/amavis/none/x.conf": "missing",
    });
    expect(gapsOf({ "/etc/amavisd.conf": include("/etc/other/no.conf") }, "/etc")).toEqual({
      "/etc/other/no.conf": "missing",
    });
    expect(gapsOf({ "/w/amavisd.conf": include("/w/no.conf") }, "/w")).toEqual({ "/w/no.conf": "missing" });
  });

  test("in a copy the machine may have it: said only where others of its folder are here", () => {
    const text = include("/etc/amavis/no.conf", "/etc/amavis/none/x.conf", "/etc/mail/x.conf", "/var/x.conf");
    const table = { "/w/h/etc/amavis/amavisd.conf": text, "/w/h/etc/mail/aliases": "" };
    expect(gapsOf(table, "/w")).toEqual({
      "/etc/amavis/no.conf": "missing-in-copy",
      "/etc/mail/x.conf": "missing-in-copy",
    });
  });

  test("a folder, a file that cannot be read, a broken link", () => {
    const table: Record<string, MemoryFile> = {
      "/etc/amavis/amavisd.conf": include("/etc/amavis/d", "/etc/amavis/secret", "/etc/amavis/link"),
      "/etc/amavis/d/x": "",
      "/etc/amavis/secret": { cause: "denied" },
      "/etc/amavis/link": { link: "/nowhere" },
    };
    expect(gapsOf(table, "/etc/amavis")).toEqual({
      "/etc/amavis/d": "directory",
      "/etc/amavis/link": "missing",
    });
  });

  test("Debian's packaged files come first and are not the folder that paths are looked for in", () => {
    const table = {
      "/w/usr/share/amavis/conf.d/20-package": MAIN,
      "/w/etc/amavis/conf.d/50-user": include("/etc/amavis/local.conf"),
      "/w/etc/amavis/local.conf": "$inet_socket_port = 10050;\n1;\n",
    };
    expect(ports(load(table).system)).toEqual([10050]);
  });

  test("a file that appears ends the gap, and one that goes opens it", () => {
    const disk: Record<string, MemoryFile> = {
      "/etc/amavis/conf.d/50-user": include("/etc/amavis/local.conf"),
    };
    const workspace = new Workspace(memoryFileSystem(disk));
    workspace.setRoots(["/etc/amavis"]);
    const codes = () =>
      analyse(workspace.systems[0]?.source ?? never())
        .findings.filter(({ code }) => code === "include-missing")
        .map(({ severity }) => severity);
    expect(codes()).toEqual(["error"]);
    disk["/etc/amavis/local.conf"] = "1;\n";
    expect(workspace.diskChanged(["/etc/amavis/local.conf"]).changed).toHaveLength(1);
    expect(codes()).toEqual([]);
    delete disk["/etc/amavis/local.conf"];
    expect(workspace.diskChanged(["/etc/amavis/local.conf"]).changed).toHaveLength(1);
    expect(codes()).toEqual(["error"]);
  });
});

describe("a path that is worked out", () => {
  const table = {
    "/w/amavisd.conf":
      "$inet_socket_bind = '127.0.0.1';\nmy $d = '/etc/amavis';\ninclude_config_files(\"$d/one.pl\");\n1;\n",
    "/w/one.pl": '$inet_socket_port = 10061;\ninclude_config_files("/etc/amavis/$extra") if 0;\n1;\n',
    "/w/two.pl": "$inet_socket_port = 10062;\n1;\n",
  };

  test("is followed, also after an edit of what it is made of", () => {
    const { files, system } = load(table);
    expect(ports(system)).toEqual([10061]);
    const edited = replaceText(
      files,
      system,
      "/w/amavisd.conf",
      table["/w/amavisd.conf"].replace("one.pl", "two.pl"),
    );
    expect(ports(edited)).toEqual([10062]);
  });

  test.each([
    "include_config_files(\n  qw(/etc/amavis/two.pl)\n);",
    "include_config_files(map { \"/etc/amavis/$_.pl\" } 'two');",
    "include_config_files('/etc/amavis/one.pl', $ENV{X} ? () : (), '/etc/amavis/two.pl');",
    "my $n = 'two'; do '/etc/amavis/' . $n . '.pl';",
  ])("%s", (line) => {
    const text = `$inet_socket_bind = '127.0.0.1';\n${line}\n1;\n`;
    const { system } = load({ ...table, "/w/amavisd.conf": text });
    expect([...(system.source.includes?.keys() ?? [])]).toContain("/etc/amavis/two.pl");
  });

  test("in a loop, and through a variable of another file", () => {
    const text =
      "$inet_socket_bind = '127.0.0.1';\nour $which = 'two';\nfor my $n ('one', $which) { include_config_files(\"/etc/amavis/$n.pl\") }\n1;\n";
    expect(ports(load({ ...table, "/w/amavisd.conf": text }).system)).toEqual([10062]);
  });
});

function never(): never {
  throw new Error("no system found");
}
