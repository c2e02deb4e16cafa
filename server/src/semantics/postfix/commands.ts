/**
 * The arguments of pipe(8) and spawn(8): attributes, then `argv=` with the command. Postfix and postconf
 * take any text; pipe(8) reads it anew at each delivery, spawn(8) at each connection, and dies of what it does
 * not know (manual pages pipe(8), spawn(8); every fault here was seen with 3.7.11).
 */
import { programFacts } from "../../knowledge/services.js";
import { hasPlaceholder, type Word } from "../../syntax/postfix/words.js";
import type { Range } from "../../syntax/text.js";
import type { Service } from "./services.js";

export interface CommandAttribute {
  /** In lower case, as the daemon compares it. */
  readonly name: string;
  readonly value: string;
  readonly range: Range;
  readonly valueRange: Range;
}

export interface Command {
  readonly attributes: readonly CommandAttribute[];
  /** Words in front of `argv=` that are no attribute of the program. */
  readonly unknown: readonly Word[];
  /** The command and its arguments; undefined without `argv=`. Braces are taken off, as master(8) does. */
  readonly argv: readonly CommandWord[] | undefined;
  /** The word that begins with `argv=`. */
  readonly argvRange: Range | undefined;
}

export interface CommandWord {
  readonly text: string;
  /** Of the text alone, without braces and without `argv=`. */
  readonly range: Range;
}

export type CommandFaultKind =
  | "missing-attribute"
  | "unknown-attribute"
  | "user"
  | "flags"
  | "size"
  | "empty-command"
  | "quotes"
  | "macro";

export interface CommandFault {
  readonly kind: CommandFaultKind;
  readonly range: Range;
  /** The stretch that is wrong. */
  readonly text: string;
  /** What the log says of it; undefined where nothing is logged. */
  readonly log: string | undefined;
  /** True when the program does no work at all with it. */
  readonly fatal: boolean;
}

/** The arguments of a pipe or spawn service; undefined for other programs. */
export function readCommand(service: Service): Command | undefined {
  if (service.program !== "pipe" && service.program !== "spawn") return undefined;
  const names = programFacts(service.program)?.arguments ?? [];
  const attributes: CommandAttribute[] = [];
  const unknown: Word[] = [];
  const { operands } = service.entry;
  for (const [index, word] of operands.entries()) {
    const { text, range } = bare(word);
    const equals = text.indexOf("=");
    const name = text.slice(0, equals).toLowerCase();
    if (equals < 0 || !names.includes(`${name}=`)) {
      unknown.push(word);
      continue;
    }
    const value = {
      text: text.slice(equals + 1),
      range: { start: range.start + equals + 1, end: range.end },
    };
    if (name === "argv")
      return {
        attributes,
        unknown,
        argv: [value, ...operands.slice(index + 1).map(bare)],
        argvRange: word.range,
      };
    attributes.push({ name, value: value.text, range: word.range, valueRange: value.range });
  }
  return { attributes, unknown, argv: undefined, argvRange: undefined };
}

/** A word without the braces that master(8) takes off. A braced word over several lines keeps its whole range. */
function bare(word: Word): CommandWord {
  if (!word.text.startsWith("{") || !word.text.endsWith("}")) return word;
  const inner = word.text.slice(1, -1);
  const text = inner.trim();
  if (word.range.end - word.range.start !== word.text.length) return { text, range: word.range };
  const start = word.range.start + 1 + (inner.length - inner.trimStart().length);
  return { text, range: { start, end: start + text.length } };
}

/** Names that pipe(8) fills in: `$name`, `${name}`, `$(name)`; envid since 3.9. */
export const PIPE_MACROS: readonly string[] = [
  "client_address",
  "client_helo",
  "client_hostname",
  "client_port",
  "client_protocol",
  "domain",
  "envid",
  "extension",
  "mailbox",
  "nexthop",
  "original_recipient",
  "queue_id",
  "recipient",
  "sasl_method",
  "sasl_sender",
  "sasl_username",
  "sender",
  "size",
  "user",
];

/** Everything wrong with the arguments of a pipe or spawn service. Words that a template fills in are left alone. */
export function commandFaults(service: Service): CommandFault[] {
  const command = readCommand(service);
  if (!command || service.uncertain) return [];
  return [
    ...missingAttributes(service, command),
    ...unknownAttributes(command),
    ...command.attributes.flatMap((attribute) => attributeFaults(service, attribute)),
    ...argvFaults(service, command),
  ].sort((a, b) => a.range.start - b.range.start);
}

function missingAttributes(service: Service, { attributes, argv }: Command): CommandFault[] {
  // A word that a template fills in may bring them.
  if (service.entry.operands.some(({ text }) => hasPlaceholder(text) && !text.includes("="))) return [];
  const missing: string[] = [];
  if (!attributes.some(({ name }) => name === "user")) missing.push("user=");
  if (!argv) missing.push("argv=");
  const at = service.entry.columns.command?.range;
  if (missing.length === 0 || !at) return [];
  const log = `fatal: missing ${missing[0]} ${service.program === "pipe" ? "command-line attribute" : "attribute"}`;
  return [{ kind: "missing-attribute", range: at, text: missing.join(" and "), log, fatal: true }];
}

/** The daemon names the first only; `-o` behind an attribute is a mistake of its own (lateOptions). */
function unknownAttributes({ unknown }: Command): CommandFault[] {
  const word = unknown[0];
  if (!word || hasPlaceholder(word.text) || word.text.startsWith("-o") || word.text.startsWith("#"))
    return [];
  const { text } = bare(word);
  const log = `fatal: unknown attribute name: ${text}`;
  return [{ kind: "unknown-attribute", range: word.range, text, log, fatal: true }];
}

function attributeFaults(
  service: Service,
  { name, value, valueRange, range }: CommandAttribute,
): CommandFault[] {
  if (hasPlaceholder(value) || /[{}<>%]/.test(value)) return [];
  const fault = (kind: CommandFaultKind, log: string, at = valueRange): CommandFault[] => [
    { kind, range: at.end > at.start ? at : range, text: value, log, fatal: true },
  ];
  if (name === "user") return userFault(service, value, fault);
  if (name === "size" && !/^\d*$/.test(value))
    return fault("size", `fatal: get_service_attr: bad size= value: ${value}`);
  if (name !== "flags") return [];
  const { flags = "" } = programFacts(service.program) ?? {};
  const at = [...value].findIndex((letter) => !flags.includes(letter));
  if (at < 0) return [];
  const letter = value[at] ?? "";
  return [
    {
      kind: "flags",
      range: { start: valueRange.start + at, end: valueRange.start + at + 1 },
      text: letter,
      log: `fatal: unknown flag: ${letter} (ignored)`,
      fatal: true,
    },
  ];
}

/** Whom the daemons refuse to work as. Whether any other user exists, only the machine knows. */
function userFault(
  service: Service,
  value: string,
  fault: (kind: "user", log: string) => CommandFault[],
): CommandFault[] {
  const pipe = service.program === "pipe";
  const [user = "", group = ""] = value.split(":");
  const owner = service.environment.value("mail_owner");
  const setgid = service.environment.value("setgid_group");
  if (user === "root")
    return fault(
      "user",
      pipe
        ? "fatal: user= command-line attribute specifies root privileges"
        : "fatal: request to deliver as root",
    );
  if (owner.unknown === undefined && user === owner.text)
    return fault(
      "user",
      pipe
        ? `fatal: user= command-line attribute specifies mail system owner ${user}`
        : "fatal: request to deliver as mail system owner",
    );
  if (group === "root")
    return fault(
      "user",
      pipe
        ? "fatal: user= command-line attribute specifies privileged group id 0"
        : "fatal: request to use privileged group id 0",
    );
  if (group !== "" && setgid.unknown === undefined && group === setgid.text)
    return fault("user", `fatal: user= command-line attribute specifies mail system ${group} group id`);
  if (user === "" || /^["']/.test(user) || /^\d+$/.test(user))
    return fault(
      "user",
      pipe ? `fatal: get_service_attr: unknown username: ${user}` : `fatal: unknown user name: ${user}`,
    );
  return [];
}

function argvFaults(service: Service, { argv }: Command): CommandFault[] {
  const [first] = argv ?? [];
  if (!argv || !first) return [];
  const faults: CommandFault[] = [];
  if (first.text === "") {
    const at = { start: first.range.start - "argv=".length, end: first.range.end };
    const log = `fatal: ${service.program === "pipe" ? "pipe_command" : "spawn_comand"}: execvp : No such file or directory`;
    faults.push({ kind: "empty-command", range: at, text: "argv=", log, fatal: true });
  }
  const quoted = argv.findIndex(({ text }, index) => /^["']/.test(text) && closes(argv, index));
  const word = argv[quoted];
  if (word)
    faults.push({
      kind: "quotes",
      range: word.range,
      text: word.text,
      log:
        quoted === 0
          ? `fatal: ${service.program === "pipe" ? "pipe_command" : "spawn_comand"}: execvp ${word.text}: No such file or directory`
          : undefined,
      fatal: quoted === 0,
    });
  if (service.program === "pipe") for (const one of argv) faults.push(...macroFaults(one));
  return faults;
}

/** Whether the quote that begins a word is closed by it or by a later one, so that it was meant as shell quoting. */
function closes(argv: readonly CommandWord[], index: number): boolean {
  const text = argv[index]?.text ?? "";
  const quote = text[0] ?? "";
  if (text.length > 1 && text.endsWith(quote)) return true;
  return !text.slice(1).includes(quote) && argv.slice(index + 1).some((word) => word.text.endsWith(quote));
}

/** `$name` that pipe(8) cannot fill in: it logs a warning, and the mail is deferred. */
function macroFaults({ text, range }: CommandWord): CommandFault[] {
  if (!text.includes("$") || hasPlaceholder(text)) return [];
  const faults: CommandFault[] = [];
  for (const match of text.matchAll(MACRO)) {
    const [all, braced, parenthesised, plain] = match;
    if (all === "$$") continue;
    const name = braced ?? parenthesised ?? plain ?? "";
    if (PIPE_MACROS.includes(name)) continue;
    const same = range.end - range.start === text.length;
    const start = range.start + match.index;
    faults.push({
      kind: "macro",
      range: same ? { start, end: start + all.length } : range,
      text: all,
      log: name === "" ? `warning: empty macro name: "${text}"` : `warning: unknown macro name: "${name}"`,
      fatal: true,
    });
  }
  return faults;
}

const MACRO = /\$\$|\$\{([^{}]*)\}|\$\(([^()]*)\)|\$([A-Za-z0-9_]*)/g;
