/** Where a statement ends, and where reading goes on after a mistake. */
import type { ParserState } from "./state.js";
import type { SyntaxFix } from "./tree.js";

export function semicolonAfter(at: number): SyntaxFix {
  return { title: "Insert the missing semicolon", range: { start: at, end: at }, newText: ";" };
}

export function skipToken(state: ParserState): void {
  const { lexer } = state;
  lexer.read("operator");
  if (lexer.kind === "end" || (state.isOperator("}") && state.blocks > 0)) return;
  state.problem(state.here(), "This cannot stand here.");
  lexer.advance();
}

/** Leaves a statement over its semicolon, or notes what is wrong and goes to where the next one begins. */
export function endStatement(state: ParserState): void {
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
