/** What the editor shows for the word under the cursor. */
import type { Analysis } from "../../analysis.js";
import type { Hover, View } from "../facts.js";
import { hoverAmavis } from "./amavisFile.js";
import { hoverMain } from "./mainFile.js";
import { hoverMaster } from "./masterFile.js";
import { hoverTableSource } from "./tableSource.js";

const plainUri = (path: string) => `file://${encodeURI(path)}`;

/**
 * The hover at an offset of a file of the system; undefined where there is nothing to say.
 * @param uriOf how the editor spells a path, for links.
 */
export function hover(
  analysis: Analysis,
  path: string,
  offset: number,
  uriOf: View["uriOf"] = plainUri,
): Hover | undefined {
  const { source } = analysis;
  const view: View = { analysis, uriOf };
  if (path === source.main?.path) return hoverMain(view, offset);
  if (path === source.master?.path) return hoverMaster(view, offset);
  if (analysis.system.amavisTrees.has(path)) return hoverAmavis(view, path, offset);
  for (const table of source.tables.values())
    if (table.path === path) return hoverTableSource(view, table, offset);
  return undefined;
}
