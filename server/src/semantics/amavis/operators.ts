/** Operators on known scalars, and what remains of them when a side is not known. */
import type { Range } from "../../syntax/text.js";
import { LONGEST_TEXT, type Machine } from "./machine.js";
import { exactly, formatNumber, formatReal, toNumber } from "./numbers.js";
import { type Text, text, textOf, type UnknownValue, type Value } from "./value.js";

/** Puts texts together; unknown parts leave the known ones around them readable. */
export function concatenate(machine: Machine, values: readonly Value[], place: Range): Value {
  const pieces = [""];
  let reason: string | undefined;
  let length = 0;
  for (const value of values) {
    const known = textOf(value) ?? displayOfReference(value);
    if (known !== undefined) {
      pieces[pieces.length - 1] += known;
      length += known.length;
      continue;
    }
    if (value.kind !== "unknown") {
      reason ??= "the text of a reference";
      pieces.push("");
      continue;
    }
    reason ??= value.reason;
    const [first, ...rest] = value.pieces ?? ["", ""];
    pieces[pieces.length - 1] += first ?? "";
    pieces.push(...rest);
  }
  if (length > LONGEST_TEXT || pieces.length > 100 || !machine.mayWork(length))
    return machine.unknown("a very long text", place);
  const origin = machine.at(place);
  if (reason === undefined) return text(pieces[0] ?? "", origin);
  return { kind: "unknown", reason, list: false, pieces, origin };
}

function displayOfReference(value: Value): string | undefined {
  return value.kind === "opaque" && value.name === "qr" && typeof value.detail === "string"
    ? value.detail
    : undefined;
}

const NUMERIC: Readonly<Record<string, (left: number, right: number) => number>> = {
  "<<": (left, right) => left * 2 ** right,
  ">>": (left, right) => Math.floor(left / 2 ** right),
  "&": (left, right) => Number(BigInt.asUintN(64, whole(left) & whole(right))),
  "|": (left, right) => Number(BigInt.asUintN(64, whole(left) | whole(right))),
  "^": (left, right) => Number(BigInt.asUintN(64, whole(left) ^ whole(right))),
};

const BITWISE = /^[&|^]$/;
const WHOLE_NUMBER = /^-?\d+$/;

function whole(value: number): bigint {
  return Number.isFinite(value) ? BigInt(Math.trunc(value)) : 0n;
}

const OF_NUMBERS: Readonly<Record<string, (left: number, right: number) => boolean | number>> = {
  "==": (left, right) => left === right,
  "!=": (left, right) => left !== right,
  "<": (left, right) => left < right,
  ">": (left, right) => left > right,
  "<=": (left, right) => left <= right,
  ">=": (left, right) => left >= right,
  "<=>": (left, right) => (left < right ? -1 : left > right ? 1 : 0),
};

const OF_TEXTS: Readonly<Record<string, (left: string, right: string) => boolean | number>> = {
  eq: (left, right) => left === right,
  ne: (left, right) => left !== right,
  lt: (left, right) => left < right,
  gt: (left, right) => left > right,
  le: (left, right) => left <= right,
  ge: (left, right) => left >= right,
  cmp: (left, right) => (left < right ? -1 : left > right ? 1 : 0),
};

function unknownSide(left: Value, right: Value): UnknownValue | undefined {
  if (left.kind === "unknown") return left;
  return right.kind === "unknown" ? right : undefined;
}

/** One of the operators that need both sides: arithmetic, comparison, `x`, `.`. */
export function combine(machine: Machine, operator: string, left: Value, right: Value, place: Range): Value {
  if (operator === ".") return concatenate(machine, [left, right], place);
  const side = unknownSide(left, right);
  if (side !== undefined) return machine.unknown(side.reason, place);
  const a = textOf(left);
  const b = textOf(right);
  if (a === undefined || b === undefined) return machine.unknown("arithmetic with a reference", place);
  const origin = machine.at(place);
  const ofTexts = OF_TEXTS[operator];
  if (ofTexts !== undefined) return text(printed(ofTexts(a, b)), origin);
  const [one, other] = [numberOf(left), numberOf(right)];
  const ofNumbers = OF_NUMBERS[operator];
  if (ofNumbers !== undefined) return text(printed(ofNumbers(one, other)), origin);
  if (operator === "x") return repeat(machine, a, other, place);
  if (operator === "/" || operator === "%") return divide(machine, operator, one, other, place);
  if (operator === "**") return real(one ** other, power(one, other), origin);
  if (operator === "+" || operator === "-" || operator === "*") {
    const result = operator === "+" ? one + other : operator === "-" ? one - other : one * other;
    if (Math.abs(result) < 1e15) return real(result, formatNumber(result), origin);
    return text(exactly(operator, a, b) ?? formatReal(result), origin);
  }
  const numeric = NUMERIC[operator];
  // Between two texts & | ^ work letter by letter.
  if (BITWISE.test(operator) && !(WHOLE_NUMBER.test(a) && WHOLE_NUMBER.test(b)))
    return machine.unknown(`the result of ${operator} with a text`, place);
  if (numeric === undefined) return machine.unknown(`the result of ${operator}`, place);
  return text(formatNumber(numeric(one, other)), origin);
}

function printed(result: boolean | number): string {
  return typeof result === "number" ? String(result) : result ? "1" : "";
}

/** A number with more digits than are printed keeps them for what is worked out from it. */
function real(number: number, written: string, origin: Text["origin"]): Text {
  const exact = Number(written) === number || Number.isNaN(number);
  return exact ? text(written, origin) : { kind: "text", text: written, number, origin };
}

function numberOf(value: Value): number {
  if (value.kind !== "text") return 0;
  return value.number ?? toNumber(value.text);
}

/** Whole numbers are counted exactly as long as their digits, by those of the base, fit into 64 bits. */
function power(base: number, exponent: number): string {
  const result = base ** exponent;
  if (!Number.isInteger(result) || Math.abs(result) < 1e15) return formatNumber(result);
  const bits = Math.floor(Math.log2(Math.abs(base))) + 1;
  const exact = Number.isInteger(base) && exponent >= 0 && bits * exponent <= 64;
  return exact && !Number.isInteger(Math.log2(Math.abs(base)))
    ? (BigInt(base) ** BigInt(exponent)).toString()
    : formatReal(result);
}

function repeat(machine: Machine, what: string, times: number, place: Range): Value {
  const count = Math.max(0, Math.trunc(times) || 0);
  if (what.length * count > LONGEST_TEXT) return machine.unknown("a very long text", place);
  return text(what.repeat(count), machine.at(place));
}

/** Division by zero ends amavisd's start; % works on whole numbers and takes the sign of the right side. */
function divide(machine: Machine, operator: string, left: number, right: number, place: Range): Value {
  const divisor = operator === "%" ? Math.trunc(right) : right;
  if (divisor === 0) {
    machine.noteDeath(place, "This divides by zero:");
    return machine.unknown("a division by zero", place);
  }
  if (operator === "/") return real(left / right, formatNumber(left / right), machine.at(place));
  const rest = Math.trunc(left) % divisor;
  const result = rest !== 0 && Math.sign(rest) !== Math.sign(divisor) ? rest + divisor : rest;
  return text(formatNumber(result), machine.at(place));
}
