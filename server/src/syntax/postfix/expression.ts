/**
 * The `$` language of parameter values (mac_parse(3), mac_expand(3); POSTFIX 1.3): `$name`, `${name}`,
 * `$(name)`, `${name?text}`, `${name:text}`, `${name?{a}:{b}}`, `${{a} == {b} ? {c} : {d}}`, `$$`.
 */
import type { Range } from "../text.js";
import { isBlank } from "./lines.js";

/** A piece of a value; ranges are offsets into the value. */
export type ExpressionPart = LiteralPart | ReferencePart | ComparisonPart | BrokenPart;

export interface LiteralPart {
  readonly kind: "literal";
  readonly text: string;
  readonly range: Range;
}

export interface ReferencePart {
  readonly kind: "reference";
  readonly name: string;
  readonly nameRange: Range;
  readonly range: Range;
  /** `?text`: used when the name has a value that is not empty. */
  readonly whenSet: readonly ExpressionPart[] | undefined;
  /** `:text`: used when it has none. */
  readonly whenEmpty: readonly ExpressionPart[] | undefined;
}

export interface ComparisonPart {
  readonly kind: "comparison";
  readonly left: readonly ExpressionPart[];
  readonly operator: string;
  readonly right: readonly ExpressionPart[];
  readonly range: Range;
  readonly whenTrue: readonly ExpressionPart[] | undefined;
  readonly whenFalse: readonly ExpressionPart[] | undefined;
}

/** Text that makes postconf and every daemon stop with "macro processing error". */
export interface BrokenPart {
  readonly kind: "broken";
  readonly reason: string;
  readonly range: Range;
}

const NAME = /[A-Za-z0-9_]/;
/** More nesting than any real value has; deeper text is broken, so that hostile input cannot use up the stack. */
const MAX_DEPTH = 100;

/** Parses a value. Values without `$` come back as one literal at once. */
export function parseExpression(value: string): readonly ExpressionPart[] {
  if (!value.includes("$")) return literal(value, 0, value.length);
  return parseParts(value, 0, value.length, 0);
}

function literal(value: string, start: number, end: number): ExpressionPart[] {
  return end > start ? [{ kind: "literal", text: value.slice(start, end), range: { start, end } }] : [];
}

function parseParts(value: string, from: number, to: number, depth: number): ExpressionPart[] {
  const parts: ExpressionPart[] = [];
  let text = from;
  let at = from;
  const flush = (end: number) => parts.push(...literal(value, text, end));
  while (at < to) {
    if (value[at] !== "$") {
      at++;
      continue;
    }
    const next = value[at + 1] ?? "";
    if (next === "$") {
      flush(at + 1);
      at += 2;
      text = at;
      continue;
    }
    flush(at);
    const part =
      next === "{" || next === "(" ? parseBracketed(value, at, to, depth) : parseBareName(value, at, to);
    parts.push(part);
    at = text = part.range.end;
  }
  flush(to);
  return parts;
}

function parseBareName(value: string, start: number, to: number): ExpressionPart {
  let end = start + 1;
  while (end < to && NAME.test(value[end] ?? "")) end++;
  const range = { start, end };
  if (end === start + 1) return { kind: "broken", reason: "empty macro name", range };
  return {
    kind: "reference",
    name: value.slice(start + 1, end),
    nameRange: { start: start + 1, end },
    range,
    whenSet: undefined,
    whenEmpty: undefined,
  };
}

/** The offset of the bracket that closes the one at `open`, counting only that kind; -1 when there is none. */
function closing(value: string, open: number, to: number): number {
  const opener = value[open];
  const closer = opener === "{" ? "}" : ")";
  let depth = 0;
  for (let at = open; at < to; at++) {
    if (value[at] === opener) depth++;
    else if (value[at] === closer && --depth === 0) return at;
  }
  return -1;
}

function parseBracketed(value: string, start: number, to: number, depth: number): ExpressionPart {
  const close = closing(value, start + 1, to);
  if (close < 0) return { kind: "broken", reason: "truncated macro reference", range: { start, end: to } };
  const range = { start, end: close + 1 };
  if (depth >= MAX_DEPTH) return { kind: "broken", reason: "unreasonable macro call nesting", range };
  const first = skipBlanks(value, start + 2, close);
  if (value[first] === "{") return parseComparison(value, first, close, range, depth);
  let end = first;
  while (end < close && NAME.test(value[end] ?? "")) end++;
  const tail = skipBlanks(value, end, close);
  if (end === first || (tail < close && !"?:".includes(value[tail] ?? "")))
    return { kind: "broken", reason: "attribute name syntax error", range };
  const branches = parseBranches(value, tail, close, depth);
  if (typeof branches === "string") return { kind: "broken", reason: branches, range };
  return {
    kind: "reference",
    name: value.slice(first, end),
    nameRange: { start: first, end },
    range,
    whenSet: branches.yes,
    whenEmpty: branches.no,
  };
}

function parseComparison(
  value: string,
  first: number,
  close: number,
  range: Range,
  depth: number,
): ExpressionPart {
  const broken = (reason: string): BrokenPart => ({ kind: "broken", reason, range });
  const leftEnd = closing(value, first, close);
  if (leftEnd < 0) return broken("truncated operand of a comparison");
  const operatorStart = skipBlanks(value, leftEnd + 1, close);
  const operator = /^(?:==|!=|<=|>=|<|>)[A-Za-z0-9]*/.exec(value.slice(operatorStart, close))?.[0];
  if (operator === undefined) return broken("comparison operator expected");
  const rightStart = skipBlanks(value, operatorStart + operator.length, close);
  const rightEnd = value[rightStart] === "{" ? closing(value, rightStart, close) : -1;
  if (rightEnd < 0) return broken('"{expression}" expected behind the comparison operator');
  const branches = parseBranches(value, skipBlanks(value, rightEnd + 1, close), close, depth);
  if (typeof branches === "string") return broken(branches);
  return {
    kind: "comparison",
    left: parseParts(value, first + 1, leftEnd, depth + 1),
    operator,
    right: parseParts(value, rightStart + 1, rightEnd, depth + 1),
    range,
    whenTrue: branches.yes,
    whenFalse: branches.no,
  };
}

interface Branches {
  readonly yes: ExpressionPart[] | undefined;
  readonly no: ExpressionPart[] | undefined;
}

/** Reads `?A`, `:B` or `?{A}:{B}` from `at` to the closing bracket; text without braces runs to the end. */
function parseBranches(value: string, at: number, close: number, depth: number): Branches | string {
  if (at >= close) return { yes: undefined, no: undefined };
  const mark = value[at];
  const braced = skipBlanks(value, at + 1, close);
  if (value[braced] !== "{") {
    const text = parseParts(value, at + 1, close, depth + 1);
    if (mark === "?") return { yes: text, no: undefined };
    return mark === ":" ? { yes: undefined, no: text } : '"?" or ":" expected';
  }
  const end = closing(value, braced, close);
  if (end < 0) return "truncated text in braces";
  const branch = parseParts(value, braced + 1, end, depth + 1);
  const rest = skipBlanks(value, end + 1, close);
  if (mark === ":")
    return rest < close ? "unexpected text behind the closing brace" : { yes: undefined, no: branch };
  if (mark !== "?") return '"?" or ":" expected';
  if (rest >= close) return { yes: branch, no: undefined };
  if (value[rest] !== ":") return '":" expected';
  const other = parseBranches(value, rest, close, depth);
  return typeof other === "string" ? other : { yes: branch, no: other.no };
}

function skipBlanks(value: string, at: number, to: number): number {
  let next = at;
  while (next < to && isBlank(value.charCodeAt(next))) next++;
  return next;
}
