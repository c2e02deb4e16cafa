/** A value under the cursor: the text as one daemon's environment has it, and the way back to the file. */
import type { Location } from "../../semantics/located.js";
import type { Environment } from "../../semantics/postfix/parameters.js";
import type { Service } from "../../semantics/postfix/services.js";
import type { Range } from "../../syntax/text.js";
import type { Hover } from "../facts.js";

export interface Field {
  /** The parameter whose value it is. */
  readonly name: string;
  readonly raw: string;
  /** Offset of the cursor in `raw`. */
  readonly at: number;
  /** Offset of the cursor in the file. */
  readonly offset: number;
  readonly file: string;
  readonly part: (start: number, end: number) => Range;
  readonly environment: Environment;
  /** Whose `-o` it is. */
  readonly service: Service | undefined;
}

/** The offset in a value of a place in the file: values may go over several lines. */
export function offsetInValue(
  length: number,
  part: (start: number, end: number) => Range,
  offset: number,
): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    // The start of a stretch, not the end of the one before it on the line above.
    const start = middle < length ? part(middle, middle + 1).start : part(middle - 1, middle).end;
    if (start <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

export function hoverPart(field: Field, start: number, end: number, contents: string): Hover {
  return { contents, range: field.part(start, end) };
}

/** Whether a place is where the cursor stands. */
export function isUnder(field: Field, at: Location | undefined): boolean {
  return at?.file === field.file && at.range.start <= field.offset && field.offset <= at.range.end;
}

/** A word of the value around the cursor: blanks, commas and braces end it. */
export function wordUnder({ raw, at }: Field): { text: string; start: number; end: number } | undefined {
  let start = at;
  let end = at;
  while (start > 0 && !/[\s,{}]/.test(raw[start - 1] ?? "")) start--;
  while (end < raw.length && !/[\s,{}]/.test(raw[end] ?? "")) end++;
  return end > start ? { text: raw.slice(start, end), start, end } : undefined;
}
