import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mainLeaves, parseMain } from "../../../server/src/syntax/postfix/main.js";
import { configurationText } from "../../helpers/arbitrary.js";

const values = (text: string) =>
  parseMain(text)
    .entries.filter((entry) => entry.valid)
    .map((entry) => [entry.name, entry.value]);
const problems = (text: string) => parseMain(text).problems.map((problem) => problem.kind);

describe("entries", () => {
  test.each([
    ["a = b\n", [["a", "b"]]],
    ["a=b", [["a", "b"]]],
    [
      "a =\nb = c\n",
      [
        ["a", ""],
        ["b", "c"],
      ],
    ],
    ["a = b\n  c\n\td\n", [["a", "b  c\td"]]],
    ["a = b # no comment\n", [["a", "b # no comment"]]],
    ['a = "quoted" = x\n', [["a", '"quoted" = x']]],
    [
      "a = b\r\nc = d\r\n",
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    ["a =\n", [["a", ""]]],
    ["x+y.z = 1\n", [["x+y.z", "1"]]],
  ])("%j", (text, expected) => expect(values(text)).toEqual(expected));

  test("comments and blank lines do not end an entry, even between continuation lines", () => {
    expect(values("a = b\n\n# comment\n  # indented comment\n\n c\n")).toEqual([["a", "b c"]]);
  });

  test("an indented first line continues nothing and is dropped", () => {
    expect(values("# head\n  a = b\nc = d\n")).toEqual([["c", "d"]]);
    expect(problems("  a = b\n")).toEqual(["stray-continuation"]);
  });

  test("what Postfix refuses is a problem beside the other entries", () => {
    expect(problems("nonsense here\na = b\n= c\n")).toEqual(["missing-equals", "missing-name"]);
    expect(values("nonsense here\na = b\n= c\n")).toEqual([["a", "b"]]);
  });

  test("places in a value reach into continuation lines", () => {
    const text = "a = one,\n  two\n";
    const entry = parseMain(text).entries[0];
    const at = entry?.value.indexOf("two") ?? 0;
    const range = entry?.valuePart(at, at + 3);
    expect(text.slice(range?.start, range?.end)).toBe("two");
  });
});

describe("template files", () => {
  test("lines that only steer the template engine are no entries", () => {
    expect(parseMain("{% if x %}\na = b\n{% endif %}\n", true).entries.map((entry) => entry.name)).toEqual([
      "a",
    ]);
  });
});

test("every character belongs to one leaf, whatever the text", () => {
  fc.assert(
    fc.property(configurationText, fc.boolean(), (text, template) => {
      const leaves = mainLeaves(parseMain(text, template));
      expect(leaves.map(({ range }) => text.slice(range.start, range.end)).join("")).toBe(text);
    }),
  );
});
