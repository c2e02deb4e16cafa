/** What is wrong with a single value, as plain data; rules put it into words. */
export type ValueFaultKind =
  | "bool"
  | "int"
  | "time"
  | "time-trailing"
  | "empty-number"
  | "empty-string"
  | "range"
  | "length"
  | "enum"
  | "tls-level"
  | "tls-protocols"
  | "tls-ciphers"
  | "reply-code"
  | "hostname"
  | "ip-address"
  | "port"
  | "user"
  | "feedback";

/**
 * What the program does. fatal: it stops when it starts. fatal-in-use: it stops when it first needs the value.
 * refuse: it goes on, but what the value is for fails. warn: a warning, and something else is done. silent: no word.
 */
export type FaultEffect = "fatal" | "fatal-in-use" | "refuse" | "warn" | "silent";

export interface ValueFault {
  readonly kind: ValueFaultKind;
  /** Offsets into the expanded text. */
  readonly start: number;
  readonly end: number;
  /** The stretch that is wrong. */
  readonly text: string;
  /** What would be right, as the object of "takes": "yes or no". */
  readonly expected: string;
  /** What the program logs; empty when it logs nothing. */
  readonly log: string;
  readonly effect: FaultEffect;
  /** What happens then, beyond the log line. */
  readonly consequence?: string;
  /** What may stand there instead, for "did you mean". */
  readonly candidates?: readonly string[];
  /** The one value that is certainly or probably meant. */
  readonly suggestion?: string;
  /** A program that reads the parameter, but takes this value. */
  readonly takenBy?: string;
  /** The value is only looked at when one of these parameters has a value (for booleans: yes). */
  readonly onlyWith?: readonly string[];
  /** The value is only looked at while this parameter is not set. */
  readonly onlyWithout?: string;
}

/** A fault of the whole value. */
export function whole(text: string, fault: Omit<ValueFault, "start" | "end" | "text">): ValueFault {
  return { ...fault, start: 0, end: text.length, text };
}

/** The items of a list with their offsets; no braces, since none of these lists has any. */
export function* items(
  text: string,
  separator: RegExp,
): Generator<{ text: string; start: number; end: number }> {
  let at = 0;
  for (const piece of text.split(separator)) {
    const start = text.indexOf(piece, at);
    at = start + piece.length;
    if (piece !== "") yield { text: piece, start, end: at };
  }
}
