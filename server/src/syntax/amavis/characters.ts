/** Classes of characters, by code. Perl without `use utf8` knows names of ASCII letters only. */

export const NEWLINE = 10;
export const HASH = 35;
export const BACKSLASH = 92;

export function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;
}

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

export function isWordCharacter(code: number): boolean {
  return isLetter(code) || isDigit(code);
}

/** Space, tab, carriage return, form feed, vertical tab, line feed. */
export function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}

/** The end of an identifier with `::` parts that starts at `at`; `at` itself when there is none. */
export function endOfName(text: string, at: number, limit: number): number {
  let end = at;
  for (;;) {
    while (end < limit && isWordCharacter(text.charCodeAt(end))) end++;
    const qualified = end + 2 <= limit && text.charCodeAt(end) === 58 && text.charCodeAt(end + 1) === 58;
    if (!qualified || !(end === at || isWordCharacter(text.charCodeAt(end - 1)))) return end;
    end += 2;
  }
}

/** First offset from `at` on that is no space; `limit` when there is none. */
export function skipSpace(text: string, at: number, limit: number): number {
  let offset = at;
  while (offset < limit && isSpace(text.charCodeAt(offset))) offset++;
  return offset;
}
