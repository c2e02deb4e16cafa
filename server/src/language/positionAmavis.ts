/**
 * What stands at an offset of amavisd's configuration. Read from the tokens backwards, so that a statement that is
 * still being typed has its place as well as a finished one.
 */

import { isAssignmentAt } from "../syntax/amavis/assignmentLines.js";
import type { Token } from "../syntax/amavis/tokens.js";
import type { AmavisTree } from "../syntax/amavis/tree.js";
import type { TypedWord } from "./position.js";

/** A pair of brackets round the cursor. */
export interface Bracket {
  readonly open: "(" | "[" | "{";
  /** The key before the `=>` of the element that is being typed, without quotes. */
  readonly key: string | undefined;
  /** What stands right before the cursor in it; undefined for nothing. */
  readonly previous: "," | "=>" | "=" | "value" | undefined;
  /** The keys that stand in it, but for the one that is being typed; behind the cursor only those of the innermost. */
  readonly keys: readonly string[];
  /** The element that is being typed, counted from 0. */
  readonly index: number;
  /** The variable whose element it picks, with sigil as written: `$policy_bank{`. */
  readonly subscriptOf: string | undefined;
  /** The function whose arguments it holds. */
  readonly call: string | undefined;
}

/** What a place belongs to. */
export interface Surroundings {
  /** The brackets, innermost first. */
  readonly brackets: readonly Bracket[];
  /** The variable that the statement assigns to, with the sigil of the variable: `$x{a} =` assigns to `%x`. */
  readonly target: string | undefined;
  /** The key of the target: "MYNETS" of `$policy_bank{'MYNETS'} =`. */
  readonly targetKey: string | undefined;
  /** What stands right before the cursor outside of all brackets. */
  readonly previous: Bracket["previous"];
  readonly statementStart: boolean;
}

/** A variable's name, from its sigil. */
export interface PerlVariablePlace extends Surroundings {
  readonly kind: "perl-variable";
  readonly sigil: "$" | "@" | "%";
  /** With the sigil. */
  readonly word: TypedWord;
  readonly inString: boolean;
}

/** A word without sigil, or the place where a term could begin. */
export interface PerlWordPlace extends Surroundings {
  readonly kind: "perl-word";
  readonly word: TypedWord;
  /** Text behind the word on its line. */
  readonly rest: string;
}

/** Inside a quoted text. */
export interface PerlStringPlace extends Surroundings {
  readonly kind: "perl-string";
  readonly quote: "'" | '"' | "qw" | "q";
  /** The text, or in a list of words (qw, or names with commas) the word. */
  readonly word: TypedWord;
  /** The text before the cursor. */
  readonly before: string;
  readonly closed: boolean;
}

export type PerlPlace = PerlVariablePlace | PerlWordPlace | PerlStringPlace;

const SILENT: ReadonlySet<string> = new Set([
  "comment",
  "pod",
  "data",
  "command",
  "match",
  "regex",
  "substitute",
  "transliterate",
  "heredoc-body",
  "heredoc",
  "readline",
  "prototype",
  "placeholder",
  "control",
]);
const TRIVIA: ReadonlySet<string> = new Set(["space", "comment", "pod", "heredoc-body", "data", "control"]);
const STRINGS: ReadonlySet<string> = new Set(["single", "double", "words"]);

export function perlPlace(tree: AmavisTree, offset: number): PerlPlace | undefined {
  const { text, tokens } = tree;
  const index = tokens.indexAt(offset - 1) ?? -1;
  const token = tokens.at(index);
  if (token && SILENT.has(token.kind) && !(token.kind === "comment" && text[offset - 1] === "\n"))
    return undefined;
  if (token && STRINGS.has(token.kind)) return stringPlace(tree, token, index, offset);
  const line = text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset);
  const variable = /[$@%][A-Za-z_]?\w*$/.exec(line)?.[0];
  if (variable !== undefined) {
    const start = offset - variable.length;
    const inside = tokens.indexAt(start) ?? index + 1;
    return variablePlace(text, variable, offset, surroundings(tree, inside), false);
  }
  const typed = /\w+$/.exec(line)?.[0] ?? "";
  const before = typed === "" ? index + 1 : (tokens.indexAt(offset - typed.length) ?? index + 1);
  const end = offset + (typed === "" ? 0 : (/^\w*/.exec(text.slice(offset, offset + 200))?.[0].length ?? 0));
  return {
    kind: "perl-word",
    ...surroundings(tree, before, typed !== ""),
    word: { typed, range: { start: offset - typed.length, end } },
    rest: restOfLine(text, end),
  };
}

function variablePlace(
  text: string,
  typed: string,
  offset: number,
  around: Surroundings,
  inString: boolean,
): PerlVariablePlace {
  const behind = /^\w*/.exec(text.slice(offset, offset + 200))?.[0].length ?? 0;
  const range = { start: offset - typed.length, end: offset + behind };
  const sigil = typed[0] as PerlVariablePlace["sigil"];
  return { kind: "perl-variable", ...around, sigil, word: { typed, range }, inString };
}

function stringPlace(tree: AmavisTree, token: Token, index: number, offset: number): PerlPlace | undefined {
  const { text } = tree;
  const whole = text.slice(token.start, token.end);
  const opening = /^(?:q[qw]?\s*.|['"])/s.exec(whole)?.[0] ?? "'";
  const from = token.start + opening.length;
  const closed = isClosed(whole, opening);
  if (offset < from || (closed && offset >= token.end)) return undefined;
  const before = text.slice(from, offset);
  const isWords = opening.startsWith("qw");
  // A quote that was never closed takes the lines behind it for its own.
  if (!isWords && before.includes("\n")) return undefined;
  const around = surroundings(tree, index);
  const interpolates = token.kind === "double";
  const variable = interpolates ? /(?<!\\)([$@])\{?(\w*)$/.exec(before) : null;
  if (variable) return variablePlace(text, `${variable[1]}${variable[2]}`, offset, around, true);
  const typed = /[^\s,]*$/.exec(before)?.[0] ?? "";
  const last = closed ? token.end - 1 : token.end;
  const behind = /^[^\s,;'")]*/.exec(text.slice(offset, last))?.[0].length ?? 0;
  const end = typed === "" ? offset : offset + behind;
  const quote = isWords ? "qw" : opening.startsWith("q") ? "q" : (opening as "'" | '"');
  return {
    kind: "perl-string",
    ...around,
    quote,
    word: { typed, range: { start: offset - typed.length, end } },
    before,
    closed,
  };
}

const CLOSING: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}", "<": ">" };

function isClosed(whole: string, opening: string): boolean {
  const first = opening.at(-1) ?? "";
  return whole.length > opening.length && whole.endsWith(CLOSING[first] ?? first);
}

function restOfLine(text: string, from: number): string {
  const end = text.indexOf("\n", from);
  return text.slice(from, end < 0 ? text.length : end);
}

/** Longest way back, in tokens: longer than any statement that people write by hand. */
const MAX_STEPS = 3000;

interface OpenBracket {
  key: string | undefined;
  previous: Bracket["previous"];
  keys: string[];
  index: number;
}

/**
 * What stands before a token, up to the beginning of its statement.
 * @param typed whether the token is the word under the cursor, rather than what comes behind the cursor
 */
function surroundings({ text, tokens }: AmavisTree, from: number, typed = true): Surroundings {
  const brackets: Bracket[] = [];
  let open: OpenBracket = { key: undefined, previous: undefined, keys: [], index: 0 };
  let target: string | undefined;
  let targetKey: string | undefined;
  let bounded = false;
  const back = (index: number) => {
    let at = index - 1;
    while (at >= 0 && TRIVIA.has(tokens.at(at)?.kind ?? "")) at--;
    return at;
  };
  const shown = (index: number) => {
    const token = tokens.at(index);
    return token ? text.slice(token.start, token.end) : "";
  };
  /** The partner of a closing bracket. */
  const partner = (index: number) => {
    let depth = 0;
    let at = index;
    for (let steps = 0; at >= 0 && steps < MAX_STEPS; at--, steps++) {
      if (tokens.at(at)?.kind !== "operator") continue;
      const sign = shown(at);
      if (/^[)\]}]$/.test(sign)) depth++;
      else if (/^[([{]$/.test(sign) && --depth === 0) break;
    }
    return at;
  };
  let at = back(from);
  for (let steps = 0; at >= 0 && steps < MAX_STEPS; at = back(at), steps++) {
    const token = tokens.at(at);
    const sign = token?.kind === "operator" ? shown(at) : "";
    if (sign === ";") break;
    if (/^[)\]}]$/.test(sign)) {
      // A closing brace at the end of a block ends a statement without a semicolon.
      const begin = partner(at);
      if (sign === "}" && isBlock(shown(back(begin)))) break;
      open.previous ??= "value";
      at = begin;
    } else if (sign === "(" || sign === "[" || sign === "{") {
      const before = back(at);
      const kind = tokens.at(before)?.kind;
      const word = shown(before);
      if (sign === "{" && kind !== "variable" && isBlock(word)) break;
      const subscriptOf = kind === "variable" && sign !== "(" ? word : undefined;
      const call = kind === "word" && sign === "(" ? word : undefined;
      const behind = brackets.length === 0 && sign === "{" && subscriptOf === undefined ? keysBehind() : [];
      brackets.push({ open: sign, ...open, keys: [...open.keys, ...behind], subscriptOf, call });
      open = { key: undefined, previous: undefined, keys: [], index: 0 };
      if (subscriptOf !== undefined) break;
    } else if (sign === ",") {
      open.previous ??= ",";
      open.index++;
    } else if (sign === "=>") {
      open.previous ??= "=>";
      // An arrow divides as a comma does, but key and value are one element to people.
      const key = shown(back(at)).replace(/^['"]|['"]$/g, "");
      open.keys.push(key);
      if (open.index === 0) open.key ??= key;
    } else if (/^(?:=|\.=|\|\|=|\/\/=|\+=)$/.test(sign)) {
      open.previous ??= "=";
      [target, targetKey] = assigned(back(at));
      bounded = true;
      break;
    } else if (token && isAssignmentAt(text, token.start) && text[token.start - 1] === "\n") break;
    else open.previous ??= "value";
  }
  const statementStart = brackets.length === 0 && open.previous === undefined && !bounded;
  return { brackets, target, targetKey, previous: open.previous, statementStart };

  /** Keys up to the bracket that closes the one round the cursor. */
  function keysBehind(): string[] {
    const keys: string[] = [];
    let depth = 0;
    for (let next = from; next < from + MAX_STEPS; next++) {
      const token = tokens.at(next);
      if (!token || (token.kind !== "operator" && isAssignmentAt(text, token.start))) break;
      if (token.kind !== "operator") continue;
      const sign = shown(next);
      if (/^[([{]$/.test(sign)) depth++;
      else if (/^[)\]}]$/.test(sign) && depth-- === 0) break;
      else if (sign === "=>" && depth === 0) {
        const key = back(next);
        if (key > from || !typed) keys.push(shown(key).replace(/^['"]|['"]$/g, ""));
      }
    }
    return keys;
  }

  function assigned(index: number): [string | undefined, string | undefined] {
    const sign = shown(index);
    if (sign === "}" || sign === "]") {
      const begin = partner(index);
      const name = shown(back(begin));
      if (!/^\$/.test(name)) return [undefined, undefined];
      const token = tokens.at(begin);
      const key = token ? text.slice(token.end, tokens.at(index)?.start).trim() : "";
      return [`${sign === "}" ? "%" : "@"}${name.slice(1)}`, key.replace(/^['"]|['"]$/g, "")];
    }
    return [/^[$@%]\w+$/.test(sign) ? sign : undefined, undefined];
  }
}

/** Whether a brace behind this word opens a block of statements rather than a hash. */
function isBlock(word: string): boolean {
  return !/^(?:=|=>|,|\(|\[|\{|\\|\+|\|\||\/\/|\?|:|return|map|grep|sort|[$@%]\w*)$/.test(word);
}
