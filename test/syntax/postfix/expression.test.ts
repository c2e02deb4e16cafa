/** Expansion as `postconf -x` of Postfix 3.7.11 prints it (POSTFIX 1.3). */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createEnvironment, MainParameters } from "../../../server/src/semantics/postfix/parameters.js";
import { parseMain } from "../../../server/src/syntax/postfix/main.js";

function expand(value: string): string {
  const text = "set = yes\nempty =\nnum = 10\nother = $set-$num\nself = $self\na = $b\nb = $a\n";
  const environment = createEnvironment(
    new MainParameters("/main.cf", parseMain(text)),
    "/master.cf",
    [],
    undefined,
    undefined,
  );
  const expanded = environment.expand(value);
  return expanded.unknown === undefined ? expanded.text : `unknown: ${expanded.unknown}`;
}

describe("values", () => {
  test.each([
    ["plain", "plain"],
    ["$set", "yes"],
    ["${set}", "yes"],
    ["$(set)", "yes"],
    ["${ set }", "yes"],
    ["a$$set", "a$set"],
    ["$other!", "yes-10!"],
    ["[$nosuch]", "[]"],
    ["${set?x}", "x"],
    ["${empty?x}", ""],
    ["${empty:x}", "x"],
    ["${nosuch:x}", "x"],
    ["${set:x}", ""],
    ["${set?{x}:{y}}", "x"],
    ["${empty?{x}:{y}}", "y"],
    ["${set?x:y}", "x:y"],
    ["${set?{ x }}", " x "],
    ["${{$num} == {10} ? {ten} : {not}}", "ten"],
    ["${{$num} > {9} ? {more} : {less}}", "more"],
    ["${{a} < {b}}", "true"],
    ["${{3.6} <level {3.10} ? {old} : {new}}", "old"],
    ["${empty:${set?{in $num}}}", "in 10"],
  ])("%s", (value, expected) => expect(expand(value)).toBe(expected));
});

describe("what stops postconf is unknown, with the reason", () => {
  test.each([
    ["$", "empty macro name"],
    ["a ${set", "truncated macro reference"],
    ["${}", "empty macro name"],
    ["${a-b}", "attribute name syntax error"],
    ["${set?{x}y}", '":" expected'],
  ])("%s", (value, reason) => expect(expand(value)).toBe(`unknown: macro syntax error: ${reason}`));
});

test("names that refer to themselves end", () => {
  expect(expand("$self")).toMatch(/^unknown: \$self refers to itself/);
  expect(expand("$a")).toMatch(/^unknown: \$\w refers to itself/);
});

test("any text expands to something, without an exception", () => {
  const piece = fc.constantFrom("$", "{", "}", "(", ")", "?", ":", "==", "set", "empty", " ", "<level", "1");
  fc.assert(fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => void expand(pieces.join(""))));
});
