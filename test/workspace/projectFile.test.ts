import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Finding } from "../../server/src/rules/finding.js";
import { discover } from "../../server/src/workspace/discover.js";
import { layoutFiles } from "../../server/src/workspace/layout.js";
import { applyRuleLevels } from "../../server/src/workspace/ruleLevels.js";
import { memoryFileSystem } from "./memoryFileSystem.js";

const FILES = {
  "/w/a/main.cf": "a = b\n",
  "/w/a/master.cf": "",
  "/w/odd/filter": "$max_servers = 2;\n",
  "/w/odd/d/02-b": "1;\n",
  "/w/odd/d/01-a": "1;\n",
  "/w/odd/d/03.off": "1;\n",
  "/w/b/main.cf": "a = b\n",
};

function found(project: unknown) {
  const text = typeof project === "string" ? project : JSON.stringify(project);
  const { systems, notices } = discover(memoryFileSystem({ ...FILES, "/w/mailflow.json": text }), "/w");
  return {
    systems: systems.map(
      (system) =>
        `${system.name}: ${layoutFiles(system)
          .map((file) => file.path.slice(3))
          .join(" ")}`,
    ),
    layouts: systems,
    messages: notices.map((notice) => notice.message),
  };
}

describe("mailflow.json", () => {
  test("names a host's files and addresses; the rest is found as usual", () => {
    const project = {
      $schema: "x",
      systems: [
        {
          name: "mx1",
          main: "a/main.cf",
          master: "./a/master.cf",
          amavis: ["odd/filter", "odd/d/"],
          addresses: ["192.0.2.1", "2001:db8::1"],
        },
      ],
    };
    const { systems, layouts, messages } = found(project);
    expect(messages).toEqual([]);
    expect(systems).toEqual(["mx1: a/main.cf a/master.cf odd/filter odd/d/01-a odd/d/02-b", "b: b/main.cf"]);
    expect(layouts[0]).toMatchObject({ certain: true, addresses: ["192.0.2.1", "2001:db8::1"], root: "/w" });
  });

  test("names hosts as the hosts file of that machine would", () => {
    const hosts = { "MX1.example.org": ["192.0.2.1"] };
    const { layouts, messages } = found({ systems: [{ main: "a/main.cf", hosts }] });
    expect(messages).toEqual([]);
    expect(layouts[0]?.hosts).toEqual(new Map([["mx1.example.org", ["192.0.2.1"]]]));
  });

  test.each<[string, unknown, RegExp]>([
    [
      "hosts no object",
      { systems: [{ main: "a/main.cf", hosts: ["mx"] }] },
      /systems\[0\]\.hosts should be an object/,
    ],
    ["no JSON", "{ systems: ", /not valid JSON/],
    ["no object", [], /should hold an object/],
    ["systems no list", { systems: {} }, /systems should be a list/],
    ["a system no object", { systems: ["mx1"] }, /systems\[0\] should be an object/],
    [
      "unknown key",
      { systems: [{ main: "a/main.cf", mian: "x" }] },
      /systems\[0\] has "mian".*one of name, main/,
    ],
    [
      "missing file",
      { systems: [{ main: "a/main.cf", master: "a/nope" }] },
      /systems\[0\]\.master names a\/nope, which is not there/,
    ],
    ["nothing there", { systems: [{ main: "nope" }] }, /names no file that is there/],
    ["absolute", { systems: [{ main: "/etc/postfix/main.cf" }] }, /leads out of the folder/],
    ["upwards", { systems: [{ main: "a/../../x/main.cf" }] }, /leads out of the folder/],
    ["path no string", { systems: [{ main: 5 }] }, /should be a path/],
    [
      "address",
      { systems: [{ main: "a/main.cf", addresses: ["mx.example.org"] }] },
      /"mx\.example\.org" is no IP address/,
    ],
    ["level", { rules: { "inline-comment": "loud" } }, /rules\.inline-comment should be off, error/],
  ])("%s is said and costs nothing else", (_title, project, message) => {
    const { systems, messages } = found(project);
    expect(messages).toContainEqual(expect.stringMatching(message));
    expect(systems).toContainEqual(expect.stringContaining("b: b/main.cf"));
  });

  test("sets severities for all systems of the folder", () => {
    const { layouts } = found({ rules: { one: "off", two: "hint", "*": "warning" } });
    const finding = (code: string): Finding => ({
      code,
      severity: "error",
      message: "",
      file: "",
      range: { start: 0, end: 0 },
      related: [],
      fixes: () => [],
    });
    const shown = applyRuleLevels(["one", "two", "three"].map(finding), layouts[0]?.ruleLevels ?? {});
    expect(shown.map(({ code, severity }) => [code, severity])).toEqual([
      ["two", "hint"],
      ["three", "warning"],
    ]);
  });

  test("the schema knows the same keys", () => {
    const schema = JSON.parse(readFileSync("schemas/mailflow.schema.json", "utf8"));
    expect(Object.keys(schema.properties)).toEqual(["$schema", "systems", "rules"]);
    expect(Object.keys(schema.properties.systems.items.properties)).toEqual([
      "name",
      "main",
      "master",
      "amavis",
      "addresses",
      "hosts",
    ]);
  });
});
