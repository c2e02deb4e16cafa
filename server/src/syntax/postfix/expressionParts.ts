/** The tree of a value with `$` expressions, and the walk that postconf makes over it. */
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
 * Every part in the order in which a scan meets them, until the first fault.
 * @returns whether there was none
 */
export function* scannedParts(parts: readonly ExpressionPart[]): Generator<ExpressionPart, boolean> {
  for (const part of parts) {
    if (part.kind === "broken") yield* scannedParts(part.before);
    yield part;
    if (part.kind === "broken" || !(yield* scannedInside(part))) return false;
  }
  return true;
}

function* scannedInside(part: ExpressionPart): Generator<ExpressionPart, boolean> {
  if (part.kind === "comparison") {
    // Both sides are read before either is judged.
    const left = yield* scannedParts(part.left);
    const right = yield* scannedParts(part.right);
    return (
      left &&
      right &&
      (yield* scannedParts(part.whenTrue ?? [])) &&
      (yield* scannedParts(part.whenFalse ?? []))
    );
  }
  if (part.kind !== "reference") return true;
  return (yield* scannedParts(part.whenSet ?? [])) && (yield* scannedParts(part.whenEmpty ?? []));
}

/** The first fault that a scan meets, also in a branch that is never taken; undefined when there is none. */
export function firstFault(parts: readonly ExpressionPart[]): BrokenPart | undefined {
  for (const part of scannedParts(parts)) if (part.kind === "broken") return part;
  return undefined;
}
