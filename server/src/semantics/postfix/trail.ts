/** Where the letters of an expanded value come from. */
import type { LiteralPart } from "../../syntax/postfix/expression.js";
import type { Definition } from "./parameters.js";

/** A stretch of an expanded value that stands letter by letter in one definition. */
export interface Segment {
  /** Offsets into the expanded text. */
  readonly start: number;
  readonly end: number;
  readonly definition: Definition;
  /** Offset into the definition's raw text. */
  readonly rawStart: number;
}

/** Records which stretch of an expanded text stands in which definition. */
export class Trail {
  segments: Segment[] = [];
  #length = 0;

  write(part: LiteralPart, definition: Definition): void {
    const start = this.#length;
    this.#length += part.text.length;
    this.segments.push({ start, end: this.#length, definition, rawStart: part.range.start });
  }

  /** Text that stands nowhere, such as the result of a comparison. */
  skip(length: number): void {
    this.#length += length;
  }

  mark(): { readonly count: number; readonly length: number } {
    return { count: this.segments.length, length: this.#length };
  }

  /** Takes back what was expanded only to see whether it is empty. */
  forget(mark: { readonly count: number; readonly length: number }): void {
    this.segments.length = mark.count;
    this.#length = mark.length;
  }
}
