import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { masterLeaves, parseMaster } from "../../../server/src/syntax/postfix/master.js";
import { configurationText } from "../../helpers/arbitrary.js";

const options = (text: string) =>
  parseMaster(text).entries.flatMap((entry) =>
    entry.options.map(({ name, value, valid, form }) => [name, value, valid, form]),
  );
const SMTPD = "smtp inet n - n - - smtpd";

test("eight columns and arguments", () => {
  const [entry] = parseMaster(`${SMTPD} -v\n`).entries;
  expect(Object.values(entry?.columns ?? {}).map((word) => word.text)).toEqual(SMTPD.split(" "));
  expect(entry?.complete).toBe(true);
});

describe("options, as getopt reads them", () => {
  test.each([
    ["-o a=b", [["a", "b", true, "separate"]]],
    ["-oa=b", [["a", "b", true, "glued"]]],
    ["-vo a=b", [["a", "b", true, "separate"]]],
    ["-o { a = b c }", [["a", "b c", true, "braces"]]],
    ["-o{a = b}", [["a", "b", true, "braces"]]],
    ["-o a=", [["a", "", true, "separate"]]],
    ["-o a", [["a", "", false, "separate"]]],
    ["-o", [["", "", false, "separate"]]],
    ["-s 3 -o a=b", [["a", "b", true, "separate"]]],
    ["flags=DRhu -o a=b", []],
    ["-- -o a=b", []],
    ["-o a=b=c", [["a", "b=c", true, "separate"]]],
  ])("%s", (text, expected) => expect(options(`${SMTPD} ${text}\n`)).toEqual(expected));

  test("a value in braces may span lines with comments between them", () => {
    const text = `${SMTPD}\n  -o { smtpd_client_restrictions = permit_mynetworks,\n# why\n    reject }\n`;
    expect(options(text)).toEqual([
      ["smtpd_client_restrictions", "permit_mynetworks,    reject", true, "braces"],
    ]);
    const option = parseMaster(text).entries[0]?.options[0];
    const range = option?.valuePart(option.value.indexOf("reject"), option.value.length);
    expect(text.slice(range?.start, range?.end)).toBe("reject");
  });

  test("words behind the options are operands", () => {
    const [entry] = parseMaster(`${SMTPD}\n  -o a=permit, reject\n  -o b=c\n`).entries;
    expect(entry?.operands.map((word) => word.text)).toEqual(["reject", "-o", "b=c"]);
  });
});

test("an empty value stands behind its equals sign, not on the next line", () => {
  const text = `${SMTPD}\n  -o content_filter=\n  -o a=b\n`;
  const option = parseMaster(text).entries[0]?.options[0];
  expect(text.slice(0, option?.valueRange.start)).toMatch(/content_filter=$/);
});

test("an option that lost its indentation is kept as such", () => {
  const [, lost] = parseMaster(`${SMTPD}\n-o content_filter=\n`).entries;
  expect(lost?.complete).toBe(false);
  expect(lost?.lostOptions.map((option) => option.name)).toEqual(["content_filter"]);
});

test("placeholders of a template stay in one piece", () => {
  const [entry] = parseMaster("{{ reinjection port }} inet n - n - - smtpd\n", true).entries;
  expect(entry?.columns.service?.text).toBe("{{ reinjection port }}");
});

test("every character belongs to one leaf, whatever the text", () => {
  fc.assert(
    fc.property(configurationText, fc.boolean(), (text, template) => {
      const leaves = masterLeaves(parseMaster(text, template));
      expect(leaves.map(({ range }) => text.slice(range.start, range.end)).join("")).toBe(text);
    }),
  );
});
