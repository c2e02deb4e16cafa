/** Terms that begin with a word: declarations, functions with and without parentheses, constants. */

import { call, parseBlockFunction, parseCall, parsePrint } from "./functions.js";
import type { ParserState } from "./state.js";
import { isTermStart, parseTerm } from "./terms.js";
import { type Expression, NO_PARTS } from "./tree.js";
import { BLOCK_FUNCTIONS } from "./words.js";

/** The current token is a word where a value can stand. */
export function parseWord(state: ParserState): Expression {
  const { lexer } = state;
  const { start, end, value } = lexer;
  if (lexer.arrowFollows) {
    lexer.advance();
    return { kind: "string", start, end, constant: value, parts: NO_PARTS, body: { start, end }, quote: "" };
  }
  const plain = value.startsWith("CORE::") ? value.slice(6) : value;
  switch (plain) {
    case "my":
    case "our":
    case "local":
    case "state":
      return parseDeclaration(state, plain);
    case "sub":
      return parseAnonymousSub(state);
    case "do":
    case "eval":
      return parseBlockOrValue(state);
    case "print":
    case "printf":
    case "say":
    case "exec":
    case "system":
      return parsePrint(state);
    case "__PACKAGE__":
      lexer.advance();
      return { kind: "bareword", start, end, name: value };
  }
  if (BLOCK_FUNCTIONS.has(value)) return parseBlockFunction(state);
  return parseCall(state);
}

function parseDeclaration(state: ParserState, scope: "my" | "our" | "local" | "state"): Expression {
  const { lexer } = state;
  const { start } = lexer;
  lexer.advance();
  lexer.read("term");
  // `my Dog $spot` names a class first.
  if (lexer.kind === "word" && scope !== "local") {
    lexer.advance();
    lexer.read("term");
  }
  const target = parseTerm(state);
  skipAttribute(state);
  return { kind: "declaration", start, end: lexer.previousEnd, scope, target };
}

/** `my $x :shared` */
function skipAttribute(state: ParserState): void {
  const { lexer } = state;
  lexer.read("operator");
  if (
    !state.isOperator(":") ||
    !/^:\s*(?:shared|unique)\b/.test(lexer.text.slice(lexer.start, lexer.start + 20))
  )
    return;
  lexer.advance();
  lexer.read("operator");
  lexer.advance();
}

const SIGNATURE = /\s*\([^)\n]*\)/y;

/** Steps over the prototype or signature and the attributes of a sub; the block comes next. */
export function skipPrototype(state: ParserState): void {
  const { lexer } = state;
  lexer.read("operator");
  SIGNATURE.lastIndex = lexer.start;
  const signature = SIGNATURE.exec(lexer.text)?.[0];
  if (signature !== undefined && lexer.start + signature.length <= lexer.limit) {
    lexer.force("prototype", lexer.start + signature.length);
    lexer.advance();
    lexer.read("operator");
  }
  while (state.isOperator(":")) {
    lexer.advance();
    lexer.read("operator");
    lexer.advance();
    lexer.read("operator");
  }
}

function parseAnonymousSub(state: ParserState): Expression {
  const { lexer } = state;
  const { start } = lexer;
  lexer.advance();
  skipPrototype(state);
  const body = state.grammar.block(state);
  return { kind: "sub", start, end: lexer.previousEnd, body };
}

function parseBlockOrValue(state: ParserState): Expression {
  const { lexer } = state;
  const { start, value } = lexer;
  lexer.advance();
  lexer.read("term");
  if (state.isOperator("{")) {
    const block = state.grammar.block(state);
    return call(state, value, start, [], block);
  }
  const args = isTermStart(state) ? [state.grammar.unaryArgument(state)] : [];
  if (value === "do" && args.length === 0)
    state.problem(state.here(), "After do a block or a file has to follow.");
  return call(state, value, start, args);
}
