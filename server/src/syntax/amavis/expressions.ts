/** Expressions: operators by precedence (perlop), from `or` down to `**`. */
import type { ParserState } from "./state.js";
import { isTermStart, parseSplice, parseTerm } from "./terms.js";
import type { Expression } from "./tree.js";

const COMMA = 4;
const ASSIGNMENT = 5;
const TERNARY = 6;
const NAMED_UNARY = 14;
const UNARY = 19;
const POWER = 20;

const PRECEDENCE = new Map<string, number>();
function level(precedence: number, ...operators: string[]): void {
  for (const operator of operators) PRECEDENCE.set(operator, precedence);
}
level(1, "or", "xor");
level(2, "and");
level(COMMA, ",", "=>");
level(ASSIGNMENT, "=", "+=", "-=", "*=", "/=", ".=", "%=", "x=", "&=", "|=", "^=", "**=", "<<=", ">>=");
level(ASSIGNMENT, "&&=", "||=", "//=");
level(TERNARY, "?");
level(7, "..", "...");
level(8, "||", "//");
level(9, "&&");
level(10, "|", "^");
level(11, "&");
level(12, "==", "!=", "<=>", "eq", "ne", "cmp", "~~");
level(13, "<", ">", "<=", ">=", "lt", "gt", "le", "ge", "isa");
level(15, "<<", ">>");
level(16, "+", "-", ".");
level(17, "*", "/", "%", "x");
level(18, "=~", "!~");
level(POWER, "**");

export function parseExpression(state: ParserState): Expression {
  return parseFrom(state, 1);
}

export function parseElement(state: ParserState): Expression {
  return parseFrom(state, ASSIGNMENT);
}

/** A comma list without the low operators: the arguments of a function that has no parentheses. */
export function parseList(state: ParserState): Expression[] {
  const node = parseFrom(state, COMMA);
  return node.kind === "list" && !node.parenthesised ? [...node.items] : [node];
}

export function parseUnaryArgument(state: ParserState): Expression {
  return parseFrom(state, NAMED_UNARY + 1);
}

/** Reads operators that bind at least as tightly as `lowest`. */
function parseFrom(state: ParserState, lowest: number): Expression {
  const { lexer } = state;
  if (state.tooDeep()) return state.missing();
  state.depth++;
  let left = parseUnary(state, lowest);
  for (;;) {
    lexer.read("operator");
    if (lexer.kind === "placeholder" || lexer.kind === "control") {
      left = parseSplice(state, left);
      continue;
    }
    if (lexer.kind !== "operator" && lexer.kind !== "word") break;
    // After a mistake a line that begins like an assignment is one: `%x = (` is no division then.
    if (lexer.options.recover && lexer.atAssignmentLine) break;
    const precedence = PRECEDENCE.get(lexer.value);
    if (precedence === undefined || precedence < lowest) break;
    if (precedence === COMMA) left = parseCommas(state, left);
    else if (precedence === ASSIGNMENT) left = parseAssignment(state, left);
    else if (precedence === TERNARY) left = parseTernary(state, left);
    else left = parseChain(state, left, precedence);
  }
  state.depth--;
  return left;
}

function parseChain(state: ParserState, first: Expression, precedence: number): Expression {
  const { lexer } = state;
  const operands = [first];
  const operators: string[] = [];
  do {
    operators.push(lexer.value);
    lexer.advance();
    // `**` binds to the right, and less tightly than a sign on its right: 2 ** -1.
    operands.push(precedence === POWER ? parseFrom(state, UNARY) : parseFrom(state, precedence + 1));
    lexer.read("operator");
  } while (
    PRECEDENCE.get(lexer.value) === precedence &&
    (lexer.kind === "operator" || lexer.kind === "word") &&
    !(lexer.options.recover && lexer.atAssignmentLine)
  );
  return { kind: "chain", start: first.start, end: lexer.previousEnd, operands, operators };
}

function parseCommas(state: ParserState, first: Expression): Expression {
  const { lexer } = state;
  const items = [first];
  while (state.isOperator(",") || state.isOperator("=>")) {
    lexer.advance();
    lexer.read("term");
    if (state.isOperator(",") || state.isOperator("=>")) continue;
    if (!isTermStart(state) || (lexer.options.recover && lexer.atAssignmentLine)) {
      if (lexer.kind === "operator" && (PRECEDENCE.get(lexer.value) ?? 0) > COMMA)
        state.problem(state.here(), `A value is missing before ${lexer.value}.`);
      break;
    }
    items.push(parseElement(state));
    lexer.read("operator");
  }
  return { kind: "list", start: first.start, end: lexer.previousEnd, items, parenthesised: false };
}

/** Expressions that a value can be assigned to. Others are a mistake that Perl finds when it compiles. */
const VALUE_ONLY = /^(?:lc|uc|lcfirst|ucfirst|defined|ref|length|join|sprintf|hex|oct|int|qw)$/;

function isAssignable(node: Expression, operator: string): boolean {
  switch (node.kind) {
    case "number":
    case "string":
    case "words":
    case "pattern":
    case "command":
    case "array":
    case "hash":
    case "reference":
    case "sub":
    case "bareword":
    case "file-test":
      return false;
    case "slice":
      return !node.pairs;
    case "variable":
      return node.sigil !== "&";
    case "call":
      if (VALUE_ONLY.test(node.name)) return false;
      return node.name !== "undef" || node.arguments.length === 0 || operator !== "=";
    case "chain":
      return node.operators.some((word) => /^(?:&&|\|\||\/\/|and|or|xor)$/.test(word));
    default:
      return true;
  }
}

function parseAssignment(state: ParserState, target: Expression): Expression {
  const { lexer } = state;
  if (!isAssignable(target, lexer.value))
    state.problem(state.here(), "What stands before this = cannot be assigned to.");
  const operator = lexer.value;
  lexer.advance();
  const value = parseElement(state);
  return { kind: "assignment", start: target.start, end: lexer.previousEnd, operator, target, value };
}

function parseTernary(state: ParserState, condition: Expression): Expression {
  const { lexer } = state;
  const question = state.here();
  lexer.advance();
  const whenTrue = parseElement(state);
  lexer.read("operator");
  if (state.isOperator(":")) lexer.advance();
  else state.problem(question, "This ? has no : after it.");
  const whenFalse = parseFrom(state, TERNARY);
  return { kind: "ternary", start: condition.start, end: lexer.previousEnd, condition, whenTrue, whenFalse };
}

function parseUnary(state: ParserState, lowest: number): Expression {
  const { lexer } = state;
  lexer.read("term");
  const { start, value } = lexer;
  if (lexer.kind === "word" && value === "not" && !lexer.arrowFollows) {
    lexer.advance();
    const operand = parseFrom(state, lowest <= 3 ? 3 : Math.max(lowest, ASSIGNMENT));
    return { kind: "unary", start, end: lexer.previousEnd, operator: "not", operand };
  }
  if (lexer.kind !== "operator") return parseTerm(state);
  if (value === "\\") {
    lexer.advance();
    const operand = parseFrom(state, UNARY);
    return { kind: "reference", start, end: lexer.previousEnd, operand };
  }
  if (
    value === "!" ||
    value === "~" ||
    value === "-" ||
    value === "+" ||
    value === "++" ||
    value === "--" ||
    value === "~~"
  ) {
    lexer.advance();
    const operand = parseFrom(state, value === "++" || value === "--" ? POWER + 1 : UNARY);
    return { kind: "unary", start, end: lexer.previousEnd, operator: value, operand };
  }
  if (value.length === 2 && value.startsWith("-")) {
    lexer.advance();
    lexer.read("term");
    const operand = isTermStart(state) ? parseFrom(state, NAMED_UNARY + 1) : undefined;
    return { kind: "file-test", start, end: lexer.previousEnd, operator: value, operand };
  }
  return parseTerm(state);
}
