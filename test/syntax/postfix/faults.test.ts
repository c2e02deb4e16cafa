/** Faults in `$` expressions, in the words of postconf 3.7.11, and what a scan meets before them. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { firstFault, parseExpression, scannedParts } from "../../../server/src/syntax/postfix/expression.js";
import { postfixValue } from "../../helpers/postfixConfigurations.js";

describe("the warning and its place", () => {
  test.each([
    ["a $b ${", 'truncated macro reference: "a $b ${"', "${"],
    ["a ${b", 'truncated macro reference: "a ${b"', "${b"],
    ["a $(b} c", 'truncated macro reference: "a $(b} c"', "$(b} c"],
    ["a $ b", 'empty macro name: "a $ b"', "$"],
    ["a ${} b", 'empty macro name: "a ${} b"', "${}"],
    ["${a-b}", 'attribute name syntax error at: "...a>>>-b"', "${a-b}"],
    ["${ a b}", 'attribute name syntax error at: "... a>>> b"', "${ a b}"],
    ["${length{x}}", 'attribute name syntax error at: "...length>>>{x}"', "${length{x}}"],
    ["${a?{b}c}", '":" expected at: "...b}>>>c"', "${a?{b}c}"],
    ["${a:{b}c}", 'unexpected input at: "...b}>>>c"', "${a:{b}c}"],
    ["${a?{b}:{c}d}", 'unexpected input at: "...c}>>>d"', "${a?{b}:{c}d}"],
    ["$(a?{b)", 'unbalanced {} in attribute expression: "{b"', "$(a?{b)"],
    [
      "${{a} = {b}}",
      '"==" or "!="" or "<"" or "<="" or ">="" or ">" expected at: "...a}>>>= {b}"',
      "${{a} = {b}}",
    ],
    ["${{a} <foo {b}}", 'bad operator suffix at: "...<>>>foo"', "${{a} <foo {b}}"],
    ["${{a} == b}", '"{expression}" expected at: "...{a} ==>>> b"', "${{a} == b}"],
    ["${{a} == {b} c}", '"?" or ":" expected at: "...}>>>c"', "${{a} == {b} c}"],
    ["${a?{${}}}", 'empty macro name: "${}"', "${}"],
  ])("%s", (value, log, text) => {
    const fault = firstFault(parseExpression(value));
    expect(fault?.log).toBe(log);
    expect(value.slice(fault?.range.start, fault?.range.end)).toBe(text);
  });

  test.each([
    "$$",
    "${ }",
    "${?x}",
    "${a ? b}",
    "$(a)",
    "${a?b:c}",
    "${{}=={}}",
    "${{a} <level {b}:{c}}",
    "a}b{",
  ])("none in %s", (value) => expect(firstFault(parseExpression(value))).toBeUndefined());
});

test("names are met until the fault, in branches too", () => {
  const names = [...scannedParts(parseExpression("$a${b?{$c}:{${d:$e}}}${f-}$g"))].flatMap((part) =>
    part.kind === "reference" ? [part.name] : [],
  );
  expect(names).toEqual(["a", "b", "c", "d", "e"]);
});

test("nothing is looked at behind a fault, but both sides of a comparison are", () => {
  const logs = (value: string) =>
    [...scannedParts(parseExpression(value))].flatMap((part) =>
      part.kind === "broken" ? [part.reason] : [],
    );
  expect(logs("${a-b} ${c-d} $")).toEqual(["attribute name syntax error"]);
  expect(logs("${a?{${}}} ${c-d} ${e")).toEqual(["empty macro name"]);
  expect(logs("${{${a-}} == {${}} x}")).toEqual(["attribute name syntax error", "empty macro name"]);
});

test("a hundred levels are taken, no more", () => {
  const nested = (levels: number) => `${"${a?{".repeat(levels)}x${"}}".repeat(levels)}`;
  expect(firstFault(parseExpression(nested(100)))).toBeUndefined();
  expect(firstFault(parseExpression(nested(101)))?.reason).toBe("unreasonable macro call nesting");
});

test("any value is read to its end or to a fault, and hostile ones soon", () => {
  fc.assert(
    fc.property(postfixValue, (value) => {
      const parts = parseExpression(value);
      const covered = parts.reduce((end, part) => Math.max(end, part.range.end), 0);
      // A dollar that stands for itself may be the last character.
      expect(firstFault(parts) !== undefined || covered >= value.length - 1).toBe(true);
    }),
  );
  for (const piece of ["${", "$(", "${a?{", "${{", "${{a}=={", "${a:"]) parseExpression(piece.repeat(3000));
});
