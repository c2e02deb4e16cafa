/** Perl's functions on texts that take several arguments: substr, index, sprintf, and where strings count up. */
import type { Call } from "../../syntax/amavis/tree.js";
import { evaluate, evaluateList } from "./expressions.js";
import { scalarTarget } from "./lvalues.js";
import type { Machine } from "./machine.js";
import { formatNumber, formatReal, toNumber } from "./numbers.js";
import { concatenate } from "./operators.js";
import { text, textOf, undef, type Value } from "./value.js";

/** substr(TEXT, FROM, LENGTH, NEW); with `assigned` what is assigned to it takes the place of NEW. */
export function substring(machine: Machine, node: Call, assigned?: Value): Value {
  const [subject, from, size, replacement] = node.arguments;
  if (subject === undefined || from === undefined) return undef();
  const value = evaluate(machine, subject);
  const given = replacement === undefined ? assigned : evaluate(machine, replacement);
  const start = textOf(evaluate(machine, from));
  const length = size === undefined ? undef() : evaluate(machine, size);
  const known = textOf(value);
  const count = length.kind === "undef" ? "" : textOf(length);
  const target = given === undefined ? undefined : scalarTarget(machine, subject);
  if (
    known === undefined ||
    start === undefined ||
    count === undefined ||
    (given && textOf(given) === undefined)
  ) {
    const reason = machine.unknown(value.kind === "unknown" ? value.reason : "a part of a text", node);
    if (target?.kind === "scalar") target.set(reason, machine.at(node));
    return reason;
  }
  const range = rangeIn(
    known.length,
    Math.trunc(toNumber(start)),
    count === "" ? undefined : Math.trunc(toNumber(count)),
  );
  if (range === undefined) return undef(machine.at(node));
  if (target?.kind === "scalar") {
    const changed = known.slice(0, range.start) + (textOf(given) ?? "") + known.slice(range.end);
    target.set(text(changed, machine.at(node)), machine.at(node));
  }
  return text(known.slice(range.start, range.end), machine.at(node));
}

/** The part that is meant; undefined when it lies outside of the text. */
function rangeIn(
  size: number,
  from: number,
  length: number | undefined,
): { start: number; end: number } | undefined {
  const start = from < 0 ? size + from : from;
  const end = length === undefined ? size : length < 0 ? size + length : start + length;
  if (start > size || (start < 0 && end < 0)) return undefined;
  const first = Math.max(0, start);
  return { start: first, end: Math.max(first, Math.min(end, size)) };
}

/** index and rindex */
export function indexOf(machine: Machine, node: Call): Value {
  const values = node.arguments.map((argument) => evaluate(machine, argument));
  const [subject, wanted, from] = values.map((value) => textOf(value));
  if (subject === undefined || wanted === undefined || (values.length > 2 && from === undefined))
    return machine.unknown(`the result of ${node.name}()`, node);
  const position = from === undefined ? undefined : Math.trunc(toNumber(from));
  const found =
    node.name === "index"
      ? subject.indexOf(wanted, position ?? 0)
      : position !== undefined && position < 0 && wanted !== ""
        ? -1
        : subject.lastIndexOf(wanted, position ?? subject.length);
  return text(String(found), machine.at(node));
}

const CONVERSION = /%(?:(\d+)\$)?([-+ 0#]*)(v?)(\*|\d+)?(?:\.(\*|\d*))?(?:hh?|ll?|[qLVztj])?([a-zA-Z%])/g;
const WIDEST = 1000;

interface Conversion {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly letter: string;
}

/** sprintf; what it does not know of is not followed. */
export function format(machine: Machine, node: Call): Value {
  const [pattern, ...values] = node.arguments.flatMap((argument) => evaluateList(machine, argument));
  const known = textOf(pattern);
  if (known === undefined || values.some((value) => value.kind === "unknown" && value.list))
    return machine.unknown("a formatted text", node);
  const parts: Value[] = [];
  let next = 0;
  let end = 0;
  for (const match of known.matchAll(CONVERSION)) {
    const [whole, place, flags = "", vector, width, precision, letter = ""] = match;
    parts.push(text(known.slice(end, match.index)));
    end = match.index + whole.length;
    const star = (written: string | undefined): number =>
      written === "*" ? Math.trunc(toNumber(textOf(values[next++]) ?? "")) : Number(written || 0);
    const size = star(width);
    const digits = precision === undefined ? undefined : star(precision);
    if (letter === "%") {
      parts.push(text("%"));
      continue;
    }
    const value = (place === undefined ? values[next++] : values[Number(place) - 1]) ?? undef();
    const conversion = {
      flags: size < 0 ? `${flags}-` : flags,
      width: Math.abs(size),
      precision: digits !== undefined && digits < 0 ? undefined : digits,
      letter,
    };
    const converted = vector === "v" ? versionText(value, conversion) : convert(value, conversion);
    if (converted === undefined) return machine.unknown("a formatted text", node);
    parts.push(converted);
  }
  if (known.slice(end).includes("%")) return machine.unknown("a formatted text", node);
  return concatenate(machine, [...parts, text(known.slice(end))], node);
}

/** %vd: the codes of the characters with dots between them. */
function versionText(value: Value, { letter, flags, width }: Conversion): Value | undefined {
  const known = textOf(value);
  if (known === undefined || letter !== "d" || flags !== "" || width > 0) return undefined;
  return text([...known].map((character) => character.codePointAt(0)).join("."));
}

function convert(value: Value, conversion: Conversion): Value | undefined {
  const { letter, precision, flags, width } = conversion;
  if (width > WIDEST || (precision ?? 0) > WIDEST) return undefined;
  const known = textOf(value);
  if (letter === "s" && width === 0 && precision === undefined) return value;
  if (known === undefined) return undefined;
  if (letter === "s") return text(fill(known.slice(0, precision), flags, width));
  if (letter === "c") {
    const code = Math.trunc(toNumber(known));
    return code < 0 || code > 0x10ffff ? undefined : text(fill(String.fromCodePoint(code), flags, width));
  }
  const number = toNumber(known);
  if (!Number.isFinite(number)) return undefined;
  const written = /[diu]/.test(letter)
    ? whole(Math.trunc(number), conversion)
    : /[xXobB]/.test(letter)
      ? inBase(Math.trunc(number), conversion)
      : /[eEfFgG]/.test(letter)
        ? real(number, conversion)
        : undefined;
  return written === undefined ? undefined : text(written);
}

function fill(written: string, flags: string, width: number): string {
  if (flags.includes("-")) return written.padEnd(width, " ");
  return written.padStart(width, flags.includes("0") ? "0" : " ");
}

/** The sign stands before the zeros. */
function signed(sign: string, digits: string, { flags, width }: Conversion, zeros: boolean): string {
  if (zeros && flags.includes("0") && !flags.includes("-"))
    return sign + digits.padStart(width - sign.length, "0");
  const written = sign + digits;
  return flags.includes("-") ? written.padEnd(width, " ") : written.padStart(width, " ");
}

function signOf(negative: boolean, flags: string): string {
  return negative ? "-" : flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
}

function whole(number: number, conversion: Conversion): string | undefined {
  if (Math.abs(number) > Number.MAX_SAFE_INTEGER || (conversion.letter === "u" && number < 0))
    return undefined;
  const digits = formatNumber(Math.abs(number)).padStart(conversion.precision ?? 0, "0");
  const sign = conversion.letter === "u" ? "" : signOf(number < 0, conversion.flags);
  return signed(sign, digits, conversion, conversion.precision === undefined);
}

const BASES: Readonly<Record<string, number>> = { x: 16, X: 16, o: 8, b: 2, B: 2 };

function inBase(number: number, conversion: Conversion): string | undefined {
  if (number < 0 || number > Number.MAX_SAFE_INTEGER) return undefined;
  const { letter, flags, precision } = conversion;
  let digits = number.toString(BASES[letter] ?? 16).padStart(precision ?? 0, "0");
  if (letter === "X") digits = digits.toUpperCase();
  const prefix = flags.includes("#") && number !== 0 ? (letter === "o" ? "0" : `0${letter}`) : "";
  return signed(prefix, digits, conversion, precision === undefined);
}

function real(number: number, conversion: Conversion): string | undefined {
  const { letter, flags } = conversion;
  const precision = conversion.precision ?? 6;
  if (precision > 15 || flags.includes("#")) return undefined;
  const size = Math.abs(number);
  if (size >= 1e21) return undefined;
  const lower = letter.toLowerCase();
  let digits =
    lower === "f"
      ? size.toFixed(precision)
      : lower === "e"
        ? size.toExponential(precision).replace(/e([-+])(\d)$/, "e$10$2")
        : formatReal(size, Math.max(1, precision));
  if (letter === "E" || letter === "G") digits = digits.toUpperCase();
  return signed(signOf(number < 0 || Object.is(number, -0), flags), digits, conversion, true);
}

const COUNTING = /^[a-zA-Z]*[0-9]*$/;

/** What ++ makes of a text: "a9" counts up to "b0", "Zz" to "AAa"; undefined when it is read as a number. */
export function nextText(value: string): string | undefined {
  if (value === "" || !COUNTING.test(value) || /^[0-9]+$/.test(value)) return undefined;
  let result = "";
  for (let at = value.length - 1; at >= 0; at--) {
    const character = value.charAt(at);
    const around = { "9": "0", z: "a", Z: "A" }[character];
    if (around === undefined)
      return value.slice(0, at) + String.fromCharCode(character.charCodeAt(0) + 1) + result;
    result = around + result;
  }
  const first = result.charAt(0);
  return (first === "0" ? "1" : first) + result;
}

/** `'aa' .. 'ad'`, `'01' .. '31'`: counted up until the end, or until longer than it. */
export function textRange(low: string, high: string, longest: number): string[] | undefined {
  const values = [];
  for (let at: string | undefined = low; at !== undefined && at.length <= high.length; ) {
    values.push(at);
    if (at === high) break;
    if (values.length > longest) return undefined;
    at = /^[0-9]+$/.test(at) ? String(BigInt(at) + 1n).padStart(at.length, "0") : nextText(at);
  }
  return values;
}
