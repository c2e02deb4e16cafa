/** The listener table as text for people, in the terminal and in the editor. */
import type { ListenerRow } from "../system/listenerTable.js";

/**
 * Ordered by port, lines from 1.
 * @param shown makes a word fit for the place where it is shown
 */
export function listenerText(
  rows: readonly ListenerRow[],
  shown: (text: string) => string = (text) => text,
): string {
  if (rows.length === 0) return "nothing listens\n";
  const sorted = [...rows].sort(
    (one, other) => compare(one.network, other.network) || one.port - other.port || compareRows(one, other),
  );
  const cells = [
    ["PORT", "ADDRESS", "PROGRAM", "WHERE"],
    ...sorted.map((row) => [
      row.network === "unix" ? "-" : String(row.port),
      shown(row.network === "unix" ? row.path : row.address),
      row.program,
      `${shown(row.file)}:${row.line + 1}`,
    ]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((row) => (row[column] ?? "").length)));
  const line = (row: readonly string[]) => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join("  ");
  return cells.map((row) => `${line(row).trimEnd()}\n`).join("");
}

function compareRows(one: ListenerRow, other: ListenerRow): number {
  return compare(one.address, other.address) || one.line - other.line;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
