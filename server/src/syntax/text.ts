/**
 * Ranges and lines of a text. The lowest layer: it knows no language and no protocol.
 *
 * Offsets count UTF-16 code units from the start of the text, as in JavaScript strings and in the
 * Language Server Protocol's default encoding; `end` is exclusive.
 */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A line and character, both from 0; characters are UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** Something wrong that a parser saw; parsing went on after it. */
export interface SyntaxProblem {
  /** A stable word for the kind of problem, which a rule turns into a finding. */
  readonly kind: string;
  /** One sentence in plain words, without the place. */
  readonly message: string;
  readonly range: Range;
}

/** Translates between offsets and lines. Lines end at LF only, as Postfix and Perl see them. */
export class LineIndex {
  readonly #starts: number[] = [0];
  readonly length: number;

  constructor(text: string) {
    this.length = text.length;
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) this.#starts.push(at + 1);
  }

  /** How many lines the text has; a text that ends in LF has an empty last line. */
  get lineCount(): number {
    return this.#starts.length;
  }

  /** The line (from 0) that holds the offset; offsets outside the text are moved to its nearest end. */
  lineAt(offset: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Offset of the first character of a line; lines past the end give the text's length. */
  lineStart(line: number): number {
    if (line < 0) return 0;
    return this.#starts[line] ?? this.length;
  }

  positionAt(offset: number): Position {
    const inside = Math.max(0, Math.min(offset, this.length));
    const line = this.lineAt(inside);
    return { line, character: inside - this.lineStart(line) };
  }

  offsetAt(position: Position): number {
    const start = this.lineStart(position.line);
    const next = this.#starts[position.line + 1];
    const end = next === undefined ? this.length : next - 1;
    return Math.max(start, Math.min(start + Math.max(0, position.character), end));
  }
}
