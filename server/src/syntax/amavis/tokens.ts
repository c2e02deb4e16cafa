/**
 * The leaves of an amavisd tree. They follow each other without gap or overlap from the first
 * character of the text to the last, so that together they are the text.
 */
import type { Range } from "../text.js";

export type TokenKind =
  // Trivia: may stand anywhere between two other tokens.
  | "space"
  | "comment"
  | "pod"
  | "heredoc-body"
  | "data"
  // Names and values.
  | "word"
  | "variable"
  | "cast"
  | "number"
  | "single"
  | "double"
  | "words"
  | "command"
  | "match"
  | "regex"
  | "substitute"
  | "transliterate"
  | "heredoc"
  | "readline"
  | "prototype"
  // Everything else.
  | "operator"
  | "placeholder"
  | "control"
  | "unexpected"
  | "end";

export interface Token extends Range {
  readonly kind: TokenKind;
}

/** Every kind that occurred, each at the number under which a list keeps it. */
const KINDS: TokenKind[] = [];
const NUMBERS = new Map<TokenKind, number>();
/** There are 25 kinds. */
const KIND_BITS = 5;
const KIND_MASK = 2 ** KIND_BITS - 1;

function numberOf(kind: TokenKind): number {
  let number = NUMBERS.get(kind);
  if (number === undefined) {
    number = KINDS.push(kind) - 1;
    NUMBERS.set(kind, number);
  }
  return number;
}

/** A growing list of adjacent tokens. A file has thousands: end and kind are kept as one small number. */
export class TokenList {
  readonly #packed: number[] = [];
  #end = 0;

  get length(): number {
    return this.#packed.length;
  }

  /** End of the last token: the first character that no token owns yet. */
  get end(): number {
    return this.#end;
  }

  /** Adds the text from the end of the last token up to `end`; an empty token is not kept. */
  push(kind: TokenKind, end: number): void {
    if (end <= this.#end) return;
    this.#packed.push(end * (KIND_MASK + 1) + numberOf(kind));
    this.#end = end;
  }

  at(index: number): Token | undefined {
    const packed = this.#packed[index];
    const kind = packed === undefined ? undefined : KINDS[packed & KIND_MASK];
    if (kind === undefined) return undefined;
    return { kind, start: this.#endOf(index - 1), end: this.#endOf(index) };
  }

  /** The index of the token that holds the offset; undefined outside the text. */
  indexAt(offset: number): number | undefined {
    if (offset < 0 || offset >= this.end) return undefined;
    let low = 0;
    let high = this.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#endOf(middle) > offset) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  *[Symbol.iterator](): Generator<Token> {
    for (let index = 0; index < this.length; index++) {
      const token = this.at(index);
      if (token !== undefined) yield token;
    }
  }

  #endOf(index: number): number {
    return Math.floor((this.#packed[index] ?? 0) / (KIND_MASK + 1));
  }
}
