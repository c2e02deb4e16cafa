/** The tree of a value with `$` expressions, and the walk that postconf makes over it. */
import { Memo } from "../memo.js";
import type { Range } from "../text.js";

/** A piece of a value; ranges are offsets into the value. */
export type ExpressionPart = LiteralPart | ReferencePart | ComparisonPart | BrokenPart;

export interface LiteralPart {
  readonly kind: "literal";
  readonly text: string;
  readonly range: Range;
}

export interface ReferencePart {
  readonly kind: "reference";
  /** May be empty: `${}` is a fault, `${ }` and `${?x}` are not. */
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

/** Text that makes postconf and every daemon that expands it stop with "macro processing error". */
export interface BrokenPart {
  readonly kind: "broken";
  /** What is wrong, in the words of the program, without the text that it quotes. */
  readonly reason: string;
  /** The whole warning as the program prints it. */
  readonly log: string;
  readonly range: Range;
  /** What was read, and may have been looked up, before the fault was met. */
  readonly before: readonly ExpressionPart[];
}

/**
 * Every part in the order in which a scan meets them. Behind a fault nothing is looked up, but the reader (mac_parse)
 * goes on to the next bracket, and says where that is not closed, or where a dollar sign has no name.
 */
export function scannedParts(parts: readonly ExpressionPart[]): readonly ExpressionPart[] {
  if (parts.length === 0 || (parts.length === 1 && parts[0]?.kind === "literal")) return parts;
  let found = scanned.get(parts);
  if (!found) {
    const met: ExpressionPart[] = [];
    scan(parts, met);
    scanned.set(parts, met);
    found = met;
  }
  return found;
}

/** Names, faults and classes are all looked for in the same trees. */
const scanned = new Memo<readonly ExpressionPart[], readonly ExpressionPart[]>();

/** @returns whether there was no fault */
function scan(parts: readonly ExpressionPart[], met: ExpressionPart[]): boolean {
  let sound = true;
  for (const part of parts) {
    if (!sound) {
      if (isPlain(part)) continue;
      if (part.kind === "broken" && (isLoneDollar(part) || part.reason === TRUNCATED)) met.push(part);
      return false;
    }
    if (part.kind === "broken") scan(part.before, met);
    met.push(part);
    sound = part.kind !== "broken" && scanInside(part, met);
    if (part.kind === "broken" && (part.reason === TRUNCATED || part.reason === NAMELESS)) return false;
  }
  return sound;
}

export const TRUNCATED = "truncated macro reference";
export const NAMELESS = "empty macro name";

/** Text, or a name without brackets. */
function isPlain(part: ExpressionPart): boolean {
  if (part.kind === "reference") return part.nameRange.start === part.range.start + 1;
  return part.kind === "literal";
}

function isLoneDollar({ reason, range }: BrokenPart): boolean {
  return reason === NAMELESS && range.end === range.start + 1;
}

function scanInside(part: ExpressionPart, met: ExpressionPart[]): boolean {
  if (part.kind === "comparison") {
    // Both sides are read before either is judged.
    const left = scan(part.left, met);
    const right = scan(part.right, met);
    return left && right && scan(part.whenTrue ?? [], met) && scan(part.whenFalse ?? [], met);
  }
  if (part.kind !== "reference") return true;
  return scan(part.whenSet ?? [], met) && scan(part.whenEmpty ?? [], met);
}

/** The first fault that a scan meets, also in a branch that is never taken; undefined when there is none. */
export function firstFault(parts: readonly ExpressionPart[]): BrokenPart | undefined {
  for (const part of scannedParts(parts)) if (part.kind === "broken") return part;
  return undefined;
}
