/** Subscripts, arrows and calls that follow a value. */
import { parseBracketed } from "./brackets.js";
import type { ParserState } from "./state.js";
import { parseCast } from "./terms.js";
import {
  type Dereference,
  type Expression,
  NO_PARTS,
  type Sigil,
  type StringLiteral,
  type Variable,
} from "./tree.js";

const BARE_KEY = /\{\s*(-?[A-Za-z_]\w*)\s*\}/y;

/** The inside of `{...}` or `[...]` after a container; the current token is the bracket. */
export function parseSubscript(state: ParserState): Expression {
  const { lexer } = state;
  const { start } = lexer;
  if (lexer.value === "{") {
    BARE_KEY.lastIndex = start;
    const key = BARE_KEY.exec(lexer.text);
    if (key?.[1] !== undefined && start + key[0].length <= lexer.limit) return parseBareKey(state, key[1]);
  }
  const items = parseBracketed(state);
  const [only, second] = items;
  if (only === undefined) return { kind: "missing", start: start + 1, end: start + 1 };
  if (second === undefined) return only;
  return { kind: "list", start: only.start, end: items.at(-1)?.end ?? only.end, items, parenthesised: false };
}

function parseBareKey(state: ParserState, key: string): StringLiteral {
  const { lexer } = state;
  lexer.advance();
  const at = lexer.text.indexOf(key, lexer.previousEnd);
  const range = { start: at, end: at + key.length };
  lexer.force("word", range.end);
  lexer.advance();
  lexer.read("operator");
  lexer.advance();
  return { kind: "string", ...range, constant: key, parts: NO_PARTS, body: range, quote: "" };
}

export function parseElementOf(state: ParserState, container: Variable | Dereference): Expression {
  const access = state.lexer.value === "[" ? "index" : "key";
  const subscript = parseSubscript(state);
  return {
    kind: "element",
    start: container.start,
    end: state.lexer.previousEnd,
    container,
    access,
    subscript,
  };
}

export function parseSliceOf(state: ParserState, container: Expression, sigil: string): Expression {
  const access = state.lexer.value === "[" ? "index" : "key";
  const subscript = parseSubscript(state);
  const range = { start: container.start, end: state.lexer.previousEnd };
  return { kind: "slice", ...range, container, access, pairs: sigil === "%", subscript };
}

export function parsePostfix(state: ParserState, first: Expression): Expression {
  const { lexer } = state;
  let node = first;
  let levels = 0;
  for (; !state.tooDeep(); levels++, state.depth++) {
    lexer.read("operator");
    if (lexer.kind !== "operator") break;
    const next = parseOnePostfix(state, node);
    if (next === undefined) break;
    node = next;
  }
  state.depth -= levels;
  return node;
}

/** Whether brackets right after the node are its subscript without an arrow. */
function chains(node: Expression): boolean {
  return node.kind === "element" || node.kind === "dynamic-call";
}

function parseOnePostfix(state: ParserState, node: Expression): Expression | undefined {
  const { lexer } = state;
  const { start } = node;
  switch (lexer.value) {
    case "->":
      lexer.advance();
      return parseArrow(state, node);
    case "++":
    case "--": {
      if (node.kind === "string" || node.kind === "number" || lexer.newlineBefore) return undefined;
      const operator = lexer.value;
      lexer.advance();
      return { kind: "postfix", start, end: lexer.previousEnd, operator, operand: node };
    }
    case "[":
      if (node.kind === "words" || (node.kind === "list" && node.parenthesised))
        return parseSliceOf(state, node, "@");
      return chains(node) ? parseElementOf(state, dereferenced(node, "@")) : undefined;
    case "{":
      return chains(node) ? parseElementOf(state, dereferenced(node, "%")) : undefined;
    case "(":
      return chains(node) ? parseDynamicCall(state, node) : undefined;
    default:
      return undefined;
  }
}

function dereferenced(operand: Expression, sigil: Sigil): Dereference {
  return { kind: "dereference", start: operand.start, end: operand.end, sigil, operand };
}

function parseDynamicCall(state: ParserState, callee: Expression): Expression {
  const args = parseBracketed(state);
  return { kind: "dynamic-call", start: callee.start, end: state.lexer.previousEnd, callee, arguments: args };
}

const POSTFIX_DEREFERENCE = /(\$#|[$@%&*])\*/y;

/** `->@[1, 2]`, `->@{qw(a b)}`, `->%{...}` */
const SLICE = /[@%](?=[[{])/y;

/** After `->`: a subscript, a call, a method, or a postfix dereference such as `->@*`. */
function parseArrow(state: ParserState, node: Expression): Expression {
  const { lexer } = state;
  lexer.read("operator");
  const { start } = node;
  POSTFIX_DEREFERENCE.lastIndex = lexer.start;
  const whole = POSTFIX_DEREFERENCE.exec(lexer.text);
  if (whole !== null && lexer.start + whole[0].length <= lexer.limit) {
    lexer.force("operator", lexer.start + whole[0].length);
    lexer.advance();
    const sigil = whole[1] === "$#" ? "#" : (whole[1] as Sigil);
    return { kind: "dereference", start, end: lexer.previousEnd, sigil, operand: node };
  }
  SLICE.lastIndex = lexer.start;
  const sliced = SLICE.exec(lexer.text)?.[0];
  if (sliced !== undefined && lexer.start + 1 < lexer.limit) {
    lexer.force("operator", lexer.start + 1);
    lexer.advance();
    lexer.read("operator");
    return parseSliceOf(state, dereferenced(node, state.isOperator("[") ? "@" : "%"), sliced);
  }
  if (state.isOperator("[")) return parseElementOf(state, dereferenced(node, "@"));
  if (state.isOperator("{")) return parseElementOf(state, dereferenced(node, "%"));
  if (state.isOperator("(")) return parseDynamicCall(state, node);
  if (lexer.kind === "cast") {
    // ->$$name(...) and ->${\ name}(...)
    const callee = parseCast(state);
    lexer.read("operator");
    const args = state.isOperator("(") ? parseBracketed(state) : [];
    return { kind: "dynamic-call", start, end: lexer.previousEnd, callee, arguments: [node, ...args] };
  }
  if (lexer.kind === "word" || lexer.kind === "variable") {
    const method = lexer.text.slice(lexer.start, lexer.end);
    lexer.advance();
    lexer.read("operator");
    const args = state.isOperator("(") ? parseBracketed(state) : [];
    return { kind: "method-call", start, end: lexer.previousEnd, invocant: node, method, arguments: args };
  }
  state.problem(state.here(), "After -> a subscript, a method or parentheses have to follow.");
  return node;
}
