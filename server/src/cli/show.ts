/** `mailflow show listeners`: every socket that the programs would open. */

import { type ListenerRow, listenerTable } from "../system/listenerTable.js";
import { analyseSource } from "../workspace/analyseSource.js";
import { listenerText } from "../workspace/listenerText.js";
import { readInput, relativeTo } from "./input.js";
import { visible, visibleJson } from "./terminal.js";

export interface ShowOptions {
  readonly format: "text" | "json";
  readonly postfixVersion?: string | undefined;
}

/**
 * @returns the exit status: 0, or 2 when a file of a system could not be read
 * @throws UsageError when there is nothing to show
 */
export function showListeners(paths: readonly string[], options: ShowOptions): number {
  const input = readInput(paths, { postfixVersion: options.postfixVersion });
  for (const message of input.messages) process.stderr.write(`mailflow: ${message}\n`);
  const systems = input.systems.map(({ source }) => ({
    name: source.name,
    rows: listenerTable(analyseSource(source).system).map((row) => ({
      ...row,
      file: relativeTo(input.base, row.file),
    })),
  }));
  if (options.format === "json") {
    process.stdout.write(
      `${visibleJson(
        systems.flatMap(({ rows }) => rows.map(document)),
        2,
      )}\n`,
    );
  } else {
    const several = systems.length > 1;
    const blocks = systems.map(
      ({ name, rows }) => (several ? `${visible(name)}\n` : "") + listenerText(rows),
    );
    process.stdout.write(blocks.join("\n"));
  }
  return input.unreadable ? 2 : 0;
}

/** The fields of the contract in its order, and no others. */
function document(row: ListenerRow) {
  const { program, service, network, address, port, path, file, line } = row;
  return { program, service, network, address, port, path, file, line };
}
