/** What postconf writes to standard error, and what of ours says the same. */
import type { Reading, Result } from "./comparison.js";

export interface FatalComplaint {
  readonly kind: string;
  readonly file: "main.cf" | "master.cf" | undefined;
  readonly line: number | undefined;
  readonly text: string;
  /** The codes that say the same. */
  readonly rule: readonly string[];
}

/** The line with which postconf ended; undefined when it is of no known kind. */
export function fatalComplaint(stderr: string): FatalComplaint | undefined {
  // A name within itself in a comparison is nested without an end.
  const text = stderr.split("\n").find((line) => /^postconf: fatal: |^Segmentation fault/.test(line));
  if (text === undefined) return undefined;
  const main = /main\.cf, line (\d+): (missing '='|missing attribute name)/.exec(text);
  if (main)
    return {
      kind: main[2] ?? "",
      file: "main.cf",
      line: Number(main[1]),
      text,
      // Where a NUL cuts the line, that is what is said.
      rule: [main[2] === "missing '='" ? "main-missing-equals" : "main-missing-name", "main-nul"],
    };
  const count = /master\.cf: line (\d+): bad field count/.exec(text);
  if (count)
    return {
      kind: "bad field count",
      file: "master.cf",
      line: Number(count[1]),
      text,
      // Braces in the columns keep words together for postconf, not for master: to it, it is another fault.
      rule: ["field-count", "bad-field"],
    };
  const field = /fatal: invalid (\w+) field "/.exec(text);
  if (field)
    return {
      kind: `invalid ${field[1]} field`,
      file: "master.cf",
      line: undefined,
      text,
      rule: ["bad-field"],
    };
  if (/macro processing error|bad conversion|Segmentation/.test(text))
    return {
      kind: "macro processing error",
      file: undefined,
      line: undefined,
      text,
      rule: ["main-macro-syntax", "main-macro-recursion", "master-o-macro-syntax", "main-compat-bad"],
    };
  if (/config variable inet_interfaces: host not found/.test(text)) return { ...OF_THE_MACHINE, text };
  if (/unknown inet_protocols value/.test(text))
    return { kind: "value of inet_protocols", file: "main.cf", line: undefined, text, rule: [] };
  return undefined;
}

/** A host name that cannot be looked up here. */
const OF_THE_MACHINE = { kind: "machine", file: undefined, line: undefined, rule: [] };

const MACRO =
  /^(?:truncated macro reference|empty macro name|unbalanced \{\}|attribute name syntax error|bad operator suffix|unexpected input|unreasonable macro|"==" or|"\{expression\}"|"\?" or|":" expected|malformed compat)/;

/** Compares the warnings of a run that went through. */
export function compareComplaints(result: Result, reading: Reading, stderr: string): void {
  const theirs = new Map<string, Set<string>>();
  const add = (table: Map<string, Set<string>>, kind: string, text: string) => {
    const known = table.get(kind);
    if (known) known.add(text);
    else table.set(kind, new Set([text]));
  };
  for (const line of messages(stderr)) {
    const match =
      /^\/etc\/postfix\/(main|master)\.cf: (unused parameter|undefined parameter|read-only parameter assignment): (.*)$/s.exec(
        line,
      );
    if (match) add(theirs, match[2] ?? "", `${match[1]} ${match[3]}`);
    else if (/main\.cf, line \d+: overriding earlier entry/.test(line)) {
      if (!line.includes("entry: config_directory="))
        add(theirs, "overriding earlier entry", line.replace(/^.*entry: /, ""));
    } else if (/logical line must not start with whitespace/.test(line))
      add(
        theirs,
        "leading whitespace",
        `${line.includes("/master.cf:") ? "master" : "main"} ${line.replace(/^[^"]*/, "")}`,
      );
    else if (MACRO.test(line)) add(theirs, "macro syntax", line);
    else if (/^master\.cf: (?:missing '\}' in|syntax error after '\}' in)/.test(line))
      add(theirs, "braces", line);
    else if (/^master\.cf: missing /.test(line)) add(theirs, "option in braces", line);
    // Files of the machine, and what is said about braces of values: not about what stands in these files' syntax.
    else if (!/^open "|configuration ".*": |: missing '\}' in|: syntax error after '\}' in/.test(line))
      result.note("unknown complaint", false, () => line);
  }
  const ours = ownComplaints(reading, stderr, (table, kind, text) => add(table, kind, printable(text)));
  for (const kind of new Set([...theirs.keys(), ...ours.keys()])) {
    const left = new Set(ours.get(kind));
    for (const text of theirs.get(kind) ?? []) {
      const found = left.delete(text);
      result.note(
        kind,
        found,
        () => `postconf says ${JSON.stringify(text)}; ours: ${JSON.stringify([...(ours.get(kind) ?? [])])}`,
      );
    }
    for (const text of left) result.note(kind, false, () => `only we say ${JSON.stringify(text)}`);
  }
}

/** Messages show what is no printable ASCII as question marks. */
export function printable(text: string): string {
  return text.replace(/[^ -~]/g, "?");
}

function messages(stderr: string): string[] {
  return stderr
    .split(/^postconf: warning: /m)
    .map((line) => line.replace(/\n$/, ""))
    .filter((line) => line !== "");
}

function ownComplaints(
  { system, view, byChance }: Reading,
  reported: string,
  add: (table: Map<string, Set<string>>, kind: string, text: string) => void,
): Map<string, Set<string>> {
  const ours = new Map<string, Set<string>>();
  const names = view.names();
  const scope = (service: unknown) => (service ? "master" : "main");
  for (const { name, value, service } of names.unused)
    if (!byChance.has(name) || reported.includes(`unused parameter: ${name}=`))
      add(ours, "unused parameter", `${scope(service)} ${name}=${value}`);
  for (const { name, service } of names.undefined)
    add(ours, "undefined parameter", `${scope(service)} ${name}`);
  for (const { name, value, service } of names.readOnly)
    add(ours, "read-only parameter assignment", `${scope(service)} ${name}=${value}`);
  for (const log of view.scanFaults()) add(ours, "macro syntax", log);
  const last = new Map<string, string>();
  for (const { name, value, valid } of system.main?.entries ?? []) {
    if (!valid || name === "config_directory") continue;
    const before = last.get(name);
    if (before !== undefined && before !== value) add(ours, "overriding earlier entry", `${name}=${before}`);
    last.set(name, value);
  }
  for (const [tree, file] of [
    [system.main, "main"],
    [system.master, "master"],
  ] as const)
    for (const entry of tree?.entries ?? []) {
      if (!/^[ \t-\r]/.test(tree?.text.slice(entry.range.start) ?? "")) continue;
      const text = entry.pieces.map(({ start, end }) => tree?.text.slice(start, end)).join("");
      add(ours, "leading whitespace", `${file} "${text.slice(0, 30)}${text.length > 30 ? "..." : ""}"`);
    }
  for (const warning of view.entries.flatMap(({ warnings }) => warnings))
    add(ours, /missing (?:'='|attr)/.test(warning) ? "option in braces" : "braces", warning);
  return ours;
}
