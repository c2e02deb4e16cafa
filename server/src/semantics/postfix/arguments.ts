/**
 * Arguments of a service that make its daemon die at the first connection, or that are read otherwise
 * than they were meant. Postfix starts all the same and the port is open: only the log tells
 * (scenarios n07, n09, n12, n16; POSTFIX 0.1).
 */
import { parameterFacts } from "../../knowledge/parameters.js";
import { programFacts } from "../../knowledge/services.js";
import type { MasterOption } from "../../syntax/postfix/master.js";
import { hasPlaceholder, type Word } from "../../syntax/postfix/words.js";
import type { Range } from "../../syntax/text.js";
import type { Service } from "./services.js";

export interface ArgumentFault {
  readonly kind:
    | "no-equals"
    | "missing-option"
    | "quoted"
    | "stray-word"
    | "comment"
    | "dash"
    | "late-option"
    | "unknown-letter"
    | "unclosed-brace"
    | "text-after-brace";
  readonly range: Range;
  /** The option or word that the fault is about. */
  readonly text: string;
  readonly option: MasterOption | undefined;
  /** The option before a stray word, whose value was probably meant to go on. */
  readonly before: MasterOption | undefined;
  /** True when the daemon stops with a fatal error, so that no mail passes this service. */
  readonly fatal: boolean;
}

const QUOTED = /^(["']).*\1$|^["']/s;

/**
 * What is wrong behind the eight columns of a service.
 * @param template words that a template fills in may bring options of their own, so nothing behind them is certain.
 */
export function argumentFaults(service: Service, template: boolean): ArgumentFault[] {
  const { entry } = service;
  const faults: ArgumentFault[] = [];
  for (const option of entry.options) {
    const fault = optionFault(option);
    if (fault) faults.push(fault);
  }
  for (const word of entry.arguments) {
    const kind = braceFault(word);
    if (kind)
      faults.push({
        kind,
        range: word.range,
        text: word.text,
        option: undefined,
        before: undefined,
        fatal: true,
      });
  }
  if (template && entry.arguments.some((word) => hasPlaceholder(word.text))) return faults;
  const letter = letterFault(service);
  if (letter) return [...faults, letter];
  const late = lateOption(service);
  const operand = operandFault(service);
  // An option behind an attribute is no attribute either; it is said once, and in its own words.
  if (late && (!late.fatal || !operand || operand.range.start >= late.range.start)) faults.push(late);
  else if (operand) faults.push(operand);
  return faults;
}

/** What getopt(3) of the daemons' skeletons knows. */
const LETTERS = "cdDilmnorsStuvVz";

/** The first option letter that a daemon of Postfix does not know: it stops with "invalid option". */
function letterFault({ program, entry }: Service): ArgumentFault | undefined {
  if (programFacts(program)?.arguments === undefined) return undefined;
  const unknown = entry.letters.find(({ letter }) => !LETTERS.includes(letter));
  if (!unknown) return undefined;
  const { letter, range } = unknown;
  return { kind: "unknown-letter", range, text: letter, option: undefined, before: undefined, fatal: true };
}

/**
 * The first `-o` behind a word that is no option. getopt(3) has stopped by then: to pipe(8), spawn(8) and smtp(8)
 * it is an attribute that they do not know, behind `argv=` an argument of the command.
 */
function lateOption({ program, entry }: Service): ArgumentFault | undefined {
  if (!isAttributeProgram(program)) return undefined;
  const { operands } = entry;
  const command = operands.findIndex(({ text }) => /^argv=/i.test(text));
  const first = operands.findIndex((word, index) => {
    if (index === 0 || !/^-v*o/.test(word.text)) return false;
    if (command < 0 || index < command) return true;
    // A command may have an -o of its own: only a parameter of Postfix shows that this one is none.
    const pair = word.text === "-o" ? operands[index + 1]?.text : word.text.slice(2);
    const name = /^\{?\s*([a-z0-9_]+)\s*=/.exec(pair ?? "")?.[1];
    return name !== undefined && parameterFacts(name) !== undefined;
  });
  const word = operands[first];
  if (!word) return undefined;
  const next = word.text === "-o" ? (operands[first + 1] ?? word) : word;
  return {
    kind: "late-option",
    range: { start: word.range.start, end: next.range.end },
    text: word.text === "-o" ? `-o ${next === word ? "" : next.text}`.trim() : word.text,
    option: undefined,
    before: undefined,
    fatal: command < 0 || first < command,
  };
}

/** Programs that read attributes behind their options. */
function isAttributeProgram(program: string): boolean {
  return program === "pipe" || program === "spawn" || program === "smtp" || program === "lmtp";
}

function optionFault(option: MasterOption): ArgumentFault | undefined {
  const base = { option, before: undefined, range: option.range };
  if (hasPlaceholder(option.name) || hasPlaceholder(option.value)) return undefined;
  if (option.name === "" && !option.valid)
    return { ...base, kind: "missing-option", text: "-o", fatal: true };
  if (/^["']/.test(option.name)) return { ...base, kind: "quoted", text: option.name, fatal: !option.valid };
  if (!option.valid) return { ...base, kind: "no-equals", text: option.name, fatal: true };
  if (QUOTED.test(option.value))
    return { ...base, kind: "quoted", text: option.value, range: option.valueRange, fatal: false };
  return undefined;
}

function braceFault(word: Word): ArgumentFault["kind"] | undefined {
  if (word.unclosed) return "unclosed-brace";
  if (!/^(?:-\w*o)?\{/.test(word.text) || hasPlaceholder(word.text)) return undefined;
  return word.text.endsWith("}") ? undefined : "text-after-brace";
}

/** The first word that the program does not take; the daemon names only that one, too. */
function operandFault(service: Service): ArgumentFault | undefined {
  const { operands, options } = service.entry;
  const first = operands.findIndex((word) => !isTaken(service.program, word.text));
  const word = operands[first];
  if (!word || hasPlaceholder(word.text)) return undefined;
  // "-o name = value": what is wrong with it is said at the option.
  const before = options[options.length - 1];
  if (word.text.startsWith("=") && before && !before.valid && first === 0) return undefined;
  // The words behind it on its line belong to the same slip; later lines are only lost with it.
  const line = service.entry.pieces.find(
    (piece) => piece.start <= word.range.start && word.range.start < piece.end,
  );
  const last = operands.findLast((other) => other.range.end <= (line?.end ?? word.range.end)) ?? word;
  const comment = word.text.startsWith("#");
  // A hyphen that a text program made longer.
  const dash = /^[\u2010-\u2015\u2212]\w/.test(word.text);
  return {
    kind: comment ? "comment" : dash ? "dash" : "stray-word",
    range: { start: word.range.start, end: last.range.end },
    text: word.text,
    option: undefined,
    before,
    fatal: true,
  };
}

/** Whether a program takes a word behind its options. Programs that are not Postfix's own take anything. */
function isTaken(program: string, word: string): boolean {
  const accepted = programFacts(program)?.arguments;
  if (!accepted) return true;
  if (program === "smtp" || program === "lmtp") return /^\{?\s*flags=/i.test(word);
  return accepted.length > 0;
}
