/** Tags of a template where a statement can begin: optional parts, and text that comes from elsewhere. */
import type { ParserState } from "./state.js";
import type { Statement } from "./tree.js";

/** Whether nothing but the tag stands on its line: then it is no part of a value. */
function aloneOnLine(state: ParserState): boolean {
  const { lexer } = state;
  if (!lexer.newlineBefore) return false;
  return /^[ \t;]*(?:\r?\n|$)/.test(lexer.text.slice(lexer.end, Math.min(lexer.end + 200, lexer.limit)));
}

/**
 * Reads a tag at the begin of a statement: the statements up to the closing tag belong to it.
 * @returns undefined when the tag is the begin of a value, such as `{{ name }} = 1;`
 */
export function parseTag(state: ParserState, next: () => Statement | undefined): Statement | undefined {
  const { lexer } = state;
  const { start, role } = lexer;
  if (lexer.kind === "placeholder") {
    if (!aloneOnLine(state)) return undefined;
    lexer.advance();
    return { kind: "template-statement", start, end: lexer.previousEnd };
  }
  lexer.advance();
  if (role !== "open") return { kind: "empty", start, end: lexer.previousEnd };
  return parseEnclosed(state, start, next);
}

/** Everything up to the tag that closes the one before; nothing in it is reported as a mistake. */
function parseEnclosed(state: ParserState, start: number, next: () => Statement | undefined): Statement {
  const { lexer } = state;
  const statements: Statement[] = [];
  const outer = state.silent;
  state.silent = true;
  state.depth++;
  for (;;) {
    if (state.tooDeep()) break;
    lexer.read("statement");
    if (lexer.kind === "control" && lexer.role === "close") {
      lexer.advance();
      break;
    }
    const statement = next();
    if (statement === undefined) {
      // A brace that the template opens elsewhere must not end the optional part.
      if (lexer.kind === "end" || state.blocks > 0) break;
      lexer.advance();
      continue;
    }
    statements.push(statement);
  }
  state.depth--;
  state.silent = outer;
  return { kind: "template-block", start, end: lexer.previousEnd, statements };
}
