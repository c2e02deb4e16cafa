/** What the functions of the parser share while they read one text. */
import type { Range } from "../text.js";
import { Lexer, type LexerOptions } from "./lexer.js";
import type { Block, Expression, Missing, PerlProblem, SyntaxFix } from "./tree.js";

/** Deeper nesting than this is taken as a mistake; it also keeps the stack small. */
const DEEPEST = 250;
/** A text with more mistakes is no configuration; Perl itself gives up after ten. */
const MOST_PROBLEMS = 500;

export class ParserState {
  readonly lexer: Lexer;
  readonly text: string;
  readonly problems: PerlProblem[] = [];
  /** Closers of the brackets that are open around the current token, innermost last. */
  readonly closers: string[] = [];
  /** How many blocks are open: then `}` ends the statements. */
  blocks = 0;
  depth = 0;
  /** Where a brace opens a hash although a statement begins there. */
  hashAt = -1;
  /** Set by the first problem in a statement; later ones of the same statement are its consequences. */
  damaged = false;
  /** True where a mistake is worth no word: inside strings, and between the control lines of a template. */
  silent: boolean;
  /** True when the statement holds a place that a template fills in: what looks wrong may be right then. */
  filledIn = false;
  /** Bound by the parser, so that expressions can hold blocks and strings expressions. */
  readonly grammar: Grammar;

  constructor(text: string, options: LexerOptions, grammar: Grammar, silent: boolean) {
    this.text = text;
    this.lexer = new Lexer(text, options);
    this.grammar = grammar;
    this.silent = silent;
  }

  /** Notes a mistake. The first reading of a text ends with it: a second one then looks more closely. */
  problem(range: Range, message: string, fix?: SyntaxFix): void {
    if (this.damaged) return;
    this.damaged = true;
    const counts = !this.silent && !this.filledIn && this.problems.length < MOST_PROBLEMS;
    if (counts) this.problems.push(this.#runaway(range) ?? { kind: "perl-syntax", message, range, fix });
    if (!this.lexer.options.recover) this.lexer.stop();
  }

  /**
   * What cannot be read right after a text of several lines: most likely the text was to end before, and
   * every quote since then does the opposite of what it seems to. Perl then says where the text began, too.
   */
  #runaway(range: Range): PerlProblem | undefined {
    const { start, end } = this.lexer.longQuote;
    if (start < 0 || range.start < end || this.text.slice(end, range.start).includes("\n")) return undefined;
    const message =
      "The text that is opened here goes on to a later line, and what follows it there cannot be read: is it closed too late?";
    return { kind: "perl-syntax", message, range: { start, end: start + 1 }, fix: undefined };
  }

  /** True when nesting gets too deep; the rest of the statement is then skipped. */
  tooDeep(): boolean {
    if (this.depth < DEEPEST) return false;
    this.problem(this.here(), "This is nested too deeply to be read.");
    const { lexer } = this;
    while (lexer.read("term") !== "end" && lexer.value !== ";") lexer.advance();
    return true;
  }

  /** The range of the current token. */
  here(): Range {
    return { start: this.lexer.start, end: this.lexer.end };
  }

  /** The empty place after the last token. */
  missing(): Missing {
    return { kind: "missing", start: this.lexer.previousEnd, end: this.lexer.previousEnd };
  }

  /** Whether the current token is that operator. */
  isOperator(value: string): boolean {
    return this.lexer.kind === "operator" && this.lexer.value === value;
  }

  /** The last character before the current token, where something is missing that would end a statement. */
  beforeHere(): Range {
    const end = this.lexer.previousEnd;
    return { start: Math.max(0, end - 1), end };
  }
}

export interface Grammar {
  /** A whole expression with commas and the low operators `and`, `or`, `not`. */
  expression(state: ParserState): Expression;
  /** An expression that ends before a comma. */
  element(state: ParserState): Expression;
  /** `{ statements }`; the current token is `{`. */
  block(state: ParserState): Block;
  /** A comma list without the low operators. */
  list(state: ParserState): Expression[];
  /** An expression up to the operators of named unary functions: `lc $a . "b"`. */
  unaryArgument(state: ParserState): Expression;
}
