/**
 * Physical and logical lines as Postfix's readlline(3) sees them; main.cf, master.cf and the source
 * text of lookup tables share it.
 *
 * A comment (first non-blank is `#`) or blank line is removed before joining, so it neither starts nor
 * ends an entry. A line that begins with blank continues the entry before it, whatever stood between.
 * Scenarios: n14-commented-option, n15-empty-option-then-blank, n13-option-not-indented.
 */
import type { Range } from "../text.js";

/** One logical line: its pieces are the physical lines (without LF) that carry text. */
export interface LogicalLine {
  /** Physical pieces in order, each without its LF; comments and blank lines between them are left out. */
  readonly pieces: readonly Range[];
  /** From the first piece's start to the last piece's end, with whatever lies between. */
  readonly range: Range;
  /** True when the first piece begins with blank and nothing stood before it: Postfix drops the text. */
  readonly stray: boolean;
}

/** A stretch of whole physical lines (LF included) that belongs to no entry. */
export interface Trivia {
  readonly kind: "comment" | "blank" | "control";
  readonly range: Range;
}

export interface SplitLines {
  readonly lines: readonly LogicalLine[];
  readonly trivia: readonly Trivia[];
}

/** What C's isspace() accepts; Postfix calls these blanks everywhere. */
export function isBlank(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}

/** What separates words of master.cf and items of lists: fewer characters than count as blank elsewhere. */
export function isSeparator(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}

const HASH = 0x23;
/** A line that only steers a template engine: {% if x %}, <% end %>, {{#each}} ... */
const CONTROL_LINE = /^\s*(?:\{%.*%\}|<%(?!=).*%>|\{\{[#/^!].*\}\})\s*$/;

/**
 * Splits a text into logical lines and what lies between them. Linear in the text's length.
 * @param template when true, lines that only steer a template engine are set aside like comments.
 */
export function splitLines(text: string, template = false): SplitLines {
  const lines: LogicalLine[] = [];
  const trivia: Trivia[] = [];
  let pieces: Range[] = [];
  let stray = false;

  const close = () => {
    const first = pieces[0];
    const last = pieces[pieces.length - 1];
    if (first && last) lines.push({ pieces, range: { start: first.start, end: last.end }, stray });
    pieces = [];
  };

  for (let start = 0; start < text.length; ) {
    let end = text.indexOf("\n", start);
    if (end < 0) end = text.length;
    const next = end < text.length ? end + 1 : end;
    let first = start;
    while (first < end && isBlank(text.charCodeAt(first))) first++;
    if (first === end) trivia.push({ kind: "blank", range: { start, end: next } });
    else if (text.charCodeAt(first) === HASH) trivia.push({ kind: "comment", range: { start, end: next } });
    else if (template && CONTROL_LINE.test(text.slice(start, end)))
      trivia.push({ kind: "control", range: { start, end: next } });
    else {
      const continues = first > start;
      if (!continues) close();
      if (pieces.length === 0) stray = continues;
      pieces.push({ start, end });
    }
    start = next;
  }
  close();
  return { lines, trivia };
}

/** The programs' strings end at a NUL: what stands behind it in an entry is not read. */
function untilNull(text: string): string {
  const end = text.indexOf("\0");
  return end < 0 ? text : text.slice(0, end);
}

/**
 * The text of a logical line (pieces joined without their LF, continuation blanks kept, until a NUL) together with
 * the way back to the file. Offsets into `text` are logical, offsets into the file physical.
 */
export class LogicalText {
  readonly text: string;
  readonly #starts: readonly number[];
  readonly #pieces: readonly Range[];

  constructor(file: string, pieces: readonly Range[]) {
    this.#pieces = pieces;
    const only = pieces.length === 1 ? pieces[0] : undefined;
    if (only) {
      this.text = untilNull(file.slice(only.start, only.end));
      this.#starts = [0];
      return;
    }
    const starts: number[] = [];
    let text = "";
    for (const piece of pieces) {
      starts.push(text.length);
      text += file.slice(piece.start, piece.end);
    }
    this.text = untilNull(text);
    this.#starts = starts;
  }

  /** Offset in the file of a logical offset; the end of a piece maps to its end, not to the next piece. */
  toFile(offset: number, end = false): number {
    let index = this.#starts.length - 1;
    while (
      index > 0 &&
      ((this.#starts[index] ?? 0) > offset || (end && (this.#starts[index] ?? 0) === offset))
    )
      index--;
    const piece = this.#pieces[index];
    return piece ? piece.start + offset - (this.#starts[index] ?? 0) : 0;
  }

  /** An empty stretch stands behind what comes before it, never at the start of the next line. */
  rangeToFile(start: number, end: number): Range {
    const from = this.toFile(start, end <= start && start > 0);
    return { start: from, end: end > start ? this.toFile(end, true) : from };
  }
}
