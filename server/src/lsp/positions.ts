/**
 * Offsets to positions as the protocol counts them. It differs from how Postfix and Perl count in two
 * things: a lone carriage return ends a line, and an editor does not show a byte order mark.
 */

import type { Position, Range as ProtocolRange } from "vscode-languageserver";
import { Memo } from "../syntax/memo.js";
import type { Range } from "../syntax/text.js";
import type { SourceFile } from "../system/source.js";
import { lineIndexOf } from "../workspace/sourceFiles.js";

export interface ProtocolLines {
  positionAt(offset: number): Position;
  offsetAt(position: Position): number;
}

const cached = new Memo<SourceFile, ProtocolLines>();

/** @param open whether the text came from an editor, which has taken the byte order mark off already */
export function protocolLines(file: SourceFile, open: boolean): ProtocolLines {
  let lines = cached.get(file);
  if (lines === undefined) {
    const plain = /\r(?!\n)/.test(file.text) ? new AnyEndLines(file.text) : lineIndexOf(file);
    lines = !open && file.text.startsWith("\uFEFF") ? withoutMark(plain) : plain;
    cached.set(file, lines);
  }
  return lines;
}

export function protocolRange(lines: ProtocolLines, range: Range): ProtocolRange {
  return { start: lines.positionAt(range.start), end: lines.positionAt(range.end) };
}

function withoutMark(lines: ProtocolLines): ProtocolLines {
  const shift = ({ line, character }: Position, by: number): Position => ({
    line,
    character: line === 0 ? Math.max(0, character + by) : character,
  });
  return {
    positionAt: (offset) => shift(lines.positionAt(offset), -1),
    offsetAt: (position) => lines.offsetAt(shift(position, 1)),
  };
}

/** Lines that end at LF, CR LF or CR alone. Only texts with a lone CR need it. */
class AnyEndLines implements ProtocolLines {
  readonly #starts: number[] = [0];
  readonly #length: number;

  constructor(text: string) {
    this.#length = text.length;
    for (const match of text.matchAll(/\r\n|\r|\n/g)) this.#starts.push(match.index + match[0].length);
  }

  positionAt(offset: number): Position {
    const inside = Math.max(0, Math.min(offset, this.#length));
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= inside) low = middle;
      else high = middle - 1;
    }
    return { line: low, character: inside - (this.#starts[low] ?? 0) };
  }

  offsetAt({ line, character }: Position): number {
    const start = this.#starts[line] ?? this.#length;
    const next = this.#starts[line + 1];
    const end = next === undefined ? this.#length : next - 1;
    return Math.max(start, Math.min(start + Math.max(0, character), end));
  }
}
