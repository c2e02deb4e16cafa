import { describe, expect, test } from "vitest";
import { Workspace, type WorkspaceChange } from "../../server/src/workspace/workspace.js";
import { type MemoryFile, memoryFileSystem } from "./memoryFileSystem.js";

const names = ({ changed, removed }: WorkspaceChange) => ({
  changed: changed.map((system) => system.source.name),
  removed: removed.map((system) => system.source.name),
});

function workspace(files: Record<string, MemoryFile>) {
  const table = { ...files };
  const made = new Workspace(memoryFileSystem(table));
  const first = made.setRoots(["/w"]);
  return { table, made, first };
}

const HOST = (host: string) => ({ [`/w/${host}/main.cf`]: "a = b\n", [`/w/${host}/master.cf`]: "" });

describe("only what an event touches is different", () => {
  test("searching again without a change gives the same objects", () => {
    const { made, first } = workspace({ ...HOST("x"), ...HOST("y") });
    expect(names(first)).toEqual({ changed: ["x", "y"], removed: [] });
    const before = made.systems;
    expect(names(made.refresh())).toEqual({ changed: [], removed: [] });
    expect(made.systems.every((system, at) => system === before[at])).toBe(true);
  });

  test("a text on the disk", () => {
    const { table, made } = workspace({ ...HOST("x"), ...HOST("y") });
    table["/w/x/main.cf"] = "a = c\n";
    expect(names(made.diskChanged(["/w/x/main.cf", "/w/y/notes.txt"]))).toEqual({
      changed: ["x"],
      removed: [],
    });
  });

  test("open documents hide the disk until they are closed", () => {
    const { table, made } = workspace(HOST("x"));
    made.open("/w/x/main.cf", "a = typed\n");
    table["/w/x/main.cf"] = "a = disk\n";
    expect(names(made.diskChanged(["/w/x/main.cf"])).changed).toEqual([]);
    expect(made.systems[0]?.source.main?.text).toBe("a = typed\n");
    expect(names(made.close("/w/x/main.cf")).changed).toEqual(["x"]);
    expect(made.systems[0]?.source.main?.text).toBe("a = disk\n");
  });

  test("a new file joins its system before it is saved", () => {
    const { made } = workspace(HOST("x"));
    expect(names(made.open("/w/x/amavisd.conf", "1;\n")).changed).toEqual(["x"]);
    expect(made.systems[0]?.source.amavis.map((file) => file.text)).toEqual(["1;\n"]);
    expect(names(made.close("/w/x/amavisd.conf")).changed).toEqual(["x"]);
    expect(made.systems[0]?.source.amavis).toEqual([]);
  });

  test("a lookup table that appears where main.cf expects it", () => {
    const { table, made } = workspace({
      ...HOST("x"),
      "/w/x/main.cf": "header_checks = regexp:/etc/postfix/hc\n",
    });
    expect(made.systems[0]?.source.tables.size).toBe(0);
    table["/w/x/hc"] = "/x/ OK\n";
    expect(names(made.diskChanged(["/w/x/hc"])).changed).toEqual(["x"]);
    expect(made.systems[0]?.source.tables.get("/etc/postfix/hc")?.text).toBe("/x/ OK\n");
  });

  test("folders that go take their systems along", () => {
    const { table, made } = workspace({ ...HOST("x"), ...HOST("y") });
    delete table["/w/y/main.cf"];
    delete table["/w/y/master.cf"];
    expect(names(made.diskChanged(["/w/y"]))).toEqual({ changed: [], removed: ["y"] });
  });

  test("mailflow.json: names, severities and hosts count as changes", () => {
    const project = (more: object) =>
      JSON.stringify({ systems: [{ name: "mx", main: "x/main.cf", ...more }] });
    const { table, made } = workspace({ ...HOST("x"), "/w/mailflow.json": project({}) });
    table["/w/mailflow.json"] = project({ hosts: { mx: ["192.0.2.1"] } });
    expect(names(made.diskChanged(["/w/mailflow.json"])).changed).toEqual(["mx"]);
    table["/w/mailflow.json"] = "{ broken";
    expect(names(made.diskChanged(["/w/mailflow.json"])).changed).toEqual(["x"]);
    expect(made.notices).toHaveLength(1);
  });
});
