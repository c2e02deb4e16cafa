/**
 * Every fix of every finding in the rules' examples, in examples/ and in all scenarios: applying it removes
 * its finding, adds no error, and changes the files only where its edits say.
 */
import { describe, expect, test } from "vitest";
import { analyse } from "../../server/src/analysis.js";
import type { Finding } from "../../server/src/rules/finding.js";
import { RULES } from "../../server/src/rules/registry.js";
import { applyFix } from "../helpers/apply.js";
import { archiveSource, readArchive } from "../helpers/archive.js";
import { allExamples, allScenarios, sharedFolder } from "../helpers/shared.js";

const ruleExamples = RULES.flatMap((rule) =>
  rule.wrong.map(
    ({ title, text }) =>
      [
        `${rule.code}: ${title}`,
        new Map([["main.cf", ""], ["master.cf", ""], ...readArchive(text).files]),
      ] as const,
  ),
);

const count = (findings: readonly Finding[], code: string, message: string) =>
  findings.filter((finding) => finding.code === code && finding.message === message).length;
const errors = (findings: readonly Finding[]) => findings.filter((finding) => finding.severity === "error");

const errorsOf = (findings: readonly Finding[], code: string) =>
  errors(findings).filter((error) => error.code === code).length;

function checkFixes(files: ReadonlyMap<string, string>): number {
  const before = analyse(archiveSource(files)).findings;
  let tried = 0;
  for (const finding of before) {
    const fixes = finding.fixes();
    expect
      .soft(fixes.filter((fix) => fix.preferred).length, `${finding.code} has one preferred fix at most`)
      .toBeLessThanOrEqual(1);
    for (const fix of fixes) {
      tried++;
      const after = analyse(archiveSource(applyFix(files, fix))).findings;
      const what = `"${fix.title}" for: ${finding.message}`;
      expect
        .soft(count(after, finding.code, finding.message), `${what}\nremoves its finding`)
        .toBeLessThan(count(before, finding.code, finding.message));
      const known = new Set(errors(before).map((error) => error.message));
      const added = errors(after).filter(
        // The same error may be told in other words: its line moved, or its other end did.
        ({ code, message }) => !known.has(message) && errorsOf(after, code) > errorsOf(before, code),
      );
      expect
        .soft(
          added.map((error) => `${error.code}: ${error.message}`),
          `${what}\nadds no error`,
        )
        .toEqual([]);
    }
  }
  return tried;
}

describe("in the rules' examples", () => {
  test.each(ruleExamples)("%s", (_name, files) => void checkFixes(files));
});

describe("in examples/", () => {
  test.each(allExamples())("%s", (_name, files) => void checkFixes(files));
});

describe.skipIf(sharedFolder === undefined)("in the scenarios", () => {
  test.each(allScenarios())("%s", (_name, files) => void checkFixes(files));
});

test("rules that an edit can mend offer a fix in each of their wrong examples", () => {
  const without = RULES.filter((rule) =>
    rule.wrong.some(({ text }) => {
      const files = new Map([["main.cf", ""], ["master.cf", ""], ...readArchive(text).files]);
      const found = analyse(archiveSource(files)).findings.filter((finding) => finding.code === rule.code);
      return found.length === 0 || found.some((finding) => finding.fixes().length === 0);
    }),
  ).map((rule) => rule.code);
  expect(without).toEqual(RULES.filter((rule) => rule.unfixable !== undefined).map((rule) => rule.code));
});
