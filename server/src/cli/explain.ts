/** `mailflow explain CODE`: the page of a rule, from the pages that come with the program. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { editDistance } from "../syntax/editDistance.js";
import { UsageError } from "./failure.js";
import { visible } from "./terminal.js";

/**
 * @param folder where the pages lie: docs/rules of the package
 * @throws UsageError for a code without a page, naming the nearest ones
 */
export function explain(code: string, folder: string): void {
  const pages = pageCodes(folder);
  if (!pages.includes(code)) {
    const near = nearest(code, pages);
    const advice =
      near.length > 0
        ? `did you mean ${near.join(" or ")}?`
        : pages.length > 0
          ? `known rules: ${pages.join(", ")}`
          : "the pages of the rules are not installed";
    throw new UsageError(`there is no rule ${visible(code)}; ${advice}`);
  }
  process.stdout.write(
    readFileSync(join(folder, `${code}.md`), "utf8")
      .trimEnd()
      .concat("\n"),
  );
}

function pageCodes(folder: string): readonly string[] {
  try {
    const pages = readdirSync(folder).filter((name) => name.endsWith(".md") && name !== "README.md");
    return pages.map((name) => name.slice(0, -".md".length)).sort();
  } catch {
    return [];
  }
}

/** Codes that share a word with what was typed, or differ from it by few letters; at most three. */
function nearest(code: string, known: readonly string[]): readonly string[] {
  const ranked = known
    .map((candidate) => ({ candidate, distance: editDistance(code.slice(0, 60), candidate) }))
    .filter(({ candidate, distance }) => distance <= 3 || (code.length > 3 && candidate.includes(code)));
  return ranked
    .sort((one, other) => one.distance - other.distance)
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}
