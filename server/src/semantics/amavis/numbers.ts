/** Numbers as Perl reads and prints them. */

const LEADING_NUMBER = /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/;

/** The number that a text begins with, 0 when there is none. */
export function toNumber(text: string): number {
  const found = LEADING_NUMBER.exec(text)?.[0];
  if (found !== undefined) return Number(found);
  const special = /^\s*([-+]?)(inf|nan)/i.exec(text);
  if (special === null) return 0;
  const value = special[2]?.toLowerCase() === "nan" ? Number.NaN : Number.POSITIVE_INFINITY;
  return special[1] === "-" ? -value : value;
}

/** Prints a number with at most 15 digits, as Perl does (%.15g). */
export function formatReal(value: number, digits = 15): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "Inf" : "-Inf";
  if (value === 0) return "0";
  const [mantissa = "", power = "0"] = value.toExponential(digits - 1).split("e");
  const exponent = Number(power);
  if (exponent >= -4 && exponent < digits) {
    const plain = value.toFixed(Math.min(100, Math.max(0, digits - 1 - exponent)));
    return plain.includes(".") ? plain.replace(/\.?0+$/, "") : plain;
  }
  const short = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
  const size = String(Math.abs(exponent)).padStart(2, "0");
  return `${short}e${exponent < 0 ? "-" : "+"}${size}`;
}

/** Whole numbers that fit into 64 bits are integers for Perl and printed in full. */
export function formatNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value === 0 ? 0 : value);
  if (Number.isInteger(value) && value < 2 ** 64 && value >= -(2 ** 63)) return BigInt(value).toString();
  return formatReal(value);
}

const LARGE = /^\s*[-+]?\d{16,20}\s*$/;
const MOST = 2n ** 64n;
const LEAST = -(2n ** 63n);

/** A sum, difference or product of whole numbers, exact within 64 bits; undefined when they are not whole. */
export function exactly(operator: string, left: string, right: string): string | undefined {
  const [a, b] = [toNumber(left), toNumber(right)];
  if (!Number.isInteger(a) || !Number.isInteger(b)) return undefined;
  const one = LARGE.test(left) ? BigInt(left.trim().replace("+", "")) : BigInt(a);
  const other = LARGE.test(right) ? BigInt(right.trim().replace("+", "")) : BigInt(b);
  for (const side of [one, other]) if (side >= MOST || side < LEAST) return undefined;
  const result = operator === "+" ? one + other : operator === "-" ? one - other : one * other;
  return result < MOST && result >= LEAST ? result.toString() : undefined;
}

/** What Perl prints as it is written. */
const PLAIN_NUMBER = /^(?:0|[1-9]\d{0,9})(?:\.\d{0,3}[1-9])?$|^[1-9]\d{0,14}$/;

/** The value of a number as it is written in Perl: 010024 is octal, 10_024 ten thousand and 24. */
export function literalNumber(written: string): string {
  if (PLAIN_NUMBER.test(written)) return written;
  const digits = written.replaceAll("_", "");
  if (/^0[xX]/.test(digits)) return inBase("0x", digits.slice(2));
  if (/^0[bB]/.test(digits)) return inBase("0b", digits.slice(2));
  if (/^0[oO]?[0-7]+$/.test(digits)) return inBase("0o", digits.replace(/^0[oO]?/, ""));
  if (/^v\d|^\d+(?:\.\d+){2,}/.test(digits)) {
    // A version string: each part is the code of one character.
    return String.fromCodePoint(...digits.replace(/^v/, "").split(".").map(codePoint));
  }
  if (/^\d+$/.test(digits) && digits.length < 25) return integer(BigInt(digits));
  return formatReal(Number(digits));
}

function integer(value: bigint): string {
  return value < MOST ? value.toString() : formatReal(Number(value));
}

function inBase(prefix: string, digits: string): string {
  return integer(BigInt(`${prefix}${digits.slice(0, 300) || "0"}`));
}

function codePoint(part: string): number {
  const code = Number(part);
  return code <= 0x10ffff ? code : 0xfffd;
}

/** hex() and oct(): 0x, 0b, 0o in front choose the base; reading ends at what is no digit. */
export function octalOf(value: string): string {
  const trimmed = value.trimStart().replaceAll("_", "");
  const [, prefix = "", rest = ""] = /^(0?[xX]|0?[bB]|0?[oO])?(.*)/s.exec(trimmed) ?? [];
  const base = prefix.slice(-1).toLowerCase();
  const digits = (base === "x" ? /^[0-9a-fA-F]*/ : base === "b" ? /^[01]*/ : /^[0-7]*/).exec(rest)?.[0] ?? "";
  return inBase(base === "x" ? "0x" : base === "b" ? "0b" : "0o", digits);
}

export function hexOf(value: string): string {
  return inBase("0x", /^[0-9a-fA-F]*/.exec(value.replace(/^0?[xX]/, "").replaceAll("_", ""))?.[0] ?? "");
}
