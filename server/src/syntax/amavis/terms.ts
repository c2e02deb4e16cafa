/** Values and what is attached to them: variables, subscripts, arrows, calls of references. */
import { parseBracketed } from "./brackets.js";
import { parseLiteral } from "./literals.js";
import { parseElementOf, parsePostfix, parseSliceOf } from "./postfix.js";
import type { ParserState } from "./state.js";
import type { Dereference, Expression, Placeholder, Sigil, Variable } from "./tree.js";
import { isModifier, isOperatorWord } from "./words.js";
import { parseWord } from "./wordTerms.js";

/** Operators that can begin a value; file tests such as -e are handled apart. */
const PREFIXES = new Set(["~~", "(", "[", "{", "\\", "+", "-", "!", "~", "++", "--"]);

/** Whether a value can begin at the current token; reads it as a term. */
export function isTermStart(state: ParserState): boolean {
  const { lexer } = state;
  switch (lexer.read("term")) {
    case "operator":
      return PREFIXES.has(lexer.value) || (lexer.value.length === 2 && /^-[a-zA-Z]/.test(lexer.value));
    case "word":
      return lexer.arrowFollows || !(isOperatorWord(lexer.value) || isModifier(lexer.value));
    case "end":
    case "unexpected":
      return false;
    default:
      return true;
  }
}

export function parseTerm(state: ParserState): Expression {
  const node = parsePrimary(state);
  return node.kind === "missing" ? node : parsePostfix(state, node);
}

function parsePrimary(state: ParserState): Expression {
  const { lexer } = state;
  const { start } = lexer;
  switch (lexer.read("term")) {
    case "variable":
      return parseVariable(state);
    case "cast":
      return parseCast(state);
    case "word":
      return isModifier(lexer.value) && !lexer.arrowFollows ? missingValue(state) : parseWord(state);
    case "placeholder":
    case "control":
      return parseSplice(state, undefined);
    case "operator": {
      if (lexer.value !== "(" && lexer.value !== "[" && lexer.value !== "{") return missingValue(state);
      const kind = lexer.value === "(" ? "list" : lexer.value === "[" ? "array" : "hash";
      const items = parseBracketed(state);
      const range = { start, end: lexer.previousEnd };
      return kind === "list" ? { kind, ...range, items, parenthesised: true } : { kind, ...range, items };
    }
    case "unexpected":
      state.problem(
        state.here(),
        `The character ${JSON.stringify(lexer.text.slice(start, lexer.end))} cannot stand here.`,
      );
      lexer.advance();
      return state.missing();
    case "end":
      return missingValue(state);
    default:
      return parseLiteral(state);
  }
}

function missingValue(state: ParserState): Expression {
  const { lexer } = state;
  const atEnd = lexer.kind === "end";
  state.problem(
    atEnd ? state.beforeHere() : state.here(),
    atEnd ? "A value is missing at the end." : `A value is missing before ${lexer.value}.`,
  );
  return state.missing();
}

/** Tags of a template and the values pasted to them: together something that is not known here. */
export function parseSplice(state: ParserState, first: Expression | undefined): Placeholder {
  const { lexer } = state;
  const start = first?.start ?? lexer.start;
  const operands: Expression[] = first === undefined ? [] : [first];
  state.filledIn = true;
  for (;;) {
    lexer.read("operator");
    if (lexer.kind === "placeholder" || lexer.kind === "control") {
      lexer.advance();
      continue;
    }
    const ends = lexer.kind === "end" || lexer.kind === "operator" || lexer.kind === "unexpected";
    if (ends || isOperatorWord(lexer.value) || isModifier(lexer.value)) break;
    if (lexer.newlineBefore && state.closers.length === 0) break;
    if (!isTermStart(state)) break;
    operands.push(parseTerm(state));
  }
  return { kind: "placeholder", start, end: lexer.previousEnd, operands };
}

/** Splits the text of a variable token: `${name}` and `$name` give the same. */
export function nameOfVariable(text: string): { sigil: Sigil; name: string; lastIndex: boolean } {
  const sigil = text.charAt(0) as Sigil;
  const lastIndex = text.startsWith("$#") && text.length > 2;
  let name = text.slice(lastIndex ? 2 : 1).trimStart();
  if (name.startsWith("{")) name = name.slice(1, -1).trim();
  return { sigil, name, lastIndex };
}

function parseVariable(state: ParserState): Expression {
  const { lexer } = state;
  const { start, end } = lexer;
  const { sigil, name, lastIndex } = nameOfVariable(lexer.text.slice(start, end));
  lexer.advance();
  const variable = (meant: Sigil): Variable => ({ kind: "variable", start, end, sigil: meant, name });
  if (lastIndex) return { kind: "last-index", start, end, array: variable("@") };
  lexer.read("operator");
  const bracket = lexer.kind === "operator" && !(lexer.newlineBefore && sigil !== "$") ? lexer.value : "";
  if (bracket === "[" || bracket === "{") {
    const container = variable(bracket === "[" ? "@" : "%");
    if (sigil === "$") return parseElementOf(state, container);
    if (sigil === "@" || (sigil === "%" && !lexer.spaceBefore)) return parseSliceOf(state, container, sigil);
  }
  // *STDOUT{IO}
  if (sigil === "*" && bracket === "{" && !lexer.spaceBefore) return parseElementOf(state, variable("%"));
  if (sigil === "&" && bracket === "(") {
    const nameRange = { start: start + 1, end };
    const args = parseBracketed(state);
    return {
      kind: "call",
      start,
      end: lexer.previousEnd,
      name,
      nameRange,
      arguments: args,
      block: undefined,
    };
  }
  return variable(sigil);
}

/** `@{...}`, `@$x`, `$$x[0]`, `$#{...}`, `&$code(...)`: the current token is the sigil. */
export function parseCast(state: ParserState): Expression {
  const { lexer } = state;
  const { start } = lexer;
  const text = lexer.text.slice(start, lexer.end);
  lexer.advance();
  const operand = parseReferenceOf(state);
  const dereference = (sigil: Sigil | "#"): Dereference => ({
    kind: "dereference",
    start,
    end: lexer.previousEnd,
    sigil,
    operand,
  });
  if (text === "$#") return dereference("#");
  lexer.read("operator");
  const bracket = lexer.kind === "operator" ? lexer.value : "";
  if (bracket === "[" || bracket === "{") {
    const container = dereference(bracket === "[" ? "@" : "%");
    if (text === "$" || (text === "*" && bracket === "{")) return parseElementOf(state, container);
    if (text === "@" || (text === "%" && !lexer.spaceBefore)) return parseSliceOf(state, container, text);
  }
  if (text === "&") {
    const args = bracket === "(" ? parseBracketed(state) : [];
    return { kind: "dynamic-call", start, end: lexer.previousEnd, callee: operand, arguments: args };
  }
  return dereference(text as Sigil);
}

/** What follows a sigil: `{ expression }`, or a scalar without subscripts. */
function parseReferenceOf(state: ParserState): Expression {
  const { lexer } = state;
  lexer.read("term");
  const { start } = lexer;
  if (state.isOperator("{")) return expressionOfBlock(state);
  if (lexer.kind === "cast") {
    if (state.tooDeep()) return state.missing();
    lexer.advance();
    state.depth++;
    const operand = parseReferenceOf(state);
    state.depth--;
    return { kind: "dereference", start, end: lexer.previousEnd, sigil: "$", operand };
  }
  if (lexer.kind !== "variable") return missingValue(state);
  const { sigil, name } = nameOfVariable(lexer.text.slice(start, lexer.end));
  lexer.advance();
  return { kind: "variable", start, end: lexer.previousEnd, sigil, name };
}

/** A block that stands for a value; usually it holds one expression. */
function expressionOfBlock(state: ParserState): Expression {
  const { lexer } = state;
  const { start, end } = lexer;
  const block = state.grammar.block(state);
  const [only, second] = block.statements;
  if (only?.kind === "expression-statement" && second === undefined) return only.expression;
  const range = { start, end: lexer.previousEnd };
  return { kind: "call", ...range, name: "do", nameRange: { start, end }, arguments: [], block };
}
