/** Statements, blocks, and where reading goes on after a mistake. */

import { bracesOpenHash } from "./braces.js";
import { parseKeyword } from "./control.js";
import { endStatement, semicolonAfter, skipToken } from "./endings.js";
import type { ParserState } from "./state.js";
import { parseTag } from "./templateStatements.js";
import type { Block, Expression, ExpressionStatement, Missing, Statement } from "./tree.js";
import { isModifier } from "./words.js";

/** Statements up to `}` or the end. */
export function parseStatements(state: ParserState): Statement[] {
  const statements: Statement[] = [];
  for (;;) {
    const statement = parseStatement(state);
    if (statement === undefined) return statements;
    statements.push(statement);
  }
}

/** `{ ... }`; without an opening brace a mistake is noted and an empty block returned. */
export function parseBlock(state: ParserState): Block {
  const { lexer } = state;
  lexer.read("operator");
  const opener = state.here();
  if (!state.isOperator("{")) {
    state.problem(opener, "A block in braces has to stand here.");
    return { kind: "block", start: lexer.previousEnd, end: lexer.previousEnd, statements: [] };
  }
  lexer.advance();
  if (state.tooDeep()) return { kind: "block", start: opener.start, end: lexer.previousEnd, statements: [] };
  state.blocks++;
  state.depth++;
  // A block starts afresh: the brackets around it do not end its statements.
  const outer = state.closers.splice(0);
  const statements = parseStatements(state);
  state.closers.push(...outer);
  state.depth--;
  state.blocks--;
  lexer.read("operator");
  if (state.isOperator("}")) lexer.advance();
  else state.problem(opener, "This { has no closing }.");
  return { kind: "block", start: opener.start, end: lexer.previousEnd, statements };
}

export function parseStatement(state: ParserState): Statement | undefined {
  const { lexer } = state;
  lexer.read("statement");
  const { start } = lexer;
  if (lexer.kind === "end") return undefined;
  const outer = { damaged: state.damaged, filledIn: state.filledIn };
  state.damaged = false;
  state.filledIn = outer.filledIn && state.blocks > 0;
  try {
    if (lexer.kind === "control" || lexer.kind === "placeholder") {
      const tag = parseTag(state, () => parseStatement(state));
      if (tag !== undefined) return tag;
    }
    if (lexer.kind === "operator") {
      if (lexer.value === ";") {
        lexer.advance();
        return { kind: "empty", start, end: lexer.previousEnd };
      }
      if (lexer.value === "{" && start !== state.hashAt && !bracesOpenHash(lexer.text, start))
        return parseBlock(state);
      if (")]}".includes(lexer.value)) return parseStrayCloser(state);
    }
    if (lexer.kind === "word" && !lexer.arrowFollows) {
      const statement = parseKeyword(state);
      if (statement !== undefined) return statement;
    }
    return parseExpressionStatement(state);
  } finally {
    state.damaged = outer.damaged || (state.damaged && state.blocks > 0);
    state.filledIn ||= outer.filledIn;
  }
}

function parseStrayCloser(state: ParserState): Statement | undefined {
  const { lexer } = state;
  if (lexer.value === "}" && state.blocks > 0) return undefined;
  const { start } = lexer;
  state.problem(state.here(), `This ${lexer.value} closes nothing.`);
  lexer.advance();
  lexer.read("operator");
  if (state.isOperator(";")) lexer.advance();
  return { kind: "empty", start, end: lexer.previousEnd };
}

function parseExpressionStatement(state: ParserState): Statement {
  const { lexer } = state;
  const { start } = lexer;
  const before = lexer.previousEnd;
  const expression = state.grammar.expression(state);
  lexer.read("operator");
  if (lexer.kind === "word" && isModifier(lexer.value)) {
    const statement = parseModified(state, start, expression);
    if (statement !== undefined) return statement;
  } else {
    endStatement(state);
    if (lexer.previousEnd === before) skipToken(state);
  }
  return finished(state, start, expression, undefined);
}

function finished(
  state: ParserState,
  from: number,
  expression: Expression | Missing,
  modifier: ExpressionStatement["modifier"],
): ExpressionStatement {
  const { damaged } = state;
  // Where the begin is missing, the expression stands before the token that was found instead.
  const start = Math.min(from, expression.start);
  return { kind: "expression-statement", start, end: state.lexer.previousEnd, expression, modifier, damaged };
}

/** `... if condition;`, or, when a block follows, a statement whose predecessor lost its semicolon. */
function parseModified(state: ParserState, start: number, expression: Expression): Statement | undefined {
  const { lexer } = state;
  const word = lexer.value;
  const place = state.beforeHere();
  const fix = semicolonAfter(place.end);
  const onNewLine = lexer.newlineBefore;
  lexer.advance();
  const condition = state.grammar.expression(state);
  lexer.read("operator");
  const modifier = { word, condition };
  if (onNewLine && state.isOperator("{") && (word === "if" || word === "unless")) {
    state.problem(place, "A semicolon is missing at the end of this statement.", fix);
    const first: ExpressionStatement = {
      kind: "expression-statement",
      start,
      end: place.end,
      expression,
      modifier: undefined,
      damaged: false,
    };
    const block = parseBlock(state);
    const range = { start: place.end, end: lexer.previousEnd };
    const branch = { negated: word === "unless", condition, block };
    const second: Statement = { kind: "if", ...range, branches: [branch], otherwise: undefined };
    return { kind: "block", start, end: lexer.previousEnd, statements: [first, second] };
  }
  endStatement(state);
  return finished(state, start, expression, modifier);
}
