/** Calls of functions, with and without parentheses. */
import type { Range } from "../text.js";
import { checkArguments } from "./arguments.js";
import { bracesOpenHash, hashInside } from "./braces.js";
import { parseBracketed } from "./brackets.js";
import type { ParserState } from "./state.js";
import { isTermStart } from "./terms.js";
import type { Block, Call, Expression, HashConstructor } from "./tree.js";
import {
  isBuiltin,
  isModifier,
  isOperatorWord,
  LIST_OPERATORS,
  NAMED_UNARY,
  WITHOUT_ARGUMENTS,
} from "./words.js";

export function call(
  state: ParserState,
  name: string,
  start: number,
  args: readonly Expression[],
  block?: Block,
): Call {
  const nameRange = { start, end: start + name.length };
  checkArguments(state, name, args);
  return { kind: "call", start, end: state.lexer.previousEnd, name, nameRange, arguments: args, block };
}

/** Whether the arguments of a function without parentheses can begin at the current token. */
function argumentsFollow(state: ParserState): boolean {
  if (!isTermStart(state)) return false;
  return !(state.lexer.options.recover && state.lexer.atAssignmentLine);
}

/** print, printf, say: a file handle may stand before the list. */
export function parsePrint(state: ParserState): Expression {
  const { lexer } = state;
  const { start, value } = lexer;
  lexer.advance();
  lexer.read("term");
  const handle = (): void => {
    lexer.read("term");
    if (state.isOperator("{")) state.grammar.block(state);
    else if (lexer.kind === "word" && /^[A-Z_]+$/.test(lexer.value) && !/[(,.;]/.test(afterSpace(state)))
      lexer.advance();
    else if (
      lexer.kind === "variable" &&
      /^\s+(?:["'\w$@(]|<<["'A-Z])/.test(lexer.text.slice(lexer.end, lexer.end + 20))
    ) {
      const next = /^\s+(\w+)/.exec(lexer.text.slice(lexer.end, lexer.end + 20))?.[1] ?? "";
      if (!isOperatorWord(next) && !isModifier(next)) lexer.advance();
    }
  };
  if (state.isOperator("(")) return call(state, value, start, parseBracketed(state, handle));
  handle();
  const args = argumentsFollow(state) ? state.grammar.list(state) : [];
  return call(state, value, start, args);
}

function afterSpace(state: ParserState): string {
  return state.lexer.text
    .slice(state.lexer.end, state.lexer.end + 20)
    .trimStart()
    .charAt(0);
}

/** map, grep, sort: `map { ... } list`, `map(expression, list)`, `sort by_name list`. */
export function parseBlockFunction(state: ParserState): Expression {
  const { lexer } = state;
  const { start, value } = lexer;
  let block: Block | undefined;
  let comparator: Expression | undefined;
  let guessed: Range | undefined;
  lexer.advance();
  lexer.read("term");
  const leading = (): void => {
    lexer.read("term");
    if (state.isOperator("{")) {
      guessed = value !== "sort" && bracesOpenHash(lexer.text, lexer.start) ? state.here() : undefined;
      state.hashAt = hashInside(lexer.text, lexer.start);
      block = state.grammar.block(state);
      if (guessed !== undefined) reportHash(state, guessed);
    } else if (value === "sort" && comparatorFollows(state)) {
      comparator = comparatorHere(state);
      lexer.advance();
    }
  };
  let args: readonly Expression[];
  if (state.isOperator("(")) args = parseBracketed(state, leading);
  else {
    leading();
    lexer.read("operator");
    const comma = block !== undefined && state.isOperator(",");
    if (comma) lexer.advance();
    args = argumentsFollow(state) ? state.grammar.list(state) : [];
    if (comma && block !== undefined) return call(state, value, start, [hashOf(block), ...args]);
  }
  const node = call(state, value, start, args, block);
  return comparator === undefined ? node : { ...node, comparator };
}

/** `map { "$_" => 1 } @list`: Perl takes the braces for a hash and misses the comma after it. */
function reportHash(state: ParserState, opener: Range): void {
  const { lexer } = state;
  lexer.read("operator");
  if (state.isOperator(",") || lexer.kind === "end" || state.isOperator(")") || state.isOperator(";")) return;
  const at = { start: opener.end, end: opener.end };
  const fix = { title: "Write {; for a block", range: at, newText: ";" };
  const closer = { start: lexer.previousEnd - 1, end: lexer.previousEnd };
  state.problem(closer, "Perl takes these braces for a hash, after which a comma has to follow.", fix);
}

/** The sub that compares: a variable, or a name that stands for \&name. */
function comparatorHere(state: ParserState): Expression {
  const { start, end, kind, text } = state.lexer;
  const written = text.slice(start, end);
  if (kind === "variable") return { kind: "variable", start, end, sigil: "$", name: written.slice(1) };
  const operand: Expression = { kind: "variable", start, end, sigil: "&", name: written };
  return { kind: "reference", start, end, operand };
}

/** `sort by_name @list`, `sort $by_name (list)` */
function comparatorFollows(state: ParserState): boolean {
  const { lexer } = state;
  const after = lexer.text.slice(lexer.end, lexer.end + 9);
  if (lexer.kind === "variable")
    return lexer.charAfter(lexer.start) === "$" && /^\s+[@$(a-z0-9'"]/.test(after);
  return lexer.kind === "word" && /^\s+[@$(0-9'"]/.test(after) && !isBuiltin(lexer.value);
}

/** `map { a => 1 }, list`: with a comma after it the braces were a hash. */
function hashOf(block: Block): HashConstructor {
  const first = block.statements[0];
  const inside = first?.kind === "expression-statement" ? first.expression : undefined;
  const items =
    inside?.kind === "list" && !inside.parenthesised ? inside.items : inside === undefined ? [] : [inside];
  return { kind: "hash", start: block.start, end: block.end, items };
}

export function parseCall(state: ParserState): Expression {
  const { lexer } = state;
  const { start, end, value } = lexer;
  lexer.advance();
  if (lexer.charAfter(end) === "'" && !isBuiltin(value))
    state.problem({ start, end }, `After ${value} a quote is read as ::, and a name has to follow.`);
  // return (list)[0] takes an element of the list: its parentheses are not those of a call.
  if (value === "return")
    return call(state, value, start, argumentsFollow(state) ? state.grammar.list(state) : []);
  if (lexer.charAfter() === "(" || /^\s*\(/.test(lexer.text.slice(end, Math.min(end + 200, lexer.limit)))) {
    lexer.read("operator");
    if (state.isOperator("(")) return call(state, value, start, parseBracketed(state));
  }
  if (WITHOUT_ARGUMENTS.has(value)) return call(state, value, start, []);
  if (NAMED_UNARY.has(value)) {
    const args = unaryFollows(state, value) ? [state.grammar.unaryArgument(state)] : [];
    return call(state, value, start, args);
  }
  if (value === "next" || value === "last" || value === "redo" || value === "goto") {
    lexer.read("term");
    if (lexer.kind === "word" && !isModifier(lexer.value) && !isOperatorWord(lexer.value)) {
      const { value: label } = lexer;
      lexer.advance();
      return { ...call(state, value, start, []), label };
    }
    if (value === "goto" && argumentsFollow(state)) state.grammar.unaryArgument(state);
    return call(state, value, start, []);
  }
  if (LIST_OPERATORS.has(value)) {
    return call(state, value, start, argumentsFollow(state) ? state.grammar.list(state) : []);
  }
  // A name in capitals is a constant.
  if (!/^[A-Z][A-Z0-9_]*$/.test(value)) {
    lexer.read("operator");
    if (state.isOperator("{") && !lexer.newlineBefore) return parseBlockArgument(state, value, start);
    if (takesArguments(state, value)) return call(state, value, start, ownArguments(state));
  }
  return { kind: "bareword", start, end, name: value };
}

/** `import Some::Class 'name'` is a method of a class with its arguments. */
function ownArguments(state: ParserState): Expression[] {
  const { lexer } = state;
  lexer.read("term");
  const { kind, start, end, value } = lexer;
  if (
    kind !== "word" ||
    isBuiltin(value) ||
    lexer.arrowFollows ||
    /^\s*(?:\(|->)/.test(lexer.text.slice(end, end + 20))
  ) {
    return state.grammar.list(state);
  }
  if (value === "my" || value === "sub" || value === "do" || value === "eval")
    return state.grammar.list(state);
  lexer.advance();
  lexer.read("operator");
  const follows =
    lexer.kind === "single" ||
    lexer.kind === "double" ||
    lexer.kind === "number" ||
    lexer.kind === "variable";
  const wordFollows = lexer.kind === "word" && !isOperatorWord(lexer.value) && !isModifier(lexer.value);
  if (!follows && !wordFollows && !state.isOperator("{"))
    return afterFirst(state, { kind: "bareword", start, end, name: value });
  return [{ kind: "bareword", start, end, name: value }, ...state.grammar.list(state)];
}

/** The rest of a list whose first element is a bare word. */
function afterFirst(state: ParserState, first: Expression): Expression[] {
  if (!state.isOperator(",") && !state.isOperator("=>")) return [first];
  state.lexer.advance();
  return argumentsFollow(state) ? [first, ...state.grammar.list(state)] : [first];
}

/** A function of the user's own may take a block, as those of List::Util do. */
function parseBlockArgument(state: ParserState, name: string, start: number): Expression {
  const block = state.grammar.block(state);
  state.lexer.read("operator");
  if (state.isOperator(",")) state.lexer.advance();
  return call(state, name, start, argumentsFollow(state) ? state.grammar.list(state) : [], block);
}

/** After shift, undef and their like an operator is more likely than a value where both could stand. */
function unaryFollows(state: ParserState, name: string): boolean {
  if (!argumentsFollow(state)) return false;
  const { lexer } = state;
  if (lexer.kind === "operator" && (lexer.value === "{" || lexer.value === "[") && name !== "ref")
    return false;
  // shift // 'default'
  const ambiguous = /^[-+</]/.test(lexer.charAfter(lexer.start));
  const optional = name === "shift" || name === "pop" || name === "undef" || name === "umask";
  return !(ambiguous && optional);
}

/**
 * A function of the user's own, called without parentheses. Only what cannot follow a constant counts
 * as its argument, and only on the same line: `D_PASS` at the end of a line lost its semicolon.
 */
function takesArguments(state: ParserState, name: string): boolean {
  const { lexer } = state;
  lexer.read("operator");
  // Nothing begins a statement with a text, so one on the next line belongs to the function.
  if (lexer.kind === "single" || lexer.kind === "double") return true;
  if (lexer.newlineBefore && !name.includes("::")) return false;
  if (lexer.kind === "word") return !isOperatorWord(lexer.value) && !isModifier(lexer.value);
  if (lexer.kind === "operator") {
    return (
      lexer.value === "\\" || /^<<(?:~?[A-Z_]|[~ ]*["'])/.test(lexer.text.slice(lexer.start, lexer.start + 9))
    );
  }
  if (lexer.kind === "variable") return /^[$@]/.test(lexer.charAfter(lexer.start));
  return lexer.kind === "number" || lexer.kind === "cast";
}
