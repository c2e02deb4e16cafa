/**
 * Mistakes inside a pattern that Perl finds when it compiles the file: brackets that do not match, a
 * repetition of nothing, an unknown `(?...)`. Only what is certain; everything else is taken as right.
 */
import type { Range } from "../text.js";
import { isSpace } from "./characters.js";

export interface PatternMistake {
  readonly range: Range;
  readonly message: string;
}

const EXTENSION =
  /\(\?(?:[:=!>|#&'{^?+(\d]|-\d|<[=!A-Za-z_]|P[<>=]|R\)|C\d|[msixnpadlu]*(?:-[msixn]*)?[:)])/y;
const EXTENDED_FLAG = /\(\?[a-z]*x[a-z]*(?:-[a-z]*)?[:)]/;

/**
 * Looks through a pattern in which nothing interpolates.
 * @param flags the letters after the closing delimiter: x allows spaces and comments
 */
export function patternMistake(text: string, body: Range, flags: string): PatternMistake | undefined {
  const extended = flags.includes("x") || EXTENDED_FLAG.test(text.slice(body.start, body.end));
  return new PatternReader(text, body, extended).read();
}

class PatternReader {
  readonly #text: string;
  readonly #end: number;
  readonly #extended: boolean;
  readonly #open: number[] = [];
  #at: number;
  /** True where a repetition has nothing to repeat: at the begin, after `(` and after `|`. */
  #nothing = true;

  constructor(text: string, body: Range, extended: boolean) {
    this.#text = text;
    this.#at = body.start;
    this.#end = body.end;
    this.#extended = extended;
  }

  read(): PatternMistake | undefined {
    while (this.#at < this.#end) {
      const mistake = this.#step();
      if (mistake !== undefined) return mistake;
    }
    const opener = this.#open.at(-1);
    return opener === undefined ? undefined : mistakeAt(opener, "This ( has no closing ) in the pattern.");
  }

  #step(): PatternMistake | undefined {
    const at = this.#at;
    const character = this.#text.charAt(at);
    this.#at++;
    if (this.#extended && (isSpace(character.charCodeAt(0)) || character === "#")) {
      if (character === "#") this.#at = this.#endOfLine();
      return undefined;
    }
    const nothing = this.#nothing;
    this.#nothing = character === "|";
    switch (character) {
      case "\\":
        this.#at++;
        return undefined;
      case "[":
        return this.#class(at);
      case "(":
        return this.#group(at);
      case ")":
        if (this.#open.pop() !== undefined) return undefined;
        return mistakeAt(at, "This ) closes nothing in the pattern.");
      case "*":
      case "+":
      case "?":
        return nothing
          ? mistakeAt(at, `There is nothing before ${character} that it could repeat.`)
          : undefined;
      default:
        return undefined;
    }
  }

  #endOfLine(): number {
    const newline = this.#text.indexOf("\n", this.#at);
    return newline < 0 || newline > this.#end ? this.#end : newline + 1;
  }

  /** `[...]`: a `]` right at the begin is a member, and `[:alpha:]` has brackets of its own. */
  #class(start: number): PatternMistake | undefined {
    let at = this.#at;
    if (this.#text.charAt(at) === "^") at++;
    if (this.#text.charAt(at) === "]") at++;
    for (; at < this.#end; at++) {
      const character = this.#text.charAt(at);
      if (character === "\\") at++;
      else if (character === "[" && ":=.".includes(this.#text.charAt(at + 1) || " ")) {
        const close = this.#text.indexOf(`${this.#text.charAt(at + 1)}]`, at + 2);
        if (close >= 0 && close < this.#end) at = close + 1;
      } else if (character === "]") {
        this.#at = at + 1;
        return undefined;
      }
    }
    return mistakeAt(start, "This [ has no closing ] in the pattern.");
  }

  #group(start: number): PatternMistake | undefined {
    const { 0: next } = this.#text.slice(this.#at, this.#end);
    if (this.#text.startsWith("(?[", start)) {
      // Sets of characters with operators have a grammar of their own; what follows is not looked at.
      this.#open.length = 0;
      this.#at = this.#end;
      return undefined;
    }
    if (this.#text.startsWith("(?#", start)) {
      const close = this.#text.indexOf(")", start);
      this.#at = close < 0 || close >= this.#end ? this.#end : close + 1;
      return undefined;
    }
    this.#open.push(start);
    this.#nothing = true;
    if (next === "*") {
      // (*VERB) or (*name:...)
      if (!/^\(\*[A-Za-z_]/.test(this.#text.slice(start, start + 4))) {
        return mistakeAt(this.#at, "There is nothing before * that it could repeat.");
      }
      this.#at++;
    } else if (next === "?") {
      EXTENSION.lastIndex = start;
      const extension = EXTENSION.exec(this.#text)?.[0];
      if (extension === undefined) return mistakeAt(start, "Perl knows no such (? in a pattern.");
      this.#at++;
      // (?i) and (?R) hold nothing: their ) is read as usual; (?<name> and (?(1) go on inside.
      this.#nothing = false;
    }
    return undefined;
  }
}

function mistakeAt(at: number, message: string): PatternMistake {
  return { range: { start: at, end: at + 1 }, message };
}
