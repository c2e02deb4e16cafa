/**
 * Cuts Perl into tokens. What a character means depends on whether a value or an operator can stand
 * there (`/` divides or opens a pattern), so the parser asks for the current token in one of these modes:
 * "statement" and "term" where a value can stand, "operator" after a value.
 */
import { AssignmentLines, isAssignmentAt } from "./assignmentLines.js";
import { endOfName, HASH, isDigit, isLetter, isSpace, isWordCharacter, NEWLINE } from "./characters.js";
import { type Heredoc, readHeredoc } from "./heredocs.js";
import { type Quote, type QuoteSearch, quoteWordAt, readQuote } from "./quotes.js";
import { type TemplateRole, TemplateTags } from "./templates.js";
import { type TokenKind, TokenList } from "./tokens.js";
import { endOfVariable, endOfVersionString } from "./variables.js";
import { isBuiltin } from "./words.js";

export type Mode = "statement" | "term" | "operator";

export interface LexerOptions {
  readonly from: number;
  readonly limit: number;
  readonly template: boolean;
  /** Set when a first reading has met a mistake: unclosed quotes then end at the next assignment. */
  readonly recover: boolean;
  /** How many characters may still be read in vain; shared by all lexers of one text. */
  readonly budget: { left: number };
}

const OPERATOR =
  /\.\.\.|<=>|\*\*=|<<=|>>=|&&=|\|\|=|\/\/=|\*\*|\+\+|--|->|=>|==|!=|=~|!~|~~|<=|>=|<<|>>|&&|\|\||\/\/|\.\.|::|\+=|-=|\*=|\/=|\.=|%=|&=|\|=|\^=|[-+*/%&|^.,;()[\]{}!~\\<>=?:]/y;
const NUMBER =
  /0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|(?:\d[\d_]*)(?:\.(?!\.)[\d_]*)?(?:[eE][-+]?\d[\d_]*)?|\.\d[\d_]*(?:[eE][-+]?\d+)?/y;
const FILE_TEST = /-[rwxoRWXOezsfdlpSugktTBAMC](?!\w)(?!\s*=>)/y;
const READLINE = /<(?:\$?[\w:]*|[^\s<>=;()]+)>/y;
const POD = /=[A-Za-z]/y;
export class Lexer {
  readonly text: string;
  readonly tokens = new TokenList();
  readonly options: LexerOptions;
  kind: TokenKind = "space";
  start = 0;
  end = 0;
  /** The text of a word or an operator; "" for other tokens. */
  value = "";
  quote: Quote | undefined;
  heredoc: Heredoc | undefined;
  /** The last quoted text that goes on over the end of its line. */
  longQuote = { start: -1, end: -1 };
  role: TemplateRole | undefined;
  /** Whether a line feed, or any space, stands between the token before and this one. */
  newlineBefore = true;
  spaceBefore = true;
  /** End of the last token that is not trivia. */
  previousEnd = 0;
  #at: number;
  #limit: number;
  #mode: Mode | "" = "";
  #newline = -1;
  #queued = { newline: -1, end: -1 };
  readonly #search: QuoteSearch;
  readonly #tags: TemplateTags | undefined;

  constructor(text: string, options: LexerOptions) {
    this.text = text;
    this.options = options;
    this.#at = options.from;
    this.#limit = options.limit;
    this.previousEnd = options.from;
    const lines = options.recover ? new AssignmentLines(text) : undefined;
    this.#tags = options.template ? new TemplateTags(text) : undefined;
    this.#search = {
      text,
      limit: options.limit,
      tags: this.#tags,
      barrier: (from) => Math.min(lines?.next(from) ?? options.limit, options.limit),
      spend: (characters) => this.spend(characters),
    };
  }

  /** Takes from the amount of text that may be read in vain, which keeps the work linear. */
  spend(characters: number): boolean {
    this.options.budget.left -= characters;
    return this.options.budget.left > 0;
  }

  /** Whether `$name =`, `@name =`, `$name{key} =` stands at the current token. */
  get looksLikeAssignment(): boolean {
    return this.start < this.#limit && isAssignmentAt(this.text, this.start);
  }

  /** Whether the current token begins a line that assigns to a variable. */
  get atAssignmentLine(): boolean {
    return this.newlineBefore && this.looksLikeAssignment;
  }

  /** Makes everything from here on the end of the text; the rest becomes one token. */
  stop(): void {
    this.#limit = this.#at;
    this.#mode = "";
  }

  /** Reads the current token as the mode says; reading it again in the same mode costs nothing. */
  read(mode: Mode): TokenKind {
    if (this.#mode === mode) return this.kind;
    if (this.#mode === "" || mode === "statement") this.#skipTrivia(mode);
    this.#mode = mode;
    this.value = "";
    this.start = this.#at;
    this.#readToken(mode);
    return this.kind;
  }

  /** Makes the text from the current position to `end` the current token, whatever it looks like. */
  force(kind: TokenKind, end: number): void {
    if (this.#mode === "") this.#skipTrivia("operator");
    this.#mode = "operator";
    this.start = this.#at;
    this.#set(kind, Math.max(end, this.#at));
  }

  /** Leaves the current token. */
  advance(): void {
    if (this.kind === "end") return;
    this.tokens.push(this.kind, this.end);
    if (this.kind === "heredoc" && this.heredoc !== undefined && this.heredoc.newline >= 0) {
      this.#queued = { newline: this.heredoc.newline, end: this.heredoc.end };
    }
    this.#at = this.end;
    this.previousEnd = this.end;
    this.#mode = "";
  }

  /** Gives the text that is left to a last token, so that the tokens are the whole text. */
  finish(): void {
    if (this.#mode === "") this.#skipTrivia("statement");
    this.tokens.push(this.kind === "end" ? "data" : "unexpected", this.text.length);
  }

  #set(kind: TokenKind, end: number): void {
    this.kind = kind;
    this.end = end;
    if (kind === "word" || kind === "operator") this.value = this.text.slice(this.start, end);
  }

  #skipTrivia(mode: Mode): void {
    const { text } = this;
    if (this.#mode === "") {
      this.newlineBefore = this.#at === 0;
      this.spaceBefore = this.#at === 0;
    }
    const before = this.#at;
    // The mark of UTF-8, where the bytes of the file were read one by one.
    if (before === 0 && text.startsWith("\xef\xbb\xbf")) this.#at = 3;
    for (;;) {
      const code = this.#at < this.#limit ? text.charCodeAt(this.#at) : -1;
      if (code === NEWLINE) this.#skipNewline();
      else if (isSpace(code) || (code === 0xfeff && this.#at === 0)) this.#at++;
      else if (code === HASH) this.#skipComment();
      else if (code === 61 && mode === "statement" && this.#skipPod()) this.newlineBefore = true;
      else if (!(this.options.template && this.#skipTemplateComment(code))) break;
    }
    if (this.#at > before) this.spaceBefore = true;
    this.tokens.push("space", this.#at);
  }

  #skipNewline(): void {
    const at = this.#at++;
    this.newlineBefore = true;
    if (at === this.#queued.newline) {
      this.tokens.push("space", this.#at);
      this.tokens.push("heredoc-body", this.#queued.end);
      this.#at = this.#queued.end;
    }
  }

  #skipComment(): void {
    const newline = this.text.indexOf("\n", this.#at);
    this.tokens.push("space", this.#at);
    this.#at = newline < 0 ? this.#limit : Math.min(newline, this.#limit);
    this.tokens.push("comment", this.#at);
  }

  /** Plain old documentation: from `=word` at the start of a line to the line after `=cut`. */
  #skipPod(): boolean {
    POD.lastIndex = this.#at;
    const lineStart = this.#at === 0 || this.text.charCodeAt(this.#at - 1) === NEWLINE;
    if (!lineStart || !POD.test(this.text)) return false;
    this.tokens.push("space", this.#at);
    let cut = this.text.startsWith("=cut", this.#at) ? this.#at : this.text.indexOf("\n=cut", this.#at);
    while (cut >= 0 && isLetter(this.text.charCodeAt(cut + (cut === this.#at ? 4 : 5)))) {
      cut = this.text.indexOf("\n=cut", cut + 1);
    }
    const newline = cut < 0 ? -1 : this.text.indexOf("\n", cut + 1);
    this.#at = newline < 0 ? this.#limit : Math.min(newline + 1, this.#limit);
    this.tokens.push("pod", this.#at);
    return true;
  }

  #skipTemplateComment(code: number): boolean {
    if (code !== 123 && code !== 60 && code !== 37) return false;
    const tag = this.#tags?.at(this.#at);
    if (tag?.role !== "nothing") return false;
    this.tokens.push("space", this.#at);
    this.#at = Math.min(tag.end, this.#limit);
    this.tokens.push("comment", this.#at);
    return true;
  }

  #readToken(mode: Mode): void {
    const at = this.#at;
    if (at >= this.#limit) {
      this.#set("end", at);
      return;
    }
    const code = this.text.charCodeAt(at);
    if (this.options.template && this.#readTag(code)) return;
    if (isLetter(code)) {
      this.#readWord(mode);
      return;
    }
    // Control-D and control-Z end a program like __END__.
    if (code === 4 || code === 26) {
      this.#set("end", at);
      return;
    }
    if (mode === "operator" ? this.#readAfterValue(code) : this.#readValue(code)) return;
    OPERATOR.lastIndex = at;
    if (OPERATOR.test(this.text)) {
      this.#set("operator", Math.min(OPERATOR.lastIndex, this.#limit));
      return;
    }
    // A character pair outside the basic plane stays together.
    const pair = code >= 0xd800 && code < 0xdc00 && at + 1 < this.#limit;
    this.#set("unexpected", at + (pair ? 2 : 1));
  }

  #readTag(code: number): boolean {
    // { < @ _ %
    if (code !== 123 && code !== 60 && code !== 64 && code !== 95 && code !== 37) return false;
    const tag = this.#tags?.at(this.#at);
    if (tag === undefined || tag.end > this.#limit) return false;
    this.role = tag.role;
    this.#set(tag.role === "placeholder" ? "placeholder" : "control", tag.end);
    return true;
  }

  #readWord(mode: Mode): void {
    const at = this.#at;
    const end = endOfName(this.text, at, this.#limit);
    if (end - at <= 8 && this.text.charCodeAt(at) === 95) {
      const word = this.text.slice(at, end);
      if (word === "__END__" || word === "__DATA__") {
        this.#set("end", at);
        return;
      }
    }
    if (mode === "operator") {
      // `x3` repeats three times, `x=` assigns.
      if (this.text.charCodeAt(at) === 120) {
        const next = this.text.charCodeAt(at + 1);
        if (isDigit(next)) {
          this.#set("word", at + 1);
          return;
        }
        if (end === at + 1 && next === 61 && !"=~>".includes(this.text.charAt(at + 2))) {
          this.#set("operator", at + 2);
          return;
        }
      }
      this.#set("word", end);
      return;
    }
    const quoted = quoteWordAt(this.text, at, end, this.#limit);
    if (quoted !== undefined) {
      this.#readQuote(quoted.kind, quoted.delimiterAt);
      return;
    }
    const version = endOfVersionString(this.text, at, end, this.#limit);
    if (version > 0) {
      this.#set("number", version);
      return;
    }
    this.#set("word", this.#endOfQuotedName(at, end));
  }

  /** The old form of `::` is a quote: `a'b` is `a::b`, unless Perl itself has a word `a`. */
  #endOfQuotedName(at: number, end: number): number {
    const { text } = this;
    if (text.charCodeAt(end) !== 39 || end + 1 >= this.#limit || !isLetter(text.charCodeAt(end + 1)))
      return end;
    return isBuiltin(text.slice(at, end)) ? end : endOfName(text, end + 1, this.#limit);
  }

  /** The next line feed from an offset on; the end of the text if there is none. */
  #newlineAfter(at: number): number {
    if (this.#newline < at) {
      const found = this.text.indexOf("\n", at);
      this.#newline = found < 0 ? this.text.length : found;
    }
    return this.#newline;
  }

  #readQuote(kind: TokenKind, delimiterAt: number): void {
    const quote = readQuote(this.#search, delimiterAt, kind);
    this.quote = quote;
    this.#set(kind, quote.end);
    if (quote.closed && kind !== "words" && this.#newlineAfter(this.start) < quote.end)
      this.longQuote = { start: this.start, end: quote.end };
  }

  /** Tokens that can follow a value and are no plain operator: only what an error put there. */
  #readAfterValue(code: number): boolean {
    if (code === 36 || code === 64) {
      const variable = endOfVariable(this.text, this.#at, this.#limit);
      if (variable.kind !== undefined) this.#set(variable.kind, variable.end);
      return variable.kind !== undefined;
    }
    if (code === 39) this.#readQuote("single", this.#at);
    else if (code === 34) this.#readQuote("double", this.#at);
    else if (code === 96) this.#readQuote("command", this.#at);
    else if (isDigit(code)) this.#readNumber();
    else return false;
    return true;
  }

  #readNumber(): void {
    const version = endOfVersionString(this.text, this.#at, this.#at, this.#limit);
    if (version > 0) {
      this.#set("number", version);
      return;
    }
    NUMBER.lastIndex = this.#at;
    const length = NUMBER.exec(this.text)?.[0].length ?? 1;
    this.#set("number", Math.min(this.#at + length, this.#limit));
  }

  #readValue(code: number): boolean {
    const at = this.#at;
    switch (code) {
      case 39:
      case 34:
      case 96:
        this.#readQuote(code === 39 ? "single" : code === 34 ? "double" : "command", at);
        return true;
      case 47:
        this.#readQuote("match", at);
        return true;
      case 36:
      case 64:
      case 37:
      case 38:
      case 42: {
        const variable = endOfVariable(this.text, at, this.#limit);
        if (variable.kind === undefined) return false;
        this.#set(variable.kind, variable.end);
        return true;
      }
      case 60:
        return this.#readAngle();
      case 45:
        FILE_TEST.lastIndex = at;
        if (!FILE_TEST.test(this.text)) return false;
        this.#set("operator", Math.min(at + 2, this.#limit));
        return true;
      default: {
        const point = code === 46 && isDigit(this.text.charCodeAt(at + 1));
        if (!isDigit(code) && !point) return false;
        this.#readNumber();
        return true;
      }
    }
  }

  #readAngle(): boolean {
    const heredoc = readHeredoc(this.text, this.#at, this.#limit, this.#queued);
    if (heredoc !== undefined) {
      this.heredoc = heredoc;
      if (!heredoc.closed && this.options.recover && this.spend(this.#limit - heredoc.bodyStart)) {
        // Its text then ends where the next assignment begins.
        const end = this.#search.barrier(heredoc.bodyStart);
        this.heredoc = { ...heredoc, bodyEnd: end, end };
      }
      this.#set("heredoc", Math.min(heredoc.operatorEnd, this.#limit));
      return true;
    }
    READLINE.lastIndex = this.#at;
    const readline = READLINE.exec(this.text)?.[0];
    if (readline === undefined) return false;
    this.#set("readline", Math.min(this.#at + readline.length, this.#limit));
    return true;
  }

  /** Whether `=>` follows the current word, which makes it a string. */
  get arrowFollows(): boolean {
    let at = this.end;
    while (at < this.#limit && isSpace(this.text.charCodeAt(at))) at++;
    return this.text.charCodeAt(at) === 61 && this.text.charCodeAt(at + 1) === 62;
  }

  /** The character right after the current token, or after a given offset. */
  charAfter(offset = this.end): string {
    return offset < this.#limit ? this.text.charAt(offset) : "";
  }

  /** Whether the character at the offset continues a name. */
  nameContinues(offset: number): boolean {
    return offset < this.#limit && isWordCharacter(this.text.charCodeAt(offset));
  }

  get limit(): number {
    return this.#limit;
  }
}
