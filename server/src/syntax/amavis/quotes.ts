/** Finding the ends of quoted things: Perl looks for the closing delimiter first and at the inside later. */
import { BACKSLASH, HASH, isSpace, isWordCharacter, skipSpace } from "./characters.js";
import type { TemplateTags } from "./templates.js";
import type { TokenKind } from "./tokens.js";

/** Where the parts of one quoted token are. */
export interface Quote {
  readonly bodyStart: number;
  readonly bodyEnd: number;
  readonly replacementStart: number;
  readonly replacementEnd: number;
  readonly flagsStart: number;
  readonly end: number;
  /** The opening delimiter. */
  readonly delimiter: string;
  readonly closed: boolean;
}

export interface QuoteSearch {
  readonly text: string;
  readonly limit: number;
  /** The tags of a template, which may contain the delimiter; undefined when the text is none. */
  readonly tags: TemplateTags | undefined;
  /** A place where an unclosed quote must end at the latest, from an offset on; the limit if none. */
  readonly barrier: (from: number) => number;
  /** Called with the number of characters read in vain; false when no more searching may be done. */
  readonly spend: (characters: number) => boolean;
}

const CLOSERS: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}", "<": ">" };

const QUOTE_WORDS: Readonly<Record<string, TokenKind>> = {
  q: "single",
  qq: "double",
  qw: "words",
  qx: "command",
  qr: "regex",
  m: "match",
  s: "substitute",
  tr: "transliterate",
  y: "transliterate",
};

/** The closing delimiter of an opening one. */
export function closerOf(delimiter: string): string {
  return CLOSERS[delimiter] ?? delimiter;
}

/** Perl reads the line ends of Windows inside a quoted text as plain ones. */
export function withPlainLineEnds(text: string): string {
  return text.includes("\r") ? text.replaceAll("\r\n", "\n") : text;
}

/** Offset of the closing delimiter, searched from `from`; -1 when there is none before `stop`. */
function findCloser(search: QuoteSearch, from: number, delimiter: string, stop: number): number {
  const { text } = search;
  const close = closerOf(delimiter).charCodeAt(0);
  const open = close === delimiter.charCodeAt(0) ? -1 : delimiter.charCodeAt(0);
  let depth = 1;
  for (let at = from; at < stop; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === close && --depth === 0) return at;
    else if (code === open) depth++;
    else if (search.tags !== undefined && (code === 123 || code === 60)) {
      const tag = search.tags.at(at);
      if (tag !== undefined && tag.end <= stop) at = tag.end - 1;
    }
  }
  return -1;
}

/**
 * Where an unclosed quote is taken to end: at the end of its line, before what closes the statement.
 * `$x = 'value;` ends before the semicolon.
 */
function endOfUnclosed(search: QuoteSearch, from: number, stop: number): number {
  if (!search.spend(stop - from)) return stop;
  const newline = search.text.indexOf("\n", from);
  let end = newline < 0 || newline > stop ? stop : newline;
  const comment = /;\s*#[^\n]*$/.exec(search.text.slice(from, Math.min(end, from + 1000)));
  if (comment !== null) end = from + comment.index + 1;
  while (end > from && /[\s;,)\]}]/.test(search.text.charAt(end - 1))) end--;
  return end;
}

function closedAt(search: QuoteSearch, from: number, delimiter: string): { end: number; closed: boolean } {
  const stop = search.barrier(from);
  const found = findCloser(search, from, delimiter, stop);
  if (found >= 0) return { end: found, closed: true };
  return { end: stop === search.limit ? -1 : endOfUnclosed(search, from, stop), closed: false };
}

/** The quoted thing whose opening delimiter is at `at`. */
export function readQuote(search: QuoteSearch, at: number, kind: TokenKind): Quote {
  const { text, limit } = search;
  const delimiter = text.charAt(at);
  const bodyStart = at + 1;
  const first = closedAt(search, bodyStart, delimiter);
  if (!first.closed) return unclosed(search, bodyStart, first.end, delimiter);
  let replacementStart = -1;
  let replacementEnd = -1;
  let end = first.end + 1;
  if (kind === "substitute" || kind === "transliterate") {
    const paired = closerOf(delimiter) !== delimiter;
    const secondAt = paired ? skipBlank(text, end, limit) : first.end;
    replacementStart = secondAt + 1;
    const second = closedAt(search, replacementStart, paired ? text.charAt(secondAt) : delimiter);
    if (!second.closed) return unclosed(search, bodyStart, second.end, delimiter);
    replacementEnd = second.end;
    end = second.end + 1;
  }
  const flagsStart = end;
  if (kind === "regex" || kind === "match" || kind === "substitute" || kind === "transliterate") {
    while (end < limit && "msixpodualngcer".includes(text.charAt(end))) end++;
  }
  return {
    bodyStart,
    bodyEnd: first.end,
    replacementStart,
    replacementEnd,
    flagsStart,
    end,
    delimiter,
    closed: true,
  };
}

function unclosed(search: QuoteSearch, bodyStart: number, found: number, delimiter: string): Quote {
  const end = Math.max(bodyStart, Math.min(found < 0 ? search.limit : found, search.limit));
  return {
    bodyStart: Math.min(bodyStart, search.limit),
    bodyEnd: end,
    replacementStart: -1,
    replacementEnd: -1,
    flagsStart: end,
    end: Math.min(end, search.limit),
    delimiter,
    closed: false,
  };
}

/** Spaces and comments, as between the two halves of s{...} {...}. */
export function skipBlank(text: string, from: number, limit: number): number {
  let at = skipSpace(text, from, limit);
  while (at < limit && at > from && text.charCodeAt(at) === HASH) {
    const newline = text.indexOf("\n", at);
    at = skipSpace(text, newline < 0 ? limit : newline, limit);
  }
  return at;
}

/**
 * If the word from `start` to `end` opens a quote (q, qq, qw, qx, qr, m, s, tr, y), its kind and the
 * offset of its delimiter. `s => 1` is a hash key, and `y #` a comment.
 */
export function quoteWordAt(
  text: string,
  start: number,
  end: number,
  limit: number,
): { kind: TokenKind; delimiterAt: number } | undefined {
  if (end - start > 2) return undefined;
  const kind = QUOTE_WORDS[text.slice(start, end)];
  if (kind === undefined || end >= limit) return undefined;
  const next = text.charCodeAt(end);
  if (!isSpace(next)) {
    const arrow = next === 61 && text.charCodeAt(end + 1) === 62;
    return arrow || isWordCharacter(next) ? undefined : { kind, delimiterAt: end };
  }
  const at = skipSpace(text, end, limit);
  const code = text.charCodeAt(at);
  if (at >= limit || code === HASH || isWordCharacter(code)) return undefined;
  // `s = 1`, `y , z`: legal delimiters, but in a configuration they are slips, and Perl says so too.
  if (code === 61 && text.charCodeAt(at + 1) === 62) return undefined;
  return { kind, delimiterAt: at };
}
