/**
 * Words of a master.cf line or of a list value: split at blanks (lists: at commas too), where braces
 * keep together what they hold (argv_splitq(3), mystrtokq(3)). No quotes, no escapes.
 */
import type { Range } from "../text.js";
import { isSeparator, LogicalText } from "./lines.js";

export interface Word {
  readonly text: string;
  /** Where it begins in the logical line. */
  readonly at: number;
  readonly range: Range;
  /** True when a `{` of the word has no partner. */
  readonly unclosed: boolean;
}

export interface WordOptions {
  /** Separators beside blanks; "," for lists. */
  readonly commas?: boolean;
  /** How many words come first in which `{` is an ordinary character (the eight columns of master.cf). */
  readonly plainWords?: number;
  /** Keep {{ placeholder }}, <%= placeholder %> and the like in one piece. */
  readonly template?: boolean;
}

const PLACEHOLDER = /\{\{.*?\}\}|\{%.*?%\}|<%.*?%>|\$\{[^}]*\}|%\([^)]*\)s|%\{[^}]*\}/y;

export function splitWords(logical: LogicalText, options: WordOptions = {}): Word[] {
  const { text } = logical;
  const words: Word[] = [];
  const separates = (at: number) =>
    isSeparator(text.charCodeAt(at)) || (options.commas === true && text[at] === ",");
  for (let at = 0; at < text.length; ) {
    if (separates(at)) {
      at++;
      continue;
    }
    const start = at;
    const braces = words.length >= (options.plainWords ?? 0);
    let depth = 0;
    while (at < text.length && (depth > 0 || !separates(at))) {
      const skipped = options.template ? placeholderLength(text, at) : 0;
      if (skipped > 0) {
        at += skipped;
        continue;
      }
      if (braces && text[at] === "{") depth++;
      else if (braces && text[at] === "}" && depth > 0) depth--;
      at++;
    }
    words.push({
      text: text.slice(start, at),
      at: start,
      range: logical.rangeToFile(start, at),
      unclosed: depth > 0,
    });
  }
  return words;
}

/** Length of the template placeholder that begins at an offset, 0 when none does. */
function placeholderLength(text: string, at: number): number {
  PLACEHOLDER.lastIndex = at;
  return PLACEHOLDER.exec(text)?.[0].length ?? 0;
}

/** Whether a text still holds a place that another program fills in ({{ x }}, <%= x %>, @X@, __X__ ...). */
export function hasPlaceholder(text: string): boolean {
  return MAY_HOLD_PLACEHOLDER.test(text) && HELD_PLACEHOLDER.test(text);
}

/** Few texts pass this, and it is quick. */
const MAY_HOLD_PLACEHOLDER = /[@%]|[{<$][{%A-Z]|_[_A-Z]/;
const HELD_PLACEHOLDER =
  /(?<!\$)\{\{|\{%|<%|@[A-Z][A-Z0-9_]*@|__[A-Z][A-Z0-9_]*__|%\([^)]*\)s|%%\w+%%|%\{[^}]*\}|\bPH_[A-Z_]+|\$\{?[A-Z][A-Z0-9_]+\b/;

/** Items of a list value: commas and blanks separate, braces keep together what they hold. */
export function splitList(value: string): string[] {
  const logical = new LogicalText(value, [{ start: 0, end: value.length }]);
  return splitWords(logical, { commas: true }).map((word) => word.text);
}

/** Offset of the brace that closes the one with which a word begins; -1 when there is none. */
export function closingBrace(word: string): number {
  let depth = 0;
  for (let at = 0; at < word.length; at++) {
    if (word[at] === "{") depth++;
    else if (word[at] === "}" && --depth === 0) return at;
  }
  return -1;
}

/**
 * What stands between the braces of a word that begins with one (extpar(3)): text behind the closing brace is
 * dropped, a missing one is forgiven. With `strip`, also without the blanks next to the braces.
 */
export function extractBraces(word: string, strip = false): string {
  const end = closingBrace(word);
  const inner = word.slice(1, end < 0 ? word.length : end);
  return strip ? inner.replace(/^[ \t-\r]+|[ \t-\r]+$/g, "") : inner;
}
