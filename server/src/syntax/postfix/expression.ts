/**
 * The `$` language of parameter values (mac_parse(3), mac_expand(3); POSTFIX 1.3): `$name`, `${name}`,
 * `$(name)`, `${name?text}`, `${name:text}`, `${name?{a}:{b}}`, `${{a} == {b} ? {c} : {d}}`, `$$`.
 *
 * The parser reads what a scan by postconf reads: both branches of a condition. A branch is judged only
 * where it is used, so a fault in it stands in that branch, not around the whole expression.
 */
import type { Range } from "../text.js";
import {
  type BrokenPart,
  type ComparisonPart,
  type ExpressionPart,
  firstFault,
  NAMELESS,
  type ReferencePart,
  TRUNCATED,
} from "./expressionParts.js";

export type {
  BrokenPart,
  ComparisonPart,
  ExpressionPart,
  LiteralPart,
  ReferencePart,
} from "./expressionParts.js";
export { firstFault, scannedParts } from "./expressionParts.js";

/** Levels of nesting that mac_expand(3) follows before it calls them unreasonable. */
export const MAX_NESTING = 100;
/** Both sides of a comparison start counting anew; this keeps hostile text from using up the stack. */
const MAX_COMPARISONS = 50;
const OPERATORS = ["==", "!=", "<", "<=", ">=", ">"];
/** With the quotes where the program has them. */
const OPERATOR_NAMES = '"==" or "!="" or "<"" or "<="" or ">="" or ">"';

/** Parses a value. Values without `$` come back as one literal at once. */
export function parseExpression(value: string): readonly ExpressionPart[] {
  if (!value.includes("$")) return literal(value, 0, value.length);
  let parts = parsed.get(value);
  if (!parts) {
    parts = new Parser(value).parts(0, value.length, 0, 0);
    if (value.length <= LONGEST_REMEMBERED) {
      if (parsed.size >= MOST_REMEMBERED) parsed.clear();
      parsed.set(value, parts);
    }
  }
  return parts;
}

/** Trees of values that were read: the same values are asked for by many, and stay while others are edited. */
const parsed = new Map<string, readonly ExpressionPart[]>();
const MOST_REMEMBERED = 1000;
const LONGEST_REMEMBERED = 1000;

function literal(value: string, start: number, end: number): ExpressionPart[] {
  return end > start ? [{ kind: "literal", text: value.slice(start, end), range: { start, end } }] : [];
}

interface Branches {
  readonly yes: readonly ExpressionPart[] | undefined;
  readonly no: readonly ExpressionPart[] | undefined;
}

/** What was found wrong while a bracket was read. */
class Fault {
  constructor(
    readonly reason: string,
    readonly quoted: string,
    readonly before: readonly ExpressionPart[] = [],
  ) {}
}

class Parser {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** @param level how many expressions lie around this text; @param comparisons how many of them are sides of comparisons */
  parts(from: number, to: number, level: number, comparisons: number): ExpressionPart[] {
    const value = this.#value;
    const parts: ExpressionPart[] = [];
    let text = from;
    for (let at = value.indexOf("$", from); at >= 0 && at < to; at = value.indexOf("$", text)) {
      const next = at + 1 < to ? value[at + 1] : "";
      if (next === "$") {
        parts.push(...literal(value, text, at + 1));
        text = at + 2;
        continue;
      }
      parts.push(...literal(value, text, at));
      const bracketed = next === "{" || next === "(";
      const part = bracketed
        ? this.#bracketed(from, at, to, level, comparisons)
        : this.#bareName(from, at, to);
      parts.push(part);
      text = part.range.end;
      // Behind one of these the rest of the text is not read at all.
      if (part.kind === "broken" && (part.reason === TRUNCATED || part.reason === NAMELESS))
        return tooDeep(parts, level);
    }
    parts.push(...literal(value, Math.min(text, to), to));
    return tooDeep(parts, level);
  }

  #bareName(from: number, start: number, to: number): ExpressionPart {
    const end = this.#nameEnd(start + 1, to);
    const range = { start, end };
    if (end === start + 1) return broken(NAMELESS, `: "${this.#value.slice(from, to)}"`, range);
    return {
      kind: "reference",
      name: this.#value.slice(start + 1, end),
      nameRange: { start: start + 1, end },
      range,
      whenSet: undefined,
      whenEmpty: undefined,
    };
  }

  #bracketed(from: number, start: number, to: number, level: number, comparisons: number): ExpressionPart {
    const close = this.#closing(start + 1, to);
    const whole = `: "${this.#value.slice(from, to)}"`;
    if (close < 0) return broken(TRUNCATED, whole, { start, end: to });
    const range = { start, end: close + 1 };
    if (close === start + 2) return broken(NAMELESS, whole, range);
    if (level > MAX_NESTING || comparisons > MAX_COMPARISONS)
      return broken("unreasonable macro call nesting", `: "${this.#value.slice(start + 2, close)}"`, range);
    const first = this.#skipBlanks(start + 2, close);
    const part =
      this.#value[first] === "{"
        ? this.#comparison(first, close, range, level, comparisons)
        : this.#reference(first, start + 2, close, range, level, comparisons);
    return part instanceof Fault ? broken(part.reason, part.quoted, range, part.before) : part;
  }

  #reference(
    first: number,
    inner: number,
    close: number,
    range: Range,
    level: number,
    comparisons: number,
  ): ReferencePart | Fault {
    const value = this.#value;
    const end = this.#nameEnd(first, close);
    const tail = this.#skipBlanks(end, close);
    if (tail < close && value[tail] !== "?" && value[tail] !== ":")
      return new Fault(
        "attribute name syntax error",
        ` at: "...${value.slice(inner, end)}>>>${this.#ahead(end, close)}"`,
      );
    const reference = {
      kind: "reference" as const,
      name: value.slice(first, end),
      nameRange: { start: first, end },
      range,
    };
    const branches = this.#branches(tail, close, level, comparisons);
    if (branches instanceof Fault)
      return new Fault(branches.reason, branches.quoted, [
        { ...reference, whenSet: branches.before, whenEmpty: undefined },
      ]);
    return { ...reference, whenSet: branches.yes, whenEmpty: branches.no };
  }

  #comparison(
    first: number,
    close: number,
    range: Range,
    level: number,
    comparisons: number,
  ): ComparisonPart | Fault {
    const value = this.#value;
    const leftEnd = this.#closing(first, close);
    if (leftEnd < 0) return this.#unbalanced(first, close);
    const leftText = value.slice(first + 1, leftEnd);
    const sign = this.#skipBlanks(leftEnd + 1, close);
    let signEnd = sign;
    while (signEnd < close && "<>!=?+-*/~&|%".includes(value[signEnd] ?? "")) signEnd++;
    if (!OPERATORS.includes(value.slice(sign, signEnd)))
      return new Fault(`${OPERATOR_NAMES} expected`, ` at: "...${leftText}}>>>${this.#ahead(sign, close)}"`);
    let suffixEnd = signEnd;
    while (suffixEnd < close && isAlphanumeric(value.charCodeAt(suffixEnd))) suffixEnd++;
    const suffix = value.slice(signEnd, suffixEnd);
    if (suffix !== "" && suffix !== "level")
      return new Fault("bad operator suffix", ` at: "...${value.slice(sign, signEnd)}>>>${suffix}"`);
    const rightStart = this.#skipBlanks(suffixEnd, close);
    if (value[rightStart] !== "{" || rightStart >= close)
      return new Fault(
        '"{expression}" expected',
        ` at: "...{${leftText}} ${value.slice(sign, signEnd)}>>>${this.#ahead(suffixEnd, close)}"`,
      );
    const rightEnd = this.#closing(rightStart, close);
    if (rightEnd < 0) return this.#unbalanced(rightStart, close);
    const comparison = {
      kind: "comparison" as const,
      left: this.parts(first + 1, leftEnd, 0, comparisons + 1),
      operator: value.slice(sign, suffixEnd),
      right: this.parts(rightStart + 1, rightEnd, 0, comparisons + 1),
      range,
    };
    // A fault in one of the sides is all that is said.
    if (firstFault(comparison.left) || firstFault(comparison.right))
      return { ...comparison, whenTrue: undefined, whenFalse: undefined };
    const before: ComparisonPart[] = [{ ...comparison, whenTrue: undefined, whenFalse: undefined }];
    const tail = this.#skipBlanks(rightEnd + 1, close);
    if (tail < close && value[tail] !== "?" && value[tail] !== ":")
      return new Fault('"?" or ":" expected', ` at: "...}>>>${this.#ahead(tail, close)}"`, before);
    const branches = this.#branches(tail, close, level, comparisons);
    if (branches instanceof Fault)
      return new Fault(branches.reason, branches.quoted, [...before, ...branches.before]);
    return { ...comparison, whenTrue: branches.yes, whenFalse: branches.no };
  }

  /** Reads `?A`, `:B` or `?{A}:{B}` from `at` to the closing bracket; text without braces runs to the end. */
  #branches(at: number, close: number, level: number, comparisons: number): Branches | Fault {
    if (at >= close) return { yes: undefined, no: undefined };
    const first = this.#operand(at + 1, close, level, comparisons);
    if (first instanceof Fault) return first;
    const unexpected = (text: string, rest: number, before: readonly ExpressionPart[], reason: string) =>
      new Fault(reason, ` at: "...${text}}>>>${this.#ahead(rest, close)}"`, before);
    if (this.#value[at] === ":") {
      if (first.rest < close) return unexpected(first.text, first.rest, first.parts, "unexpected input");
      return { yes: undefined, no: first.parts };
    }
    if (first.rest >= close) return { yes: first.parts, no: undefined };
    if (this.#value[first.rest] !== ":")
      return unexpected(first.text, first.rest, first.parts, '":" expected');
    const second = this.#operand(first.rest + 1, close, level, comparisons);
    if (second instanceof Fault) return new Fault(second.reason, second.quoted, first.parts);
    if (second.rest < close)
      return unexpected(second.text, second.rest, [...first.parts, ...second.parts], "unexpected input");
    return { yes: first.parts, no: second.parts };
  }

  #operand(at: number, close: number, level: number, comparisons: number) {
    const brace = this.#skipBlanks(at, close);
    const braced = brace < close && this.#value[brace] === "{";
    const end = braced ? this.#closing(brace, close) : close;
    if (end < 0) return this.#unbalanced(brace, close);
    const start = braced ? brace + 1 : at;
    return {
      text: this.#value.slice(start, end),
      parts: this.parts(start, end, level + 1, comparisons),
      rest: braced ? this.#skipBlanks(end + 1, close) : close,
    };
  }

  #unbalanced(brace: number, close: number): Fault {
    return new Fault("unbalanced {} in attribute expression", `: "${this.#value.slice(brace, close)}"`);
  }

  /** The offset of the bracket that closes the one at `open`, counting only that kind; -1 when there is none. */
  #closing(open: number, to: number): number {
    const opener = this.#value[open];
    const closer = opener === "{" ? "}" : ")";
    let depth = 0;
    for (let at = open; at < to; at++) {
      if (this.#value[at] === opener) depth++;
      else if (this.#value[at] === closer && --depth === 0) return at;
    }
    return -1;
  }

  #nameEnd(at: number, to: number): number {
    let end = at;
    while (end < to && (isAlphanumeric(this.#value.charCodeAt(end)) || this.#value[end] === "_")) end++;
    return end;
  }

  /** The language's blanks are fewer than those of lines: no vertical tab, no form feed. */
  #skipBlanks(at: number, to: number): number {
    let next = at;
    while (next < to && " \t\r\n".includes(this.#value[next] ?? "x")) next++;
    return next;
  }

  /** As much of the text ahead as the messages quote. */
  #ahead(at: number, close: number): string {
    return this.#value.slice(at, Math.min(close, at + 20));
  }
}

function broken(
  reason: string,
  quoted: string,
  range: Range,
  before: readonly ExpressionPart[] = [],
): BrokenPart {
  return { kind: "broken", reason, log: reason + quoted, range, before };
}

/** Below the deepest level not even plain text is taken. */
function tooDeep(parts: ExpressionPart[], level: number): ExpressionPart[] {
  const first = parts[0];
  if (level <= MAX_NESTING || !first || first.kind === "broken") return parts;
  const quoted = first.kind === "literal" ? first.text : first.kind === "reference" ? first.name : "";
  return [broken("unreasonable macro call nesting", `: "${quoted}"`, first.range)];
}

function isAlphanumeric(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}
