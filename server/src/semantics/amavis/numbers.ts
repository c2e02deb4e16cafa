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
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "Inf" : "-Inf";
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value === 0 ? 0 : value);
  // Whole numbers that fit into 64 bits are integers for Perl and printed in full.
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 63) return BigInt(value).toString();
  const shortest = String(Number(value.toPrecision(15)));
  return shortest.replace(/e([-+])(\d)$/, "e$10$2");
}

/** What Perl prints as it is written. */
const PLAIN_NUMBER = /^(?:0|[1-9]\d{0,9})(?:\.\d{0,3}[1-9])?$|^[1-9]\d{0,14}$/;

/** The value of a number as it is written in Perl: 010024 is octal, 10_024 ten thousand and 24. */
export function literalNumber(written: string): string {
  if (PLAIN_NUMBER.test(written)) return written;
  const digits = written.replaceAll("_", "");
  if (/^0[xX]/.test(digits)) return formatNumber(Number.parseInt(digits.slice(2) || "0", 16));
  if (/^0[bB]/.test(digits)) return formatNumber(Number.parseInt(digits.slice(2) || "0", 2));
  if (/^0[0-7]+$/.test(digits)) return formatNumber(Number.parseInt(digits, 8));
  if (/^v\d|^\d+(?:\.\d+){2,}/.test(digits)) {
    // A version string: each part is the code of one character.
    return String.fromCodePoint(...digits.replace(/^v/, "").split(".").map(codePoint));
  }
  return formatNumber(Number(digits));
}

function codePoint(part: string): number {
  const code = Number(part);
  return code <= 0x10ffff ? code : 0xfffd;
}
