/** Statements, blocks, and where reading goes on after a mistake. */
import { parseBracketed } from "./brackets.js";
import type { ParserState } from "./state.js";
import { parseTag } from "./templateStatements.js";
import { nameOfVariable } from "./terms.js";
import type { Block, Expression, ExpressionStatement, Missing, Statement, SyntaxFix } from "./tree.js";
import { isModifier } from "./words.js";
import { skipPrototype } from "./wordTerms.js";

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
      if (lexer.value === "{") return parseBlock(state);
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

function parseKeyword(state: ParserState): Statement | undefined {
  const { lexer } = state;
  switch (lexer.value) {
    case "if":
    case "unless":
      return parseIf(state);
    case "while":
    case "until":
      return parseWhile(state);
    case "for":
    case "foreach":
      return parseFor(state);
    case "sub":
      return parseSub(state);
    case "package":
      return parsePackage(state);
    case "use":
    case "no":
      return parseUse(state, lexer.value);
    case "BEGIN":
    case "END":
    case "INIT":
    case "CHECK":
    case "UNITCHECK": {
      const { start } = lexer;
      if (!/^\s*\{/.test(lexer.text.slice(lexer.end, lexer.end + 50))) return undefined;
      lexer.advance();
      const block = parseBlock(state);
      return { ...block, start };
    }
    case "AUTOLOAD":
    case "DESTROY":
      return parseSub(state);
    default:
      return parseLabel(state);
  }
}

/** `NAME: while (...)` */
function parseLabel(state: ParserState): Statement | undefined {
  const { lexer } = state;
  if (!/^[A-Za-z_]\w*\s*:(?![:=])/.test(lexer.text.slice(lexer.start, lexer.start + 80))) return undefined;
  const { start } = lexer;
  lexer.advance();
  lexer.read("operator");
  lexer.advance();
  return { kind: "empty", start, end: lexer.previousEnd };
}

/** `( expression )` of if, while and their like; missing parentheses are noted. */
function parseCondition(state: ParserState): Expression {
  const { lexer } = state;
  lexer.read("operator");
  if (!state.isOperator("(")) {
    state.problem(state.here(), "A condition in parentheses has to stand here.");
    return state.missing();
  }
  const start = lexer.end;
  const items = parseBracketed(state);
  const [only, second] = items;
  if (only === undefined) return { kind: "missing", start, end: start };
  if (second === undefined) return only;
  return { kind: "list", start, end: lexer.previousEnd, items, parenthesised: true };
}

function parseIf(state: ParserState): Statement {
  const { lexer } = state;
  const { start } = lexer;
  const branches: { negated: boolean; condition: Expression; block: Block }[] = [];
  let otherwise: Block | undefined;
  do {
    const negated = lexer.value === "unless";
    lexer.advance();
    const condition = parseCondition(state);
    branches.push({ negated, condition, block: parseBlock(state) });
    lexer.read("statement");
  } while (lexer.kind === "word" && lexer.value === "elsif");
  if (lexer.kind === "word" && lexer.value === "else") {
    lexer.advance();
    otherwise = parseBlock(state);
  }
  return { kind: "if", start, end: lexer.previousEnd, branches, otherwise };
}

function parseWhile(state: ParserState): Statement {
  const { lexer } = state;
  const { start } = lexer;
  const negated = lexer.value === "until";
  lexer.advance();
  const condition = parseCondition(state);
  const block = parseBlock(state);
  let continueBlock: Block | undefined;
  lexer.read("statement");
  if (lexer.kind === "word" && lexer.value === "continue") {
    lexer.advance();
    continueBlock = parseBlock(state);
  }
  return { kind: "while", start, end: lexer.previousEnd, negated, condition, block, continueBlock };
}

function parseFor(state: ParserState): Statement {
  const { lexer } = state;
  const { start } = lexer;
  lexer.advance();
  lexer.read("term");
  let scope: "my" | "our" | "state" | undefined;
  if (lexer.kind === "word" && (lexer.value === "my" || lexer.value === "our" || lexer.value === "state")) {
    scope = lexer.value;
    lexer.advance();
    lexer.read("term");
  }
  if (lexer.kind === "variable") {
    const { name } = nameOfVariable(lexer.text.slice(lexer.start, lexer.end));
    const variable = { kind: "variable", start: lexer.start, end: lexer.end, sigil: "$", name } as const;
    lexer.advance();
    const list = parseCondition(state);
    const block = parseBlock(state);
    return { kind: "foreach", start, end: lexer.previousEnd, variable, scope, list, block };
  }
  if (state.isOperator("(")) return parseCounting(state, start);
  const list = parseCondition(state);
  const block = parseBlock(state);
  return {
    kind: "foreach",
    start,
    end: lexer.previousEnd,
    variable: undefined,
    scope: undefined,
    list,
    block,
  };
}

/** `for (init; condition; step)`, or without semicolons `for (list)`. */
function parseCounting(state: ParserState, start: number): Statement {
  const { lexer } = state;
  const opener = state.here();
  lexer.advance();
  const first = expressionBefore(state, ";", ")");
  lexer.read("operator");
  if (!state.isOperator(";")) {
    if (state.isOperator(")")) lexer.advance();
    else state.problem(opener, "This ( has no closing ).");
    const list: Expression = first ?? { kind: "missing", start: opener.end, end: opener.end };
    const block = parseBlock(state);
    return {
      kind: "foreach",
      start,
      end: lexer.previousEnd,
      variable: undefined,
      scope: undefined,
      list,
      block,
    };
  }
  lexer.advance();
  const condition = expressionBefore(state, ";", ")");
  lexer.read("operator");
  if (state.isOperator(";")) lexer.advance();
  const step = expressionBefore(state, ")", ")");
  lexer.read("operator");
  if (state.isOperator(")")) lexer.advance();
  else state.problem(opener, "This ( has no closing ).");
  const block = parseBlock(state);
  return { kind: "for", start, end: lexer.previousEnd, parts: [first, condition, step], block };
}

function expressionBefore(state: ParserState, one: string, other: string): Expression | undefined {
  state.lexer.read("term");
  if (state.isOperator(one) || state.isOperator(other)) return undefined;
  return state.grammar.expression(state);
}

function parseSub(state: ParserState): Statement | undefined {
  const { lexer } = state;
  const { start } = lexer;
  // AUTOLOAD and DESTROY are subs without the word.
  const bare = lexer.value !== "sub";
  const pattern = bare ? /^([A-Z]+)\s*\{/ : /^\s+([A-Za-z_:][\w:']*)/;
  const from = bare ? start : lexer.end;
  const named = pattern.exec(lexer.text.slice(from, from + 200));
  if (named?.[1] === undefined) return undefined;
  if (!bare) lexer.advance();
  lexer.read("operator");
  lexer.force("word", lexer.start + named[1].length);
  lexer.advance();
  skipPrototype(state);
  if (state.isOperator(";")) {
    lexer.advance();
    return { kind: "sub-definition", start, end: lexer.previousEnd, name: named[1], body: undefined };
  }
  const body = parseBlock(state);
  return { kind: "sub-definition", start, end: lexer.previousEnd, name: named[1], body };
}

function parsePackage(state: ParserState): Statement {
  const { lexer } = state;
  const { start } = lexer;
  lexer.advance();
  lexer.read("operator");
  const name = lexer.kind === "word" ? lexer.value : "";
  if (name === "") state.problem(state.here(), "After package a name has to follow.");
  else lexer.advance();
  lexer.read("operator");
  if (lexer.kind === "number") {
    lexer.advance();
    lexer.read("operator");
  }
  if (state.isOperator("{")) {
    const block = parseBlock(state);
    return { kind: "package", start, end: lexer.previousEnd, name, block };
  }
  endStatement(state);
  return { kind: "package", start, end: lexer.previousEnd, name, block: undefined };
}

function parseUse(state: ParserState, keyword: "use" | "no"): Statement {
  const { lexer } = state;
  const { start } = lexer;
  lexer.advance();
  lexer.read("term");
  let module = "";
  if (lexer.kind === "word" || lexer.kind === "number") {
    module = lexer.text.slice(lexer.start, lexer.end);
    lexer.advance();
  } else state.problem(state.here(), `After ${keyword} a module or a version has to follow.`);
  lexer.read("operator");
  // A module may be followed by the least version that is wanted, and then by its list.
  if (lexer.kind === "number" && !/^\d/.test(module)) {
    lexer.advance();
    lexer.read("operator");
    if (state.isOperator(",") || state.isOperator("=>")) lexer.advance();
    lexer.read("operator");
  }
  const nextStatement = lexer.newlineBefore && lexer.kind === "variable";
  lexer.read("term");
  const ends = lexer.kind === "end" || state.isOperator(";") || state.isOperator("}") || nextStatement;
  const args = ends ? undefined : state.grammar.expression(state);
  endStatement(state);
  return { kind: "use", start, end: lexer.previousEnd, keyword, module, arguments: args };
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
  start: number,
  expression: Expression | Missing,
  modifier: ExpressionStatement["modifier"],
): ExpressionStatement {
  const { damaged } = state;
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

function semicolonAfter(at: number): SyntaxFix {
  return { title: "Insert the missing semicolon", range: { start: at, end: at }, newText: ";" };
}

function skipToken(state: ParserState): void {
  const { lexer } = state;
  lexer.read("operator");
  if (lexer.kind === "end" || (state.isOperator("}") && state.blocks > 0)) return;
  state.problem(state.here(), "This cannot stand here.");
  lexer.advance();
}

/** Leaves a statement over its semicolon, or notes what is wrong and goes to where the next one begins. */
function endStatement(state: ParserState): void {
  const { lexer } = state;
  lexer.read("operator");
  if (state.isOperator(";")) {
    lexer.advance();
    return;
  }
  if (lexer.kind === "end" || (state.isOperator("}") && state.blocks > 0)) return;
  if (state.damaged) {
    skipToStatement(state);
    return;
  }
  if (lexer.kind === "control" || (state.filledIn && lexer.newlineBefore)) return;
  const nextStatement = lexer.kind === "variable" || lexer.kind === "word" || lexer.looksLikeAssignment;
  const place = state.beforeHere();
  if (nextStatement && (lexer.newlineBefore || lexer.looksLikeAssignment)) {
    state.problem(place, "A semicolon is missing at the end of this statement.", semicolonAfter(place.end));
    // The values of the statement are plain to see: only its end is missing.
    if (lexer.options.recover) state.damaged = false;
    return;
  }
  const text = lexer.text.slice(lexer.start, Math.min(lexer.end, lexer.start + 20));
  state.problem(state.here(), `Before ${text} an operator or a semicolon is missing.`);
  skipToStatement(state);
}

/** Steps over what is left of a broken statement: to its semicolon or to the next assignment. */
function skipToStatement(state: ParserState): void {
  const { lexer } = state;
  let depth = 0;
  for (;;) {
    lexer.read("term");
    if (lexer.kind === "end" || (lexer.atAssignmentLine && lexer.start > lexer.previousEnd)) return;
    if (lexer.kind === "operator") {
      if (lexer.value === ";" && depth <= 0) {
        lexer.advance();
        return;
      }
      if (lexer.value === "}" && depth <= 0 && state.blocks > 0) return;
      if ("([{".includes(lexer.value)) depth++;
      else if (")]}".includes(lexer.value)) depth--;
    }
    lexer.advance();
  }
}
