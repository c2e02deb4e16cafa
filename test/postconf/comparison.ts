/** Our reading of a configuration beside postconf's: every difference, and how many things agree. */
import { analyse } from "../../server/src/analysis.js";
import { isLegacyParameter } from "../../server/src/knowledge/parameters.js";
import type { Finding } from "../../server/src/rules/finding.js";
import { RULES } from "../../server/src/rules/registry.js";
import { columnFaults } from "../../server/src/semantics/postfix/columns.js";
import { READ_ONLY } from "../../server/src/semantics/postfix/parameters.js";
import {
  commandText,
  entryLine,
  normalised,
  type PostconfEntry,
} from "../../server/src/semantics/postfix/postconf.js";
import { type ParameterView, PostconfView } from "../../server/src/semantics/postfix/postconfViews.js";
import type { MasterEntry } from "../../server/src/syntax/postfix/master.js";
import { hasPlaceholder } from "../../server/src/syntax/postfix/words.js";
import { LineIndex, type Range } from "../../server/src/syntax/text.js";
import type { MailSystem } from "../../server/src/system/system.js";
import { archiveSource } from "../helpers/archive.js";
import { compareComplaints, fatalComplaint, printable } from "./complaints.js";
import type { Answers, Call, Configuration } from "./realPostconf.js";

/** Codes that have a rule; a complaint whose rule is not there is compared by the model alone. */
const KNOWN_CODES: ReadonlySet<string> = new Set(RULES.map(({ code }) => code));

export interface Reading {
  readonly system: MailSystem;
  readonly view: PostconfView;
  readonly findings: readonly Finding[];
  /** Names that postconf takes for used or unused by the order of its hash table. */
  readonly byChance: ReadonlySet<string>;
  /** Line (from 1) of an offset in one of the files. */
  readonly line: (file: string, offset: number) => number;
}

export interface Tally {
  agreed: number;
  total: number;
  /** Values that only the machine knows. */
  excepted: number;
}

/** What one comparison found, by view ("-n") and kind of complaint ("unused parameter"). */
export class Result {
  readonly tallies = new Map<string, Tally>();
  readonly differences: string[] = [];

  tally(kind: string): Tally {
    const tally = this.tallies.get(kind) ?? { agreed: 0, total: 0, excepted: 0 };
    this.tallies.set(kind, tally);
    return tally;
  }

  note(kind: string, agrees: boolean, difference: () => string): void {
    const tally = this.tally(kind);
    tally.total++;
    if (agrees) tally.agreed++;
    else this.differences.push(`${kind}: ${difference()}`);
  }
}

export function read({ main, master }: Configuration): Reading {
  const source = {
    ...archiveSource(
      new Map([
        ["main.cf", main],
        ["master.cf", master],
      ]),
    ),
    postfixVersion: "3.7.11",
  };
  const { system, findings } = analyse(source);
  const view = new PostconfView({
    main: system.parameters,
    master: system.master,
    masterFile: "/mail/master.cf",
    services: system.services,
    version: "3.7.11",
    missingMain: undefined,
  });
  const indexes = new Map(
    [main, master].map((text, at) => [at ? "/mail/master.cf" : "/mail/main.cf", new LineIndex(text)]),
  );
  const byChance = namesByChance(system, view);
  return {
    system,
    view,
    findings,
    byChance,
    line: (file, offset) => (indexes.get(file)?.lineAt(offset) ?? -1) + 1,
  };
}

/**
 * With `process_name = ldap:t` and a value that mentions $process_name, t_domain is used or not: by chance postconf
 * expands that value before or after it has put its own name there, and two of its calls may disagree.
 */
function namesByChance({ main }: MailSystem, view: PostconfView): Set<string> {
  const assigned = (main?.entries ?? []).filter(({ name }) => READ_ONLY.has(name));
  if (assigned.length === 0) return new Set();
  const tables = assigned.flatMap(({ value }) =>
    [...value.matchAll(/\w+:(\w+)/g)].map(([, table]) => `${table}_`),
  );
  return new Set(
    view.names().unused.flatMap(({ name }) => (tables.some((table) => name.startsWith(table)) ? [name] : [])),
  );
}

/** Compares everything that postconf was asked. */
export function compare(configuration: Configuration, answers: Answers): Result {
  const result = new Result();
  const reading = read(configuration);
  const first = answers.get("-n");
  if (!first) return result;
  const fatal = fatalComplaint(first.stderr);
  const ours = ownFatal(reading);
  if (first.status !== 0) {
    compareFatal(result, reading, first.stderr, fatal);
    return result;
  }
  result.note("refused", ours.length === 0, () => `postconf takes it, we do not: ${ours[0]}`);
  if (ours.length > 0) return result;
  compareComplaints(result, reading, first.stderr);
  for (const [call, answer] of answers) if (call in VIEWS) compareView(result, reading, call, answer);
  return result;
}

/** What we say postconf dies of: broken lines and columns; macros are compared where they are expanded. */
function ownFatal({ system, view }: Reading): string[] {
  const main = system.main?.problems.filter(({ kind }) => kind !== "stray-continuation") ?? [];
  const columns = (system.master?.entries ?? []).flatMap((entry) =>
    bracedColumns(entry)
      ? []
      : columnFaults(entry).filter(
          ({ kind, word }) => kind !== "inet-private" && !onlyMaster(word?.text ?? ""),
        ),
  );
  return [...main.map(({ kind }) => kind), ...columns.map(({ log }) => log), ...view.faults()];
}

/** master(8) reads no braces in the columns, postconf does. */
function bracedColumns({ words }: MasterEntry): boolean {
  return words.slice(0, 8).some(({ text }) => text.includes("{"));
}

/** master(8) refuses these wakeup times, postconf does not. */
function onlyMaster(text: string): boolean {
  return text === "?" || text === "-?";
}

function compareFatal(
  result: Result,
  reading: Reading,
  stderr: string,
  fatal: ReturnType<typeof fatalComplaint>,
): void {
  if (!fatal) {
    result.note(
      "fatal",
      false,
      () => `postconf ends with a message of a new kind: ${stderr.trim().split("\n").at(-1)}`,
    );
    return;
  }
  const { kind, file, line, text } = fatal;
  // A template is not what the program will read.
  if (kind === "machine" || hasPlaceholder(text)) {
    result.tally(`fatal: ${kind}`).excepted++;
    return;
  }
  const errors = reading.findings.filter(({ severity }) => severity === "error");
  const place = line === undefined ? undefined : entryRange(reading, `/mail/${file}`, line);
  const at = errors.filter(({ file: of, range }) => {
    if (file !== undefined && of !== `/mail/${file}`) return false;
    return (
      line === undefined || (place !== undefined && place.start <= range.start && range.end <= place.end)
    );
  });
  const model = modelFatal(reading, kind, text);
  result.note(`fatal: ${kind}`, model, () => `not in the model: ${stderr.trim().split("\n").at(-1)}`);
  const said = at.some(({ code }) => fatal.rule.includes(code));
  if (
    kind === "macro processing error" &&
    !said &&
    (isUncertain(reading) || / dictionary \S+\//.test(text))
  ) {
    // A list of classes by itself: only postconf expands it so.
    result.tally(`finding: ${kind}`).excepted++;
    return;
  }
  if (fatal.rule.some((code) => KNOWN_CODES.has(code)))
    result.note(
      `finding: ${kind}`,
      said,
      () =>
        `no finding ${fatal.rule.join(" or ")} at ${file} line ${line}: ${stderr.trim().split("\n").at(-1)}; errors: ${errors.map(({ code }) => code).join(" ")}`,
    );
}

/**
 * Whether a value may be one that a template fills in, such as ${env["X"]}, or goes by way of one that is kept as it
 * is: then the model knows the fault, and no rule speaks.
 */
function isUncertain({ system }: Reading): boolean {
  const values = (system.main?.entries ?? []).map(({ value }) => value);
  const options = system.services.flatMap(({ options }) => options.map(({ value }) => value));
  return [...values, ...options].some(
    (value) =>
      value.includes("$") && (hasPlaceholder(value) || TEMPLATE_ENV.test(value) || OF_RAW.test(value)),
  );
}

/** By way of a value that is kept as it is for every program but this one. */
const OF_RAW = /\$[({]?\s*(?:forward_path|default_rbl_reply)/;
const TEMPLATE_ENV = /\$\{env\[/;

/** The entry of either file that begins in a line; the messages name the first line of the entry. */
function entryRange({ system, line }: Reading, of: string, wanted: number): Range | undefined {
  const entries = [
    ...(system.main?.entries ?? []).map(({ range }) => ["/mail/main.cf", range] as const),
    ...(system.master?.entries ?? []).map(({ range }) => ["/mail/master.cf", range] as const),
  ];
  return entries.find(([file, range]) => file === of && line(file, range.start) === wanted)?.[1];
}

function modelFatal({ system, view }: Reading, kind: string, text: string): boolean {
  switch (kind) {
    case "missing '='":
      return system.main?.problems.some((problem) => problem.kind === "missing-equals") === true;
    case "missing attribute name":
      return system.main?.problems.some((problem) => problem.kind === "missing-name") === true;
    case "macro processing error":
      return view.faults().length > 0;
    case "bad field count":
      return (system.master?.entries ?? []).some((entry) => columnFaults(entry).length > 0);
    case "value of inet_protocols":
      return system.environment.value("inet_protocols").text !== "all";
    default: {
      // Where braces stand in the columns, master sees another fault than postconf does.
      return (system.master?.entries ?? []).some((entry) =>
        columnFaults(entry).some(({ log }) => bracedColumns(entry) || text.includes(printable(log))),
      );
    }
  }
}

type Lines = { lines: string[]; unknown: Set<string>; fault: boolean };

function parameterLines(views: readonly ParameterView[], prefix: string, expanded: boolean): Lines {
  const lines: string[] = [];
  const unknown = new Set<string>();
  let fault = false;
  for (const view of views) {
    const value = expanded ? view.expanded : view.value;
    fault ||= expanded && view.fault !== undefined;
    if (value === undefined) unknown.add(prefix + view.name);
    else lines.push(normalised(`${prefix}${view.name} = ${value}`));
  }
  return { lines, unknown, fault };
}

function optionLines({ view }: Reading, expanded: boolean): Lines {
  const all = [...view.namespaces()].map(([name, views]) => parameterLines(views, `${name}/`, expanded));
  return {
    lines: all.flatMap(({ lines }) => lines),
    unknown: new Set(all.flatMap(({ unknown }) => [...unknown])),
    fault: all.some(({ fault }) => fault),
  };
}

function entryLines({ view }: Reading, expanded: boolean): Lines {
  const lines: string[] = [];
  const unknown = new Set<string>();
  let fault = false;
  for (const entry of view.entries) {
    const environment = view.environmentOf(entry);
    let open = false;
    const line = entryLine(entry, (text) => {
      if (!expanded) return text;
      const value = environment.expand(text);
      open ||= value.unknown !== undefined;
      fault ||= value.fault !== undefined;
      return value.text;
    });
    if (open) unknown.add(line.split(/ +/).slice(0, 2).join(" "));
    else lines.push(line);
  }
  return { lines, unknown, fault };
}

const FIELDS = ["service", "type", "private", "unprivileged", "chroot", "wakeup", "process_limit", "command"];

function fieldLines({ view }: Reading): Lines {
  const lines = view.entries.flatMap((entry: PostconfEntry) =>
    FIELDS.map((field, index) => {
      const value = index === 7 ? commandText(entry) : (entry.fields[index] ?? "");
      return `${entry.fields[0]}/${entry.fields[1]}/${field} = ${value}`;
    }),
  );
  return { lines, unknown: new Set(), fault: false };
}

const VIEWS: Readonly<Record<Call, (reading: Reading) => Lines>> = {
  "-n": ({ view }) => parameterLines(view.set(), "", false),
  "-xn": ({ view }) => parameterLines(view.set(), "", true),
  "-d": (reading) =>
    parameterLines(
      read({ name: "", main: "", master: reading.system.source.master?.text ?? "" }).view.defaults(),
      "",
      false,
    ),
  "-x": ({ view }) => parameterLines([...view.set(), ...view.defaults()], "", true),
  "-M": (reading) => entryLines(reading, false),
  "-Mx": (reading) => entryLines(reading, true),
  "-F": fieldLines,
  "-P": (reading) => optionLines(reading, false),
  "-Px": (reading) => optionLines(reading, true),
};

/** Long fields are folded even where nobody asks for it. */
function theirLines(call: Call, stdout: string): string[] {
  const text = call === "-F" ? stdout.replace(/ = \n {4}/g, " = ") : stdout;
  return text.split("\n").slice(0, -1);
}

function compareView(
  result: Result,
  reading: Reading,
  call: Call,
  answer: { stdout: string; status: number; stderr: string },
): void {
  const { lines, unknown, fault } = VIEWS[call](reading);
  if (fault || answer.status !== 0) {
    result.note(call, fault && answer.status !== 0, () =>
      fault
        ? "we find a macro fault, postconf none"
        : `postconf ends: ${answer.stderr.trim().split("\n").at(-1)}`,
    );
    return;
  }
  const key = (line: string) =>
    (call.startsWith("-M") ? line.split(/ +/).slice(0, 2).join(" ") : line.split(" =")[0]) ?? "";
  // The folder that it was called with is a parameter to postconf.
  const theirs = theirLines(call, answer.stdout).filter((line) => !line.startsWith("config_directory ="));
  const mine = lines.filter((line) => !line.startsWith("config_directory ="));
  const left = new Map<string, number>();
  for (const line of mine) left.set(line, (left.get(line) ?? 0) + 1);
  for (const line of new Set(theirs)) {
    // Names of old that the configuration mentions get an empty default.
    if (call === "-x" && / =$/.test(line) && isLegacyParameter(key(line), "3.7.11")) continue;
    if (unknown.has(key(line)) || reading.byChance.has(key(line))) {
      result.tally(call).excepted++;
      continue;
    }
    const found = left.has(line);
    left.delete(line);
    result.note(
      call,
      found,
      () =>
        `postconf: ${JSON.stringify(line)}, ours: ${JSON.stringify(mine.filter((own) => key(own) === key(line)))}`,
    );
  }
  for (const line of left.keys())
    if (!theirs.some((their) => key(their) === key(line)))
      result.note(call, false, () => `only ours: ${JSON.stringify(line)}`);
}
