/** Signature help: the form and the part of it that the cursor is in. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { analyse } from "../../../server/src/analysis.js";
import { signatureHelp } from "../../../server/src/language/signature/signature.js";
import { archiveSource, readArchive } from "../../helpers/archive.js";
import { cursorCases, cursorOffset } from "../../helpers/cursor.js";
import { FORMS } from "../systems.js";

const { files } = readArchive(FORMS);
const analysis = analyse(archiveSource(files));

/** "[x]" marks the part that the cursor is in; the texts stand below. */
function shown(offset: number, file: string): { readonly head: string; readonly texts: string } | undefined {
  const found = signatureHelp(analysis, `/mail/${file}`, offset);
  if (!found) return undefined;
  const active = found.parameters[found.active];
  const at = active ? found.label.indexOf(active.label) : -1;
  const head = active
    ? `${found.label.slice(0, at)}<${active.label}>${found.label.slice(at + active.label.length)}`
    : found.label;
  return { head, texts: [found.documentation, active?.documentation].filter(Boolean).join("\n") };
}

test.each(cursorCases(readFileSync(join(import.meta.dirname, "forms.cases"), "utf8")))("$title", (one) => {
  const found = shown(cursorOffset(files.get(one.file) ?? "", one), one.file);
  if (one.none) {
    expect(found).toBeUndefined();
    return;
  }
  expect(found?.head).toBe(one.range);
  for (const part of one.contains) expect(found?.texts).toContain(part);
  for (const part of one.lacks) expect(found?.texts).not.toContain(part);
});
