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

/** A growing list of adjacent tokens, kept as two plain arrays because a file has thousands of them. */
export class TokenList {
  readonly #kinds: TokenKind[] = [];
  readonly #ends: number[] = [];

  get length(): number {
    return this.#kinds.length;
  }

  /** End of the last token: the first character that no token owns yet. */
  get end(): number {
    return this.#ends[this.#ends.length - 1] ?? 0;
  }

  /** Adds the text from the end of the last token up to `end`; an empty token is not kept. */
  push(kind: TokenKind, end: number): void {
    if (end <= this.end) return;
    this.#kinds.push(kind);
    this.#ends.push(end);
  }

  at(index: number): Token | undefined {
    const kind = this.#kinds[index];
    const end = this.#ends[index];
    if (kind === undefined || end === undefined) return undefined;
    return { kind, start: index === 0 ? 0 : (this.#ends[index - 1] ?? 0), end };
  }

  /** The index of the token that holds the offset; undefined outside the text. */
  indexAt(offset: number): number | undefined {
    if (offset < 0 || offset >= this.end) return undefined;
    let low = 0;
    let high = this.#ends.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ends[middle] ?? 0) > offset) high = middle;
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
}
