/**
 * The mistakes that people really make (practice.json, numbers of the list of observed mistakes): each has a scenario
 * that runs with the real programs, its finding appears, and applying the preferred fix takes the finding away.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { analyse } from "../../server/src/analysis.js";
import { applyEdits } from "../helpers/apply.js";
import { archiveSource } from "../helpers/archive.js";
import { scenarioFiles, sharedFolder } from "../helpers/shared.js";

interface Mistake {
  readonly scenarios: readonly string[];
  readonly code: string;
}

const mistakes: Readonly<Record<string, Mistake>> = JSON.parse(
  readFileSync(join(import.meta.dirname, "practice.json"), "utf8"),
);

function folderOf(id: string): string {
  const own = join(import.meta.dirname, "scenarios", id);
  return existsSync(own) ? own : join(sharedFolder ?? "", "oracle/scenarios", id);
}

const findingsOf = (files: ReadonlyMap<string, string>) => analyse(archiveSource(files)).findings;

test("every mistake of the list has a scenario and a code", () => {
  expect(Object.keys(mistakes).map(Number)).toEqual(Array.from({ length: 33 }, (_, index) => index + 1));
  for (const { scenarios, code } of Object.values(mistakes)) {
    expect(scenarios.length).toBeGreaterThan(0);
    expect(code).toMatch(/^[a-z-]+$/);
  }
});

const cases = Object.entries(mistakes).flatMap(([number, { scenarios, code }]) =>
  scenarios.map((id) => [number, id, code] as const),
);

describe.skipIf(sharedFolder === undefined)("mistakes", () => {
  test.each(cases)("%s %s: %s", (_number, id, code) => {
    const files = scenarioFiles(folderOf(id));
    const of = (texts: ReadonlyMap<string, string>) =>
      findingsOf(texts).filter((finding) => finding.code === code);
    const found = of(files);
    expect(
      found.length,
      findingsOf(files)
        .map((finding) => finding.code)
        .join(),
    ).toBeGreaterThan(0);
    for (const { fixes, message } of found) {
      const preferred = fixes().find((fix) => fix.preferred);
      if (!preferred) continue;
      const after = of(applyEdits(files, preferred.edits));
      expect(after.map((finding) => finding.message)).not.toContain(message);
    }
  });
});
