/** The inside of double-quoted strings and patterns: variables, escapes, changes of case. */
import { endOfName, isDigit, isLetter, isSpace } from "./characters.js";
import { parseSubscript } from "./postfix.js";
import { withPlainLineEnds } from "./quotes.js";
import { ParserState } from "./state.js";
import { placeholdersIn } from "./templates.js";
import type { Dereference, Expression, Sigil, StringPart, Variable } from "./tree.js";

/** A pattern keeps its escapes, so its text is not collected; a replacement is a string again. */
export type InterpolationKind = "string" | "pattern" | "replacement";

/** The parts of a text between quotes. For patterns only the expressions. */
export function interpolate(
  state: ParserState,
  start: number,
  end: number,
  kind: InterpolationKind,
): StringPart[] {
  return new Interpolation(state, start, end, kind).read();
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  f: "\f",
  b: "\b",
  a: "\x07",
  e: "\x1b",
};
const NUMBERED =
  /x\{\s*([\da-fA-F_]*)\s*\}|x([\da-fA-F]{0,2})|o\{([0-7]+)\}|N\{U\+([\da-fA-F]+)\}|([0-7]{1,3})|c([\s\S])/y;

/** No subscript and no `@{[ ... ]}` in a string is longer. */
const LONGEST = 4000;
/** What one look at a subscript costs of the text that may be read in vain. */
const ATTEMPT = 50;
/** Strings nested deeper in the subscripts of strings are taken as plain text. */
const DEEPEST = 200;

class Interpolation {
  readonly #state: ParserState;
  readonly #text: string;
  readonly #end: number;
  readonly #kind: InterpolationKind;
  readonly #parts: StringPart[] = [];
  readonly #places: { start: number; end: number }[];
  #at: number;
  #value = "";
  #valueStart: number;

  constructor(state: ParserState, start: number, end: number, kind: InterpolationKind) {
    this.#state = state;
    this.#text = state.text;
    this.#at = start;
    this.#valueStart = start;
    this.#end = end;
    this.#kind = kind;
    this.#places =
      kind === "string" ? placeholdersIn(state.text, start, end, state.lexer.options.template) : [];
  }

  read(): StringPart[] {
    const keepsText = this.#kind !== "pattern";
    let nextPlace = 0;
    while (this.#at < this.#end) {
      const place = this.#places[nextPlace];
      if (place !== undefined && this.#at >= place.start) {
        nextPlace++;
        if (this.#at === place.start) this.#push({ kind: "placeholder", ...place }, place.end);
        continue;
      }
      const code = this.#text.charCodeAt(this.#at);
      if (code === 36 && this.#at === this.#end - 1 && this.#kind === "string") this.#finalDollar();
      if (code === 92) this.#escape();
      else if ((code !== 36 && code !== 64) || !this.#variable()) {
        const next = this.#plainEnd(place?.start ?? this.#end);
        if (keepsText) this.#value += withPlainLineEnds(this.#text.slice(this.#at, next));
        this.#at = next;
      }
    }
    this.#flush();
    return this.#parts;
  }

  /** The end of a run of characters that mean themselves, at least one. */
  #plainEnd(limit: number): number {
    let at = this.#at + 1;
    const stop = Math.min(limit, this.#end);
    while (at < stop) {
      const code = this.#text.charCodeAt(at);
      if (code === 92 || code === 36 || code === 64) break;
      at++;
    }
    return at;
  }

  /** `"5 $"`: Perl wants \$ there. */
  #finalDollar(): void {
    const range = { start: this.#at, end: this.#end };
    const at = { start: this.#at, end: this.#at };
    const fix = { title: "Write \\$", range: at, newText: "\\" };
    this.#state.problem(range, "A $ at the end of a text in double quotes has to be written \\$.", fix);
  }

  #flush(): void {
    if (this.#value !== "") {
      this.#parts.push({ kind: "text", start: this.#valueStart, end: this.#at, value: this.#value });
    }
    this.#value = "";
  }

  #push(part: StringPart, end: number): void {
    this.#flush();
    this.#parts.push(part);
    this.#at = end;
    this.#valueStart = end;
  }

  #escape(): void {
    const start = this.#at;
    const letter = this.#at + 1 < this.#end ? this.#text.charAt(this.#at + 1) : "";
    if (this.#kind === "pattern") {
      this.#at = Math.min(start + 2, this.#end);
      return;
    }
    // In a replacement \1 is an old way to write $1.
    if (this.#kind === "replacement" && /[1-9]/.test(letter)) {
      const expression: Variable = { kind: "variable", start, end: start + 2, sigil: "$", name: letter };
      this.#push({ kind: "expression", start, end: start + 2, expression }, start + 2);
      return;
    }
    if (letter !== "" && "luLUQEF".includes(letter)) {
      this.#push({ kind: "case", start, end: start + 2, letter }, start + 2);
      return;
    }
    const simple = SIMPLE_ESCAPES[letter];
    NUMBERED.lastIndex = start + 1;
    const numbered = simple === undefined ? NUMBERED.exec(this.#text) : null;
    if (simple !== undefined) this.#value += simple;
    else if (numbered === null || start + 1 + numbered[0].length > this.#end) this.#value += letter;
    else {
      this.#value += characterOf(numbered);
      this.#at = start + 1 + numbered[0].length;
      return;
    }
    this.#at = Math.min(start + 2, this.#end);
  }

  /** Reads a variable at the current `$` or `@`; false when the character means itself. */
  #variable(): boolean {
    const start = this.#at;
    const sigil = this.#text.charAt(start) as "$" | "@";
    const node = this.#reference(sigil, start);
    if (node === undefined) return false;
    const expression = this.#subscripts(node.expression, sigil, node.end);
    this.#push(
      { kind: "expression", start, end: expression.end, expression: expression.node },
      expression.end,
    );
    return true;
  }

  #reference(sigil: "$" | "@", start: number): { expression: Expression; end: number } | undefined {
    const next = start + 1;
    const code = next < this.#end ? this.#text.charCodeAt(next) : -1;
    if (code === 123) return this.#braced(sigil, start);
    if (code === 36 && this.#startsName(next + 1)) {
      const inner = this.#reference("$", next);
      if (inner === undefined) return undefined;
      const operand = inner.expression;
      return { expression: { kind: "dereference", start, end: inner.end, sigil, operand }, end: inner.end };
    }
    if (code === 35 && sigil === "$" && this.#startsName(next + 1)) {
      if (!isLetter(this.#text.charCodeAt(next + 1))) return this.#lastOf(start, next);
      const end = endOfName(this.#text, next + 1, this.#end);
      const array: Variable = {
        kind: "variable",
        start,
        end,
        sigil: "@",
        name: this.#text.slice(next + 1, end),
      };
      return { expression: { kind: "last-index", start, end, array }, end };
    }
    const end = this.#endOfName(sigil, next, code);
    if (end <= next) return undefined;
    const name = this.#text.slice(next, end);
    return { expression: { kind: "variable", start, end, sigil, name }, end };
  }

  /** `$#{ ... }` and `$#$x` */
  #lastOf(start: number, hash: number): { expression: Expression; end: number } | undefined {
    const braced = this.#text.charAt(hash + 1) === "{";
    const inner = braced ? this.#braced("$", hash) : this.#reference("$", hash + 1);
    if (inner === undefined) return undefined;
    const { expression, end } = inner;
    if (braced && expression.kind === "variable")
      return { expression: { kind: "last-index", start, end, array: { ...expression, sigil: "@" } }, end };
    const operand = braced && expression.kind === "dereference" ? expression.operand : expression;
    return { expression: { kind: "dereference", start, end, sigil: "#", operand }, end };
  }

  #startsName(at: number): boolean {
    if (at >= this.#end) return false;
    const code = this.#text.charCodeAt(at);
    return isLetter(code) || code === 123 || code === 36;
  }

  #endOfName(sigil: "$" | "@", at: number, code: number): number {
    if (
      isLetter(code) ||
      (code === 58 && this.#text.charCodeAt(at + 1) === 58 && isLetter(this.#text.charCodeAt(at + 2)))
    ) {
      let end = endOfName(this.#text, at, this.#end);
      if (this.#text.charAt(end - 1) === ":") end -= 2;
      // `$user's` is `$user::s` for Perl.
      if (
        this.#kind !== "pattern" &&
        this.#text.charAt(end) === "'" &&
        end + 1 < this.#end &&
        isLetter(this.#text.charCodeAt(end + 1))
      ) {
        end = endOfName(this.#text, end + 1, this.#end);
      }
      return end;
    }
    if (sigil === "@" || at >= this.#end) return at;
    if (isDigit(code)) {
      let end = at;
      while (end < this.#end && isDigit(this.#text.charCodeAt(end))) end++;
      return end;
    }
    // In a pattern `$` before `)`, `|` or a space is the end of the line.
    const specials = this.#kind === "pattern" ? "&!$,;0" : "&`!@/\\,;.0$<>()[]";
    return !isSpace(code) && specials.includes(this.#text.charAt(at)) ? at + 1 : at;
  }

  /** `${name}`, `@{[ ... ]}`, `${\ ...}` */
  #braced(sigil: "$" | "@", start: number): { expression: Expression; end: number } | undefined {
    const name = /^\{\s*(\^?\w[\w:]*)\s*\}/.exec(
      this.#text.slice(start + 1, Math.min(this.#end, start + 200)),
    );
    if (name?.[1] !== undefined) {
      const end = start + 1 + name[0].length;
      return { expression: { kind: "variable", start, end, sigil, name: name[1] }, end };
    }
    if (this.#kind === "pattern" && sigil === "@") return undefined;
    const inner = this.#parser(start + 1);
    if (inner === undefined) return undefined;
    inner.lexer.read("term");
    const block = inner.grammar.block(inner);
    const end = inner.lexer.previousEnd;
    const only = block.statements[0];
    if (inner.damaged || end <= start + 2) return this.#inVain(inner, start + 1);
    const operand: Expression =
      only?.kind === "expression-statement" && block.statements.length === 1
        ? only.expression
        : {
            kind: "call",
            start: start + 1,
            end,
            name: "do",
            nameRange: { start: start + 1, end: start + 1 },
            arguments: [],
            block,
          };
    return { expression: { kind: "dereference", start, end, sigil, operand }, end };
  }

  /**
   * A parser for the rest of the string, whose mistakes are not reported. It shares the amount of text
   * that may be read in vain, so that strings in strings in strings do not multiply the work.
   */
  #parser(from: number): ParserState | undefined {
    const { template, budget } = this.#state.lexer.options;
    budget.left -= ATTEMPT;
    if (budget.left <= 0 || this.#state.depth > DEEPEST) return undefined;
    const options = { from, limit: Math.min(this.#end, from + LONGEST), template, recover: false, budget };
    const inner = new ParserState(this.#text, options, this.#state.grammar, true);
    inner.depth = this.#state.depth + 5;
    return inner;
  }

  /** In a string Perl takes a bracket after a variable as its subscript, whatever is in it; a pattern it guesses. */
  #inVain(inner: ParserState, bracket: number): undefined {
    inner.lexer.spend(LONGEST);
    const { template } = this.#state.lexer.options;
    // An escape may stand for another character inside the subscript, and a long text is cut.
    const rest = this.#text.slice(bracket, this.#end);
    if (this.#kind === "pattern" || template || rest.length > LONGEST || rest.includes("\\"))
      return undefined;
    const range = { start: bracket, end: bracket + 1 };
    const written = this.#text.charAt(bracket);
    this.#state.problem(
      range,
      `In double quotes this ${written} opens a subscript, and Perl cannot read it.`,
    );
    return undefined;
  }

  #subscripts(first: Expression, sigil: "$" | "@", from: number): { node: Expression; end: number } {
    let node = first;
    let end = from;
    // "${name}[0]" is the scalar and a bracket; with an arrow it is an element again.
    const braced = first.kind === "variable" && this.#text.charAt(from - 1) === "}";
    for (let count = 0; count < 20; count++) {
      const arrow = this.#arrow(end);
      if (braced && count === 0 && arrow === 0) break;
      const at = end + arrow;
      const bracket = at < this.#end ? this.#text.charAt(at) : "";
      if (bracket !== "[" && bracket !== "{") break;
      if (sigil === "@" && (count > 0 || arrow > 0)) break;
      if (this.#kind === "pattern" && !this.#subscriptInPattern(at)) break;
      const inner = this.#parser(at);
      if (inner === undefined) break;
      inner.lexer.read("operator");
      const subscript = parseSubscript(inner);
      if (inner.damaged) {
        this.#inVain(inner, at);
        break;
      }
      const container = containerOf(node, bracket === "[" ? "@" : "%", count === 0 && arrow === 0);
      end = inner.lexer.previousEnd;
      const access = bracket === "[" ? "index" : "key";
      const range = { start: first.start, end };
      if (sigil === "@")
        return { node: { kind: "slice", ...range, container, access, pairs: false, subscript }, end };
      node = { kind: "element", ...range, container, access, subscript };
    }
    return { node, end };
  }

  #arrow(at: number): number {
    if (!this.#text.startsWith("->", at) || at + 2 >= this.#end) return 0;
    return "[{".includes(this.#text.charAt(at + 2)) ? 2 : 0;
  }

  /** In a pattern `[` usually opens a class and `{3}` repeats; Perl guesses, and so do we. */
  #subscriptInPattern(at: number): boolean {
    const inside = this.#text.slice(at, Math.min(this.#end, at + 60));
    return /^\[(?:-?\d+|\$\w+)\]/.test(inside) || /^\{(?!\d*,?\d*\})[\w'"$]/.test(inside);
  }
}

function containerOf(node: Expression, sigil: Sigil, direct: boolean): Variable | Dereference {
  if (direct && node.kind === "variable") return { ...node, sigil };
  if (direct && node.kind === "dereference") return { ...node, sigil };
  return { kind: "dereference", start: node.start, end: node.end, sigil, operand: node };
}

function characterOf(match: RegExpExecArray): string {
  const [, braced, short, octalBraced, unicode, octal, control] = match;
  if (control !== undefined) return String.fromCharCode(control.toUpperCase().charCodeAt(0) ^ 64);
  const code =
    octal !== undefined || octalBraced !== undefined
      ? Number.parseInt(octal ?? octalBraced ?? "0", 8)
      : Number.parseInt((braced ?? short ?? unicode ?? "0").replaceAll("_", "") || "0", 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : "";
}
