/** Booleans, numbers and times as mail_conf_bool(3), mail_conf_int(3), mail_conf_long(3) and conv_time(3) read them (POSTFIX 1.4). */
import type { ParameterFacts } from "../../../knowledge/parameters.js";
import { type ValueFault, whole } from "./fault.js";

const INT_MAX = 2 ** 31 - 1;
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86400, w: 604800 };
const YES = /^["']?(?:y|yes|true|on|1|enabled?|t)["']?$/i;
const NO = /^["']?(?:n|no|false|off|0|disabled?|none|f)["']?$/i;

export function boolFaults({ name }: ParameterFacts, text: string): ValueFault[] {
  if (text === "") return [emptyNumber(`bad boolean configuration: ${name} = `, "yes or no")];
  if (/^(?:yes|no)$/i.test(text)) return [];
  return [
    whole(text, {
      kind: "bool",
      expected: "yes or no",
      log: `bad boolean configuration: ${name} = ${text}`,
      effect: "fatal",
      candidates: ["yes", "no"],
      ...(YES.test(text) ? { suggestion: "yes" } : NO.test(text) ? { suggestion: "no" } : {}),
    }),
  ];
}

/** @param long the value may be as large as a C long (message_size_limit and its like). */
export function intFaults(facts: ParameterFacts, text: string, long: boolean): ValueFault[] {
  const { name } = facts;
  if (text === "") return [emptyNumber(`bad numerical configuration: ${name} = `, "a whole number")];
  const number = /^[+-]?\d+$/.test(text) ? Number(text) : undefined;
  const largest = long ? 2 ** 63 : INT_MAX;
  if (number === undefined || number > largest || number < -largest - 1) {
    const suggestion = plainNumber(text, largest);
    return [
      whole(text, {
        kind: "int",
        expected:
          number === undefined
            ? "a whole number in plain digits, without a unit"
            : `a number no larger than ${long ? "9223372036854775807" : INT_MAX}`,
        log: `bad numerical configuration: ${name} = ${text}`,
        effect: "fatal",
        ...(suggestion === undefined ? {} : { suggestion }),
      }),
    ];
  }
  if (facts.class === "smtp-reply-code" && !facts.min) return replyCodeFaults(name, text, number);
  return rangeFault(
    facts,
    text,
    number,
    (limit, sign) => `invalid ${name} parameter value ${number} ${sign} ${limit}`,
  );
}

/** A code that no reply may begin with; smtpd then answers 450 (reply codes with bounds are fatal instead). */
function replyCodeFaults(name: string, text: string, number: number): ValueFault[] {
  if ((number >= 400 && number <= 599) || name === "fault_injection_code") return [];
  return [
    whole(text, {
      kind: "reply-code",
      expected: "a code from 400 to 599",
      log: `SMTP reply code configuration error: ${number} 5.7.1 ...`,
      effect: "warn",
      consequence:
        'and answers "450 4.7.1 Service unavailable" instead, so that the client tries again and again',
    }),
  ];
}

function rangeFault(
  { min, max }: ParameterFacts,
  text: string,
  number: number,
  log: (limit: number, sign: "<" | ">") => string,
): ValueFault[] {
  // A bound of 0 in the programs' tables is none.
  const low = min && number < min ? min : undefined;
  const limit = low ?? (max && number > max ? max : undefined);
  if (limit === undefined) return [];
  return [
    whole(text, {
      kind: "range",
      expected: min && max ? `${min} to ${max}` : min ? `${min} or more` : `${max} or less`,
      log: log(limit, low === undefined ? ">" : "<"),
      effect: "fatal",
      suggestion: String(limit),
    }),
  ];
}

export function timeFaults(facts: ParameterFacts, text: string): ValueFault[] {
  const { name } = facts;
  if (text === "") return [emptyNumber(`parameter ${name}: bad time value or unit: `, "a time such as 30s")];
  const match = /^\+?(\d*)([a-zA-Z]?)(.*)$/s.exec(text);
  const unit = match?.[2] || (facts.unit ?? "s");
  const seconds = Number(match?.[1] || 0) * (SECONDS[unit] ?? Number.NaN);
  const readable = match !== null && (match[2] !== "" || match[3] === "");
  if (!readable || !(seconds <= INT_MAX)) {
    const suggestion = plainTime(text);
    return [
      whole(text, {
        kind: "time",
        expected:
          Number.isNaN(seconds) || !readable
            ? "digits and one of the units s, m, h, d, w, written small"
            : `a time of at most ${INT_MAX} seconds`,
        log: `parameter ${name}: bad time value or unit: ${text}`,
        effect: "fatal",
        ...(suggestion === undefined ? {} : { suggestion }),
      }),
    ];
  }
  const outside = rangeFault(
    facts,
    text,
    seconds,
    (limit, sign) => `invalid ${name}: ${seconds} (${sign === "<" ? "min" : "max"} ${limit})`,
  );
  if (outside.length > 0) return outside.map((fault) => ({ ...fault, ...timeBound(facts, fault) }));
  const rest = match?.[3] ?? "";
  return rest === "" ? [] : [trailing(text, rest, match?.[1] ?? "", unit)];
}

function timeBound({ min, max }: ParameterFacts, { suggestion }: ValueFault) {
  const expected =
    min && max ? `${min} to ${max} seconds` : min ? `at least ${min} seconds` : `at most ${max} seconds`;
  return { expected, suggestion: `${suggestion}s` };
}

/** Only the letter behind the digits counts; what follows it is not looked at. */
function trailing(text: string, rest: string, digits: string, unit: string): ValueFault {
  const sum = sumOfTimes(text);
  const spelledOut = LONG_UNITS[unit]?.test(unit + rest.trim());
  const suggestion = spelledOut ? `${digits}${unit}` : sum;
  return {
    kind: "time-trailing",
    start: text.length - rest.length,
    end: text.length,
    text: rest,
    expected: `one number with one unit letter: ${digits}${unit}`,
    log: "",
    effect: "silent",
    consequence: `${text} counts as ${digits || 0}${unit}`,
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

const LONG_UNITS: Readonly<Record<string, RegExp>> = {
  s: /^s(?:ecs?|econds?)?$/i,
  m: /^m(?:ins?|inutes?)?$/i,
  h: /^h(?:rs?|ours?)?$/i,
  d: /^d(?:ays?)?$/i,
  w: /^w(?:ks?|eeks?)?$/i,
};

/** 1h30m as one time with the largest unit that divides it. */
function sumOfTimes(text: string): string | undefined {
  if (!/^(?:\d+[smhdw]\s*)+$/.test(text)) return undefined;
  let seconds = 0;
  for (const [, digits, unit] of text.matchAll(/(\d+)([smhdw])/g))
    seconds += Number(digits) * (SECONDS[unit ?? "s"] ?? 1);
  return withUnit(seconds);
}

function withUnit(seconds: number): string {
  const unit = ["w", "d", "h", "m"].find((letter) => seconds % (SECONDS[letter] ?? 1) === 0) ?? "s";
  return `${seconds / (SECONDS[unit] ?? 1)}${unit}`;
}

/** 10S, 1 h, 1.5h, "10s": what was meant, when that is plain. */
function plainTime(text: string): string | undefined {
  const match = /^["']?(\d+(?:\.\d+)?)\s*([a-z]+)["']?$/i.exec(text);
  if (!match) return undefined;
  const unit = "smhdw".split("").find((letter) => LONG_UNITS[letter]?.test(match[2] ?? ""));
  const seconds = Number(match[1]) * (SECONDS[unit ?? ""] ?? Number.NaN);
  if (!Number.isInteger(seconds) || seconds > INT_MAX) return undefined;
  return /\./.test(match[1] ?? "") ? withUnit(seconds) : `${match[1]}${unit}`;
}

/** 10M, 50 MB, 1_000, "20": the number that was meant; M is taken as 1024 * 1024, as sizes of mail are. */
function plainNumber(text: string, largest: number): string | undefined {
  const match = /^["']?(\d[\d_', ]*?)\s*(?:([kmgt])(?:i?b)?|b|bytes)?["']?$/i.exec(text);
  const digits = match?.[1]?.replace(/\D/g, "");
  // A separator between digits stands before three of them; else it is something else.
  if (!match || !digits || !/^\d+(?:[_', ]\d{3})*$/.test(match[1] ?? "")) return undefined;
  const power = "kmgt".indexOf((match[2] ?? "").toLowerCase());
  const number = Number(digits) * (match[2] ? 1024 ** (power + 1) : 1);
  return number <= largest ? String(number) : undefined;
}

const emptyNumber = (log: string, expected: string): ValueFault =>
  whole("", { kind: "empty-number", expected, log, effect: "fatal" });
