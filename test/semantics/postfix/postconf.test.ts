/** Entries of master.cf as postconf 3.7.11 prints them, and lines that end in a NUL. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { analyse } from "../../../server/src/analysis.js";
import { commandText, entryLine, postconfEntries } from "../../../server/src/semantics/postfix/postconf.js";
import { mainLeaves, parseMain } from "../../../server/src/syntax/postfix/main.js";
import { masterLeaves, parseMaster } from "../../../server/src/syntax/postfix/master.js";
import { archiveSource } from "../../helpers/archive.js";
import { configuration } from "../../helpers/postfixConfigurations.js";

const only = (text: string) => postconfEntries(parseMaster(text))[0];
const command = (rest: string) => {
  const entry = only(`smtp inet n - n - - ${rest}\n`);
  return entry && commandText(entry);
};

describe("commands", () => {
  test.each([
    ["smtpd -o a=b", "smtpd -o a=b"],
    ["smtpd -o { a = b c }", "smtpd -o {a=b c}"],
    ["smtpd -o {a=b}", "smtpd -o a=b"],
    ["smtpd -oa=b", "smtpd -o a=b"],
    ["smtpd -ofoo=x", "smtpd -o f -o -o=x"],
    ["smtpd -vo a=b -vD", "smtpd -v -o a=b -vD"],
    ["smtpd -o {a=b}c", "smtpd -o a=b"],
    ["smtpd -o {a=b c", "smtpd -o {a=b c}"],
    ["spawn -s 0 -o c={a }d", "spawn -s 0 -o {c={a }d}"],
    ["pipe foo {b c} {d}", "pipe foo {b c} d"],
    ["pipe {b c} {b c}", "pipe b c {b c}"],
  ])("%s", (written, printed) => expect(command(written)).toBe(printed));

  test("braces that do not fit are said", () => {
    expect(only("smtp inet n - n - - smtpd -o {a=b}c -o {d=e {f}\n")?.warnings).toEqual([
      "master.cf: syntax error after '}' in \"{a=b}c\"",
      "master.cf: missing '}' in \"{d=e {f}\"",
    ]);
  });
});

test("columns stand where they are expected, or one blank behind a long one", () => {
  const entry = only("127.0.0.1:10025 inet n - n - - smtpd\n");
  expect(entry && entryLine(entry)).toBe("127.0.0.1:10025 inet n   -       n       -       -       smtpd");
});

describe("bytes that end or do not end a word", () => {
  test("a NUL ends the entry", () => {
    expect(parseMain("a = b\0c\n d\n").entries[0]?.value).toBe("b");
    expect(parseMaster("smtp inet n - n - - smtpd\0 -o a=b\n").entries[0]?.options).toEqual([]);
    expect(parseMain("a\0 = b\n").problems.map(({ kind }) => kind)).toEqual(["missing-equals"]);
  });

  test("vertical tab and form feed end lines' names, not words of master.cf", () => {
    expect(parseMain("a\v=\fb\f\n").entries[0]).toMatchObject({ name: "a", value: "b" });
    expect(parseMaster("smtp\vinet n - n - - smtpd\n").entries[0]?.words.length).toBe(7);
  });
});

test("any configuration is read without loss and without a crash", () => {
  fc.assert(
    fc.property(configuration, ({ main, master }) => {
      const text = (leaves: readonly { range: { start: number; end: number } }[], whole: string) =>
        leaves.map(({ range }) => whole.slice(range.start, range.end)).join("");
      expect(text(mainLeaves(parseMain(main)), main)).toBe(main);
      expect(text(masterLeaves(parseMaster(master)), master)).toBe(master);
      analyse(
        archiveSource(
          new Map([
            ["main.cf", main],
            ["master.cf", master],
          ]),
        ),
      );
    }),
  );
});
