/** The listeners of mail systems as text for people. */
import type { ListenersResult } from "../../server/src/lsp/listeners.js";
import { listenerText } from "../../server/src/workspace/listenerText.js";

/** @param shorten makes a path short for people */
export function listenersText(result: ListenersResult, shorten: (path: string) => string): string {
  if (result.systems.length === 0) return "No Postfix or amavis configuration is known here.\n";
  return result.systems
    .map(
      ({ name, rows }) =>
        `${name}\n\n${listenerText(rows.map((row) => ({ ...row, file: shorten(row.file) })))}`,
    )
    .join("\n");
}
