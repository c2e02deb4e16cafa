/** Where the name of a variable ends: `$x`, `@x::y`, `%x`, `${name}`, `$#x`, `$_`, `$$`, `$1`, `@{` ... */
import { endOfName, isDigit, isLetter, isSpace } from "./characters.js";
import { skipBlank } from "./quotes.js";

/** Variables of one character after `$` that Perl has itself: `$_` is a name, these are not. */
const SPECIAL_SCALARS = "&`'+!@/\\,;.-^~=%:?<>()[]|\"$0*";
const BRACED_NAME = /\{\s*\^?[A-Za-z_][\w:]*\s*\}/y;

/** kind "cast": a sigil before `{` or `$`, which takes what follows as a reference. */
export function endOfVariable(
  text: string,
  at: number,
  limit: number,
): { kind: "variable" | "cast" | undefined; end: number } {
  const sigil = text.charAt(at);
  let next = at + 1;
  if (next >= limit) return { kind: undefined, end: next };
  if (sigil === "$" && text.charAt(next) === "#") {
    const after = text.charAt(next + 1);
    if (after === "{" || after === "$") return { kind: "cast", end: next + 1 };
    if (isLetter(text.charCodeAt(next + 1)) || after === ":") next++;
  }
  const code = text.charCodeAt(next);
  if (isLetter(code) || (code === 58 && text.charCodeAt(next + 1) === 58)) {
    const end = endOfQuotedName(text, endOfName(text, next, limit), limit);
    if (end > next) return { kind: "variable", end };
  }
  if (code === 123) {
    BRACED_NAME.lastIndex = next;
    const braced = BRACED_NAME.exec(text)?.[0];
    if (braced !== undefined && sigil !== "&" && next + braced.length <= limit) {
      return { kind: "variable", end: next + braced.length };
    }
    return { kind: "cast", end: next };
  }
  if (code === 36) return castOrPid(text, sigil, next, limit);
  if (isSpace(code) && (sigil === "$" || sigil === "@")) {
    // `$ x` is $x, and `@ {` or `@ $x` take a reference, even over the end of a line.
    const after = skipBlank(text, next, limit);
    const end = isLetter(text.charCodeAt(after)) ? endOfName(text, after, limit) : 0;
    if (end > 0 && !text.slice(next, after).includes("\n")) return { kind: "variable", end };
    if (
      text.charCodeAt(after) === 123 ||
      (text.charCodeAt(after) === 36 && isLetter(text.charCodeAt(after + 1)))
    )
      return { kind: "cast", end: next };
  }
  return special(text, sigil, next, limit);
}

/** The old form of `::` is a quote: `$a'b` is `$a::b`. */
function endOfQuotedName(text: string, end: number, limit: number): number {
  const quoted = text.charCodeAt(end) === 39 && end + 1 < limit && isLetter(text.charCodeAt(end + 1));
  return quoted ? endOfName(text, end + 1, limit) : end;
}

/** `$$x` and `@$x` dereference; `$$` alone is the number of the process. */
function castOrPid(
  text: string,
  sigil: string,
  next: number,
  limit: number,
): { kind: "variable" | "cast" | undefined; end: number } {
  const after = next + 1 < limit ? text.charCodeAt(next + 1) : -1;
  const dereference = isLetter(after) || isDigit(after) || after === 36 || after === 123 || after === 58;
  if (dereference) return { kind: "cast", end: next };
  return sigil === "$" ? { kind: "variable", end: next + 1 } : { kind: undefined, end: next };
}

function special(
  text: string,
  sigil: string,
  next: number,
  limit: number,
): { kind: "variable" | undefined; end: number } {
  const code = text.charCodeAt(next);
  const character = text.charAt(next);
  if (isDigit(code) && sigil !== "&") {
    let end = next;
    while (end < limit && isDigit(text.charCodeAt(end))) end++;
    return { kind: "variable", end };
  }
  if (sigil === "$") {
    if (character === "^" && /[A-Z]/.test(text.charAt(next + 1))) return { kind: "variable", end: next + 2 };
    if (!isSpace(code) && SPECIAL_SCALARS.includes(character)) return { kind: "variable", end: next + 1 };
  }
  if (sigil === "&" || isSpace(code)) return { kind: undefined, end: next };
  if (character === "-" || character === "+") return { kind: "variable", end: next + 1 };
  if (character === "^" && /[A-Z]/.test(text.charAt(next + 1))) return { kind: "variable", end: next + 2 };
  if (sigil === "%" && character === "!") return { kind: "variable", end: next + 1 };
  if (sigil === "*" && SPECIAL_SCALARS.includes(character)) return { kind: "variable", end: next + 1 };
  return { kind: undefined, end: next };
}

const VERSION_STRING = /v\d+(?:\.\d+)*(?![\w.])|\d+(?:\.\d+){2,}(?![\w])/y;

/** The end of v1.2 or 1.2.3 at `at`, 0 when there is none. `wordEnd` is the end of the word there. */
export function endOfVersionString(text: string, at: number, wordEnd: number, limit: number): number {
  const code = text.charCodeAt(at);
  if (code !== 118 && !isDigit(code)) return 0;
  if (code === 118 && (wordEnd < at + 2 || !isDigit(text.charCodeAt(at + 1)))) return 0;
  VERSION_STRING.lastIndex = at;
  const found = VERSION_STRING.exec(text)?.[0];
  if (found === undefined || (code === 118 && /^\s*=>/.test(text.slice(at + found.length, at + 50))))
    return 0;
  return Math.min(at + found.length, limit);
}
