/** Everything between brackets, and what to make of brackets that do not match. */
import type { Range } from "../text.js";
import { closerOf } from "./quotes.js";
import type { ParserState } from "./state.js";
import type { Expression } from "./tree.js";

/** The fix that puts the closing bracket where the statement ends. */
function closeBefore(state: ParserState, closer: string, semicolon: boolean) {
  const at = state.lexer.previousEnd;
  const newText = semicolon ? closer : `${closer};`;
  return { title: `Insert ${newText}`, range: { start: at, end: at }, newText };
}

/** True when the statement is over although the bracket is open: `;`, the end, or the next assignment. */
function statementEnds(state: ParserState): boolean {
  const { lexer } = state;
  return lexer.kind === "end" || state.isOperator(";") || (lexer.options.recover && lexer.atAssignmentLine);
}

function reportUnclosed(state: ParserState, opener: Range, bracket: string, closer: string): void {
  const semicolon = state.isOperator(";");
  // With one open bracket it is clear where it has to close; with several a person must look.
  const certain = state.closers.length === 1 && (semicolon || state.lexer.kind !== "end");
  state.problem(
    opener,
    `This ${bracket} has no closing ${closer}.`,
    certain ? closeBefore(state, closer, semicolon) : undefined,
  );
}

/**
 * Leaves the bracket whose content has been read: over the closer, or before what ends it by mistake.
 * @returns true when the bracket is closed or given up, false when reading inside goes on
 */
function leave(state: ParserState, opener: Range, bracket: string, closer: string): boolean {
  const { lexer } = state;
  lexer.read("operator");
  if (state.isOperator(closer)) {
    lexer.advance();
    return true;
  }
  if (statementEnds(state)) {
    reportUnclosed(state, opener, bracket, closer);
    return true;
  }
  if (lexer.kind === "operator" && ")]}".includes(lexer.value)) {
    const outer =
      state.closers.slice(0, -1).includes(lexer.value) || (lexer.value === "}" && state.blocks > 0);
    if (outer) reportUnclosed(state, opener, bracket, closer);
    else {
      state.problem(state.here(), `Found ${lexer.value} where ${closer} has to close ${bracket}.`);
      lexer.advance();
    }
    return true;
  }
  return false;
}

/**
 * Reads `( ... )`, `[ ... ]` or `{ ... }` with a comma list inside; the current token is the opener.
 * @param leading reads what may stand before the list: a file handle, the block of map
 */
export function parseBracketed(state: ParserState, leading?: () => void): readonly Expression[] {
  const { lexer } = state;
  const opener = state.here();
  const bracket = lexer.value;
  const closer = closerOf(bracket);
  let items: readonly Expression[] = [];
  lexer.advance();
  state.closers.push(closer);
  leading?.();
  for (;;) {
    lexer.read("term");
    const empty = lexer.kind === "operator" && ")]},;".includes(lexer.value);
    if (!empty && !statementEnds(state)) {
      const before = lexer.previousEnd;
      const node = state.grammar.expression(state);
      const found = node.kind === "list" && !node.parenthesised ? node.items : [node];
      items = items.length === 0 ? found : [...items, ...found];
      if (lexer.previousEnd === before) skipOne(state);
    } else if (state.isOperator(",")) {
      lexer.advance();
      continue;
    }
    if (leave(state, opener, bracket, closer)) break;
    if (state.isOperator(",") || state.isOperator("=>")) continue;
    state.problem(
      state.here(),
      "Something is missing before this: a comma, an operator or a closing bracket.",
    );
  }
  state.closers.pop();
  return items;
}

/** Steps over a token that nothing can be made of. */
function skipOne(state: ParserState): void {
  const { lexer } = state;
  lexer.read("operator");
  if (lexer.kind === "end" || (lexer.kind === "operator" && ")]};".includes(lexer.value))) return;
  state.problem(state.here(), "This cannot stand here.");
  lexer.advance();
}
