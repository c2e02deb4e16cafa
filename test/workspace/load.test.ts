import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { encode, readText } from "../../server/src/workspace/decode.js";
import { discover } from "../../server/src/workspace/discover.js";
import { loadSystem, replaceText } from "../../server/src/workspace/load.js";
import { nodeFileSystem } from "../../server/src/workspace/nodeFileSystem.js";
import { sourceFiles } from "../../server/src/workspace/sourceFiles.js";
import { cpuTime } from "./cpuTime.js";
import { type MemoryFile, memoryFileSystem } from "./memoryFileSystem.js";

function load(table: Record<string, MemoryFile>, root = "/w") {
  const files = memoryFileSystem(table);
  const [layout] = discover(files, root).systems;
  if (layout === undefined) throw new Error("no system found");
  return { files, ...loadSystem(files, layout) };
}

const GOOD = { "/w/main.cf": "myhostname = mx\n", "/w/master.cf": "smtp inet n - y - - smtpd\n" };

describe("bad input costs one file and says why", () => {
  test.each<[string, MemoryFile, RegExp]>([
    ["a folder", { cause: "directory" }, /is a folder, but a file is expected/],
    ["no permission", { cause: "denied" }, /permission denied.*read permission/],
    ["a pipe", { cause: "not-regular" }, /pipe, socket or device/],
    ["gone between two reads", { cause: "not-found" }, /is gone since the folder was searched/],
    ["binary", new Uint8Array(4096).map((_, at) => (at * 37) & 255), /binary data/],
    ["NUL bytes in plenty", new Uint8Array(64), /binary data/],
    ["UTF-16", new Uint8Array([0xff, 0xfe, 0x6d, 0, 0x79, 0]), /UTF-16.*save it as UTF-8/],
    ["17 MiB", new Uint8Array(17 * 1024 * 1024).fill(35), /17\.0 MiB, more than the 16\.0 MiB/],
  ])("%s", (_title, entry, reason) => {
    const { source } = load({ ...GOOD, "/w/master.cf": entry });
    expect(source.unreadable).toEqual([
      { path: "/w/master.cf", role: "master", reason: expect.stringMatching(reason) },
    ]);
    expect(source.main?.text).toBe(GOOD["/w/main.cf"]);
    expect(source.master).toBeUndefined();
    expect(source.complete).toBe(false);
  });

  test("an unreadable amavis file leaves open what amavisd does", () => {
    const { source } = load({ ...GOOD, "/w/amavisd.conf": { cause: "denied" } });
    expect(source.complete).toBe(true);
    expect(source.amavisOpen).toMatch(/amavisd\.conf could not be read/);
  });
});

describe("every text is taken as it is", () => {
  test.each<[string, Uint8Array | string, string, string]>([
    ["CRLF", "a = b\r\nc = d\r\n", "a = b\r\nc = d\r\n", "utf-8"],
    ["BOM", new Uint8Array([0xef, 0xbb, 0xbf, 97]), "\uFEFFa", "utf-8"],
    ["UTF-8", "# grüße\n", "# grüße\n", "utf-8"],
    ["Latin-1", new Uint8Array([35, 32, 0xfc, 10]), "# ü\n", "latin-1"],
    ["one stray NUL", "a = b\0\nc = d\n", "a = b\0\nc = d\n", "utf-8"],
    ["nothing", "", "", "utf-8"],
  ])("%s", (_title, content, text, encoding) => {
    const { source } = load({ ...GOOD, "/w/main.cf": content });
    expect(source.main).toMatchObject({ text, encoding });
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    expect(encode(text, encoding === "utf-8" ? "utf-8" : "latin-1")).toEqual(bytes);
  });

  test("5 MB work", () => {
    const line = "# a comment of about fifty characters in one line\n";
    const { source } = load({ ...GOOD, "/w/main.cf": line.repeat(110_000) });
    expect(source.main?.text.length).toBe(line.length * 110_000);
  });

  test("Latin-1 cannot hold every text", () => {
    expect(encode("€", "latin-1")).toBeUndefined();
  });
});

describe("complete means that something can be missing", () => {
  test.each<[string, Record<string, MemoryFile>, boolean]>([
    ["both files, plain", GOOD, true],
    ["main.cf alone", { "/w/main.cf": "a = b\n" }, false],
    ["a template by name", { "/w/main.cf.j2": "a = b\n", "/w/master.cf": "" }, false],
    ["placeholders in a plain name", { ...GOOD, "/w/main.cf": "myhostname = {{ fqdn }}\n" }, false],
    ["ERB", { ...GOOD, "/w/main.cf": "myhostname = <%= @fqdn %>\n" }, false],
    ["autoconf style", { ...GOOD, "/w/main.cf": "myhostname = @HOSTNAME@\n" }, false],
    ["a placeholder in a comment", { ...GOOD, "/w/main.cf": "# {{ ansible_managed }}\na = b\n" }, true],
    [
      "Postfix's own conditionals",
      { ...GOOD, "/w/main.cf": "a = ${{$b} == {c} ? {d} : {e}}\nf = ${a?{b}}\n" },
      true,
    ],
    ["an address", { ...GOOD, "/w/main.cf": "always_bcc = ARCHIVE@EXAMPLE.ORG, B@EXAMPLE.ORG\n" }, true],
  ])("%s", (_title, table, expected) => {
    expect(load(table).source.complete).toBe(expected);
  });

  test("Perl that looks like a template", () => {
    const text = "@x = map {{ name => $_ }} qw(a b);\nprint __FILE__;\n$a %= 2;\n1;\n__END__\n";
    const { source } = load({ ...GOOD, "/w/amavisd.conf": text });
    expect(source.amavis[0]?.template).toBe(false);
  });
});

describe("lookup tables", () => {
  const names = (table: Record<string, MemoryFile>, root?: string) =>
    Object.fromEntries([...load(table, root).source.tables].map(([name, file]) => [name, file.path]));

  test("/etc/postfix is the folder of main.cf, wherever that is", () => {
    const main =
      "header_checks = regexp:/etc/postfix/hc\nsmtpd_x = check_access hash:$config_directory/access,\n  proxy:pcre:${config_directory}/p, cidr:/etc/postfix/absent\n";
    const table = { ...GOOD, "/w/main.cf": main, "/w/hc": "/x/ FILTER y:z\n", "/w/access": "", "/w/p": "" };
    expect(names(table)).toEqual({
      "/etc/postfix/hc": "/w/hc",
      "$config_directory/access": "/w/access",
      "/etc/postfix/access": "/w/access",
      "${config_directory}/p": "/w/p",
      "/etc/postfix/p": "/w/p",
    });
  });

  test("in a copy of a host's tree, other absolute paths are meant in that tree", () => {
    const table = {
      "/w/mx/etc/postfix/main.cf": "alias_maps = hash:/etc/aliases, hash:/var/lib/x/aliases\n",
      "/w/mx/etc/aliases": "root: me\n",
      "/etc/aliases": "never read\n",
    };
    expect(names(table)).toEqual({ "/etc/aliases": "/w/mx/etc/aliases" });
  });

  test("names in master.cf, own parameters, no comments, no other types", () => {
    const table = {
      "/w/main.cf":
        "maps = /etc/postfix/maps\na = hash:$maps/one\n# b = hash:/etc/postfix/two\nc = mysql:/etc/postfix/two\n",
      "/w/master.cf": "smtp inet n - y - - smtpd\n -o header_checks=texthash:/etc/postfix/two\n",
      "/w/maps/one": "",
      "/w/two": "",
    };
    expect(names(table)).toEqual({
      "$maps/one": "/w/maps/one",
      "/etc/postfix/maps/one": "/w/maps/one",
      "/etc/postfix/two": "/w/two",
    });
  });

  test("nothing outside the folders is read", () => {
    const main =
      "a = hash:/etc/passwd, hash:/etc/postfix/../../secret, hash:/srv/elsewhere/x, hash:$config_directory/../x\n";
    const { files, source } = load({
      ...GOOD,
      "/w/main.cf": main,
      "/etc/passwd": "",
      "/secret": "",
      "/srv/elsewhere/x": "",
      "/x": "",
    });
    expect(source.tables.size).toBe(0);
    expect(files.reads.filter((path) => !path.startsWith("/w/"))).toEqual([]);
  });

  test("variables that feed on themselves end", () => {
    const main = "a = $a$a$a\nb = $c$c\nc = $b$b\nx = hash:/$a/$b\n";
    expect(load({ ...GOOD, "/w/main.cf": main }).source.tables.size).toBe(0);
  });

  test("one very long line takes linear time", () => {
    const main = `a = ${"hash:/etc/postfix/t ".repeat(200_000)}\n`;
    // Four million characters: linear is a fraction of a second, quadratic would be hours.
    expect(cpuTime(() => load({ ...GOOD, "/w/main.cf": main }))).toBeLessThan(5000);
  });
});

describe("an edit replaces one text", () => {
  test("other files stay the same objects, the disk is not read", () => {
    const system = load({ ...GOOD, "/w/amavisd.conf": "1;\n" });
    const before = system.files.reads.length;
    const next = replaceText(system.files, system, "/w/main.cf", "myhostname = other\n");
    expect(next.source.main?.text).toBe("myhostname = other\n");
    expect(next.source.master).toBe(system.source.master);
    expect(next.source.amavis[0]).toBe(system.source.amavis[0]);
    expect(system.files.reads.length).toBe(before);
  });

  test("a table that the edit names is read", () => {
    const system = load({ ...GOOD, "/w/hc": "/x/ OK\n" });
    const next = replaceText(system.files, system, "/w/main.cf", "header_checks = regexp:/etc/postfix/hc\n");
    expect(next.source.tables.get("/etc/postfix/hc")?.text).toBe("/x/ OK\n");
    const back = replaceText(system.files, next, "/w/main.cf", "\n");
    expect(back.source.tables.size).toBe(0);
  });

  test("a placeholder that is typed makes the file a template", () => {
    const system = load(GOOD);
    const next = replaceText(system.files, system, "/w/main.cf", "myhostname = {{ host }}\n");
    expect(next.source).toMatchObject({ complete: false, main: { template: true } });
  });
});

describe("on a real disk", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "mailflow-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test("links, folders, broken links, missing permission", () => {
    const path = (name: string) => join(folder, name);
    writeFileSync(path("main.cf"), "a = b\n");
    symlinkSync(path("main.cf"), path("linked.cf"));
    symlinkSync(path("nowhere"), path("broken.cf"));
    mkdirSync(path("folder.cf"));
    writeFileSync(path("closed.cf"), "x");
    chmodSync(path("closed.cf"), 0);
    const read = (name: string) => readText(nodeFileSystem, path(name));
    expect(read("linked.cf")).toMatchObject({ kind: "decoded", text: "a = b\n" });
    expect(read("broken.cf")).toMatchObject({ kind: "refused", missing: true });
    expect(read("folder.cf")).toMatchObject({ reason: expect.stringContaining("is a folder") });
    expect(readText(nodeFileSystem, "/dev/null")).toMatchObject({
      reason: expect.stringContaining("device"),
    });
    execFileSync("mkfifo", [path("pipe.cf")]);
    expect(read("pipe.cf")).toMatchObject({ reason: expect.stringContaining("is a pipe") });
    // root reads everything.
    if (process.getuid?.() !== 0)
      expect(read("closed.cf")).toMatchObject({ reason: expect.stringContaining("denied") });
    const [layout] = discover(nodeFileSystem, folder).systems;
    expect(layout?.main?.path).toBe(path("main.cf"));
  });

  test("files of /proc say size 0 and are read all the same", () => {
    const read = readText(nodeFileSystem, "/proc/self/status");
    expect(read).toMatchObject({ text: expect.stringContaining("Pid:") });
  });
});

test("sourceFiles lists each file once", () => {
  const { source } = load({ ...GOOD, "/w/main.cf": "a = hash:$config_directory/t\n", "/w/t": "" });
  expect([...sourceFiles(source).keys()]).toEqual(["/w/main.cf", "/w/master.cf", "/w/t"]);
});
