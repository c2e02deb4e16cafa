/** Nodes for numbers and for everything that is quoted. */

import type { Heredoc } from "./heredocs.js";
import { type InterpolationKind, interpolate } from "./interpolation.js";
import { patternMistake } from "./patterns.js";
import { closerOf, type Quote, withPlainLineEnds } from "./quotes.js";
import type { ParserState } from "./state.js";
import { placeholdersIn } from "./templates.js";
import {
  type Expression,
  NO_PARTS,
  type Pattern,
  type StringLiteral,
  type StringPart,
  type WordList,
} from "./tree.js";

/** The current token is a number, a quoted thing, a here-document or `<...>`. */
export function parseLiteral(state: ParserState): Expression {
  const { lexer } = state;
  const { start, end, kind, quote, heredoc } = lexer;
  lexer.advance();
  if (kind === "number") return { kind, start, end, text: lexer.text.slice(start, end) };
  if (kind === "heredoc" && heredoc !== undefined) return heredocNode(state, start, end, heredoc);
  if (kind === "readline" || quote === undefined) return { kind: "readline", start, end };
  if (!quote.closed) reportUnclosed(state, start, quote);
  switch (kind) {
    case "single":
      return singleNode(state, start, end, quote);
    case "double":
      return stringNode(state, start, end, quote);
    case "words":
      return wordsNode(state, start, end, quote);
    case "command": {
      const parts =
        quote.delimiter === "'" ? [] : interpolate(state, quote.bodyStart, quote.bodyEnd, "string");
      return { kind, start, end, body: { start: quote.bodyStart, end: quote.bodyEnd }, parts };
    }
    default:
      return patternNode(state, start, end, quote, kind as Pattern["operator"]);
  }
}

function reportUnclosed(state: ParserState, start: number, quote: Quote): void {
  const closer = closerOf(quote.delimiter);
  const opener = { start, end: quote.bodyStart };
  // Only a plain string that is followed by the end of its statement is certain to end there.
  const certain =
    quote.end < state.lexer.limit && /^[;,)\]}]/.test(state.text.slice(quote.end, quote.end + 1));
  state.problem(
    opener,
    `What ${quote.delimiter} opens here is never closed with ${closer}.`,
    certain
      ? { title: `Insert ${closer}`, range: { start: quote.end, end: quote.end }, newText: closer }
      : undefined,
  );
}

function plain(
  state: ParserState,
  start: number,
  end: number,
  body: { start: number; end: number },
  value: string,
  quote: StringLiteral["quote"],
): StringLiteral {
  const places = placeholdersIn(state.text, body.start, body.end, state.lexer.options.template);
  if (places.length === 0)
    return { kind: "string", start, end, constant: withPlainLineEnds(value), parts: NO_PARTS, body, quote };
  return {
    kind: "string",
    start,
    end,
    constant: undefined,
    parts: cutAt(state.text, body, places),
    body,
    quote,
  };
}

/** Text and placeholders of a string in which nothing else interpolates. */
function cutAt(
  text: string,
  body: { start: number; end: number },
  places: readonly { start: number; end: number }[],
): StringPart[] {
  const parts: StringPart[] = [];
  let from = body.start;
  for (const place of places) {
    if (place.start > from)
      parts.push({ kind: "text", start: from, end: place.start, value: text.slice(from, place.start) });
    parts.push({ kind: "placeholder", ...place });
    from = place.end;
  }
  if (from < body.end)
    parts.push({ kind: "text", start: from, end: body.end, value: text.slice(from, body.end) });
  return parts;
}

/** In '...' a backslash is only special before the delimiter and before itself. */
function unescapeSingle(text: string, delimiter: string): string {
  if (!text.includes("\\")) return text;
  const closer = closerOf(delimiter);
  return text.replace(/\\([\s\S])/g, (both, next: string) =>
    next === "\\" || next === delimiter || next === closer ? next : both,
  );
}

function singleNode(state: ParserState, start: number, end: number, quote: Quote): StringLiteral {
  const body = { start: quote.bodyStart, end: quote.bodyEnd };
  const value = unescapeSingle(state.text.slice(body.start, body.end), quote.delimiter);
  return plain(state, start, end, body, value, "'");
}

function stringNode(state: ParserState, start: number, end: number, quote: Quote): StringLiteral {
  const body = { start: quote.bodyStart, end: quote.bodyEnd };
  const raw = state.text.slice(body.start, body.end);
  if (quote.delimiter === "'") return plain(state, start, end, body, unescapeSingle(raw, "'"), "'");
  if (!/[$@\\]|\{\{|<%|%\w{3}|__/.test(raw)) return plain(state, start, end, body, raw, '"');
  return interpolated(state, start, end, body, '"', "string");
}

function interpolated(
  state: ParserState,
  start: number,
  end: number,
  body: { start: number; end: number },
  quote: StringLiteral["quote"],
  kind: InterpolationKind,
): StringLiteral {
  const parts = interpolate(state, body.start, body.end, kind);
  const texts = parts.every((part) => part.kind === "text");
  const constant = texts ? parts.map((part) => (part.kind === "text" ? part.value : "")).join("") : undefined;
  return { kind: "string", start, end, constant, parts: texts ? NO_PARTS : parts, body, quote };
}

function heredocNode(state: ParserState, start: number, end: number, heredoc: Heredoc): StringLiteral {
  const body = { start: heredoc.bodyStart, end: heredoc.bodyEnd };
  if (!heredoc.closed) {
    state.problem(
      { start, end },
      `No line that consists of ${heredoc.tag || "nothing"} closes this here-document.`,
    );
  }
  if (heredoc.indented && heredoc.closed) return indentedNode(state, start, end, heredoc);
  const text = state.text.slice(body.start, body.end);
  // Perl reads CR LF in here-documents as LF, and only there.
  if (!heredoc.interpolates) return plain(state, start, end, body, text.replaceAll("\r\n", "\n"), "<<");
  if (text.includes("\r\n")) return linesNode(state, start, end, heredoc, "");
  return interpolated(state, start, end, body, "<<", "string");
}

/** <<~ removes the indent of the closing line from every line; one that has another is an error. */
function indentedNode(state: ParserState, start: number, end: number, heredoc: Heredoc): StringLiteral {
  const indent = /^[ \t]*/.exec(state.text.slice(heredoc.bodyEnd, heredoc.bodyEnd + 200))?.[0] ?? "";
  return linesNode(state, start, end, heredoc, indent);
}

function linesNode(
  state: ParserState,
  start: number,
  end: number,
  heredoc: Heredoc,
  indent: string,
): StringLiteral {
  const body = { start: heredoc.bodyStart, end: heredoc.bodyEnd };
  const parts: StringPart[] = [];
  let constant = "";
  for (let at = body.start; at < body.end; ) {
    const newline = state.text.indexOf("\n", at);
    const next = newline < 0 || newline >= body.end ? body.end : newline + 1;
    const indented = state.text.startsWith(indent, at);
    const ending = /\r?\n$/.exec(state.text.slice(Math.max(at, next - 2), next))?.[0].length ?? 0;
    if (!indented && next - ending > at)
      state.problem(
        { start, end },
        "A line of this here-document is not indented like the line that closes it.",
      );
    const from = indented ? at + indent.length : next - ending;
    if (heredoc.interpolates) parts.push(...interpolate(state, from, next - ending, "string"));
    else constant += state.text.slice(from, next - ending);
    constant += "\n";
    if (ending > 0) parts.push({ kind: "text", start: next - ending, end: next, value: "\n" });
    at = next;
  }
  if (!heredoc.interpolates) return plain(state, start, end, body, constant, "<<");
  return { kind: "string", start, end, constant: undefined, parts, body, quote: "<<" };
}

/** Perl takes bytes here: a space that does not break is part of a word. */
const WORD = /[^ \t\n\r\f\v]+/g;

function wordsNode(state: ParserState, start: number, end: number, quote: Quote): WordList {
  const words: { start: number; end: number; value: string; placeholder: boolean }[] = [];
  const { template } = state.lexer.options;
  const body = state.text.slice(quote.bodyStart, quote.bodyEnd);
  const places = placeholdersIn(state.text, quote.bodyStart, quote.bodyEnd, template);
  for (const match of body.matchAll(WORD)) {
    const from = quote.bodyStart + match.index;
    const to = from + match[0].length;
    const placeholder = places.some((place) => place.start < to && place.end > from);
    words.push({ start: from, end: to, value: unescapeSingle(match[0], quote.delimiter), placeholder });
  }
  return { kind: "words", start, end, words };
}

/** A pattern without variables is compiled with the file, and a mistake in it keeps amavisd from starting. */
function checkPattern(state: ParserState, quote: Quote): void {
  const { delimiter, bodyStart: start, bodyEnd: end } = quote;
  // A delimiter that means something in patterns is escaped inside; such rare patterns are not looked at.
  if ("([{<.*+?|^$\\".includes(delimiter) && state.text.slice(start, end).includes("\\")) return;
  if (state.lexer.options.template && /\{\{|<%|@\w+@/.test(state.text.slice(start, end))) return;
  const { text } = state;
  const flags = text.slice(quote.flagsStart, quote.end);
  const mistake = patternMistake(text, { start, end }, flags);
  if (mistake === undefined) return;
  // A pattern that runs on to other lines has most likely another end than was meant.
  const runsOn = text.slice(start, mistake.range.start).includes("\n") && !flags.includes("x");
  const opener = { start: start - 1, end: start };
  if (runsOn) state.problem(opener, `This pattern runs on to a later line. ${mistake.message}`);
  else state.problem(mistake.range, mistake.message);
}

function patternNode(
  state: ParserState,
  start: number,
  end: number,
  quote: Quote,
  operator: Pattern["operator"],
): Pattern {
  const { text } = state;
  const parts: StringPart[] = [];
  const interpolates = quote.delimiter !== "'" && operator !== "transliterate";
  if (interpolates) parts.push(...interpolate(state, quote.bodyStart, quote.bodyEnd, "pattern"));
  if (operator !== "transliterate" && parts.length === 0 && quote.closed) checkPattern(state, quote);
  const hasReplacement = quote.replacementStart >= 0;
  const flags = text.slice(quote.flagsStart, quote.end);
  if (interpolates && hasReplacement && !flags.includes("e")) {
    parts.push(...interpolate(state, quote.replacementStart, quote.replacementEnd, "replacement"));
  }
  return {
    kind: "pattern",
    start,
    end,
    operator,
    body: { start: quote.bodyStart, end: quote.bodyEnd },
    replacement: hasReplacement ? { start: quote.replacementStart, end: quote.replacementEnd } : undefined,
    flags,
    parts,
  };
}
