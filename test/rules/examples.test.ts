/** Every rule's own examples: the wrong ones have exactly the marked findings, the right ones none. */
import { describe, expect, test } from "vitest";
import { analyse } from "../../server/src/analysis.js";
import { RULES } from "../../server/src/rules/registry.js";
import { archiveSource, readArchive } from "../helpers/archive.js";
import { positioned, positionedMark } from "../helpers/findings.js";

describe.each(RULES.map((rule) => [rule.code, rule] as const))("%s", (code, rule) => {
  test.each(rule.wrong.map((example) => [example.title, example.text] as const))(
    "wrong: %s",
    (_title, text) => {
      const { files, marks } = readArchive(text);
      const found = analyse(archiveSource(complete(files))).findings.filter(
        (finding) => finding.code === code,
      );
      expect(found.map((finding) => positioned(finding, files))).toEqual(
        marks.map((mark) => positionedMark({ ...mark, code })),
      );
    },
  );

  test.each(rule.right.map((example) => [example.title, example.text] as const))(
    "right: %s",
    (_title, text) => {
      const { files } = readArchive(text);
      const found = analyse(archiveSource(complete(files))).findings.filter(
        (finding) => finding.code === code,
      );
      expect(found.map((finding) => finding.message)).toEqual([]);
    },
  );
});

/** Examples leave out a main.cf or master.cf that they do not need; the folder has one all the same. */
function complete(files: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([["main.cf", ""], ["master.cf", ""], ...files]);
}
