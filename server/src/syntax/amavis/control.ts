/** Statements that begin with a word: conditions, loops, subs, packages, modules. */
import { parseBracketed } from "./brackets.js";
import { endStatement } from "./endings.js";
import type { ParserState } from "./state.js";
import { parseBlock } from "./statements.js";
import { nameOfVariable } from "./terms.js";
import type { Block, Expression, Statement } from "./tree.js";
import { skipPrototype } from "./wordTerms.js";

const LOOPS: ReadonlySet<string> = new Set(["while", "until", "for", "foreach"]);

export function parseKeyword(state: ParserState): Statement | undefined {
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
    case "format":
      return parseFormat(state);
    case "AUTOLOAD":
    case "DESTROY":
      return parseSub(state);
    default:
      return parseLabel(state);
  }
}

/** `format NAME =` and its picture up to a line with a dot, which nothing here looks into. */
function parseFormat(state: ParserState): Statement | undefined {
  const { lexer } = state;
  const { start } = lexer;
  const picture = /^format(?:[ \t]+[\w:]+)?[ \t]*=[ \t]*\r?\n(?:[\s\S]*?\n)??\.[ \t]*(?:\r?\n|$)/.exec(
    lexer.text.slice(start, Math.min(lexer.limit, start + 4000)),
  );
  if (picture === null) return undefined;
  lexer.force("data", start + picture[0].length);
  lexer.advance();
  return { kind: "empty", start, end: lexer.previousEnd };
}

/** `NAME: while (...)`, `NAME: { ... }` */
function parseLabel(state: ParserState): Statement | undefined {
  const { lexer } = state;
  if (!/^[A-Za-z_]\w*\s*:(?![:=])/.test(lexer.text.slice(lexer.start, lexer.start + 80))) return undefined;
  const { start, value: label } = lexer;
  lexer.advance();
  lexer.read("operator");
  lexer.advance();
  lexer.read("statement");
  if (state.isOperator("{")) return { ...parseBlock(state), start, label };
  if (lexer.kind === "word" && LOOPS.has(lexer.value)) {
    const loop = parseKeyword(state);
    if (loop?.kind === "while" || loop?.kind === "for" || loop?.kind === "foreach")
      return { ...loop, start, label };
  }
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
  const continueBlock = parseContinue(state);
  return { kind: "while", start, end: lexer.previousEnd, negated, condition, block, continueBlock };
}

function parseContinue(state: ParserState): Block | undefined {
  const { lexer } = state;
  lexer.read("statement");
  if (lexer.kind !== "word" || lexer.value !== "continue") return undefined;
  lexer.advance();
  return parseBlock(state);
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
    const { name, sigil } = nameOfVariable(lexer.text.slice(lexer.start, lexer.end));
    if (sigil !== "$") state.problem(state.here(), "The variable of a loop begins with $.");
    const variable = { kind: "variable", start: lexer.start, end: lexer.end, sigil: "$", name } as const;
    lexer.advance();
    const list = parseCondition(state);
    const block = parseBlock(state);
    const continueBlock = parseContinue(state);
    return { kind: "foreach", start, end: lexer.previousEnd, variable, scope, list, block, continueBlock };
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
      continueBlock: parseContinue(state),
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
  if (module === "strict" && args !== undefined && !isStrictList(args))
    state.problem(
      args,
      `${keyword} strict takes the words refs, subs and vars only: is a semicolon missing?`,
    );
  endStatement(state);
  return { kind: "use", start, end: lexer.previousEnd, keyword, module, arguments: args };
}

/** Whether the arguments can be words for `use strict`: anything else ends the compilation. */
function isStrictList(node: Expression): boolean {
  if (node.kind === "list") return node.items.every(isStrictList);
  if (node.kind === "words") return node.words.every(({ value }) => STRICT_WORD.test(value));
  return node.kind === "string" && (node.constant === undefined || STRICT_WORD.test(node.constant));
}

const STRICT_WORD = /^(?:refs|subs|vars)$/;
