/**
 * Reads one amavisd configuration file. Any text gives a tree; what Perl would refuse is listed beside
 * it. Nothing is executed.
 */
import { parseElement, parseExpression, parseList, parseUnaryArgument } from "./expressions.js";
import { type Grammar, ParserState } from "./state.js";
import { parseBlock, parseStatement } from "./statements.js";
import { looksLikeTemplate } from "./templates.js";
import type { AmavisTree, Statement } from "./tree.js";

export { type AmavisTree, printTree } from "./tree.js";
export { looksLikeTemplate };

export interface ParseOptions {
  /**
   * True for a file that another program fills in first: its tags are unknown values, not mistakes.
   * A text that is no correct Perl and contains such tags is read so in any case.
   */
  readonly template?: boolean;
}

const GRAMMAR: Grammar = {
  expression: parseExpression,
  element: parseElement,
  list: parseList,
  block: parseBlock,
  unaryArgument: parseUnaryArgument,
};

/**
 * Parses a configuration file. Never throws; takes time linear in the length of the text.
 *
 * A text is first read exactly as Perl reads it. Only when that meets a mistake is it read again, with
 * the guesses that keep one mistake from hiding the rest: an unclosed quote then ends at the end of its
 * line if a later line begins like an assignment. A correct file can therefore never be misread.
 */
export function parseAmavis(text: string, options: ParseOptions = {}): AmavisTree {
  const template = options.template ?? false;
  const exact = parseOnce(text, template, false);
  if (exact.problems.length === 0 && !exact.stopped) return exact.tree;
  if (!template && looksLikeTemplate(text)) return parseAmavis(text, { template: true });
  return parseOnce(text, template, true).tree;
}

function parseOnce(text: string, template: boolean, recover: boolean) {
  const budget = { left: 100_000 + 8 * text.length };
  const options = { from: 0, limit: text.length, template, recover, budget };
  const state = new ParserState(text, options, GRAMMAR, false);
  const statements: Statement[] = [];
  for (;;) {
    const statement = parseStatement(state);
    if (statement !== undefined) statements.push(statement);
    else if (state.lexer.kind === "end") break;
    else state.lexer.advance();
  }
  const stopped = state.lexer.limit < text.length;
  state.lexer.finish();
  const { problems } = state;
  const tree: AmavisTree = { text, template, tokens: state.lexer.tokens, statements, problems };
  return { tree, problems, stopped };
}
