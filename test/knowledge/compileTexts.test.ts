import { describe, expect, it } from "vitest";

/** The form of the files that people edit; a script without types. */
const script = new URL("../../scripts/compile-texts.mjs", import.meta.url).href;
const { addFile } = await import(/* @vite-ignore */ script);

function compile(source: string): unknown {
  const texts = { parameter: {} };
  addFile(texts, "some.md", `# parameter\n\nFor editors.\n\n${source}`);
  return texts.parameter;
}

describe("a file of texts", () => {
  it("has one line for a paragraph, whatever its line breaks", () => {
    expect(compile("## a\nOne\ntwo.\n\n## b\nThree.\n")).toEqual({ a: "One two.", b: "Three." });
  });

  it("has an addition behind the short text, with examples as they are", () => {
    const example = "```\na = 1\n\n  b\n```";
    expect(compile(`## a\nShort.\n\nMore\nof it.\n\n${example}\n\nEnd.\n`)).toEqual({
      a: ["Short.", `More of it.\n\n${example}\n\nEnd.`],
    });
  });

  it("may refer to another name and say what differs", () => {
    expect(compile("## a\nText.\n\n## b\n=> a\n\n## c\n=> a\nBut\nother.\n")).toEqual({
      a: "Text.",
      b: "=> a",
      c: "=> a\nBut other.",
    });
  });

  it("may give several names one text", () => {
    expect(compile("## a, b, c\nText.\n")).toEqual({ a: "Text.", b: "=> a", c: "=> a" });
  });

  it("has keywords in small letters, since they are found in any letter case", () => {
    const texts = { keyword: {} };
    addFile(texts, "some.md", "# keyword\n\n## a=YES, a=No\nText.\n");
    expect(texts.keyword).toEqual({ "a=yes": "Text.", "a=no": "=> a=yes" });
  });

  it.each([
    ["a block without text", "## a\n\n## b\nText.\n"],
    ["a name twice", "## a\nText.\n\n## a\nText.\n"],
    ["a heading that ends in a blank", "## a \nText.\n"],
    ["an example that does not end", "## a\nText.\n\n```\na = 1\n"],
    ["a reference with more paragraphs", "## a\n=> b\n\nMore.\n"],
  ])("is refused for %s", (_, source) => {
    expect(() => compile(source)).toThrow(/^some\.md: /);
  });

  it("is refused for an unknown kind", () => {
    expect(() => addFile({}, "some.md", "# kind of mine\n")).toThrow(/first line/);
  });
});
