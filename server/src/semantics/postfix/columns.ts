/**
 * The eight columns of master.cf as postconf(1) and master(8) judge them; both stop the start or the
 * reload of the whole system (POSTFIX 1.6; scenarios n03b, n04, n05b, n05c, n06, n11, n13, n22).
 */
import { COLUMNS, type Column, type MasterEntry } from "../../syntax/postfix/master.js";
import { hasPlaceholder, type Word } from "../../syntax/postfix/words.js";

export const SERVICE_TYPES: readonly string[] = ["inet", "unix", "fifo", "pass", "unix-dgram"];

export type ColumnFaultKind = "field-count" | "bad-field" | "inet-private";

export interface ColumnFault {
  readonly kind: ColumnFaultKind;
  readonly column: Column | undefined;
  /** The offending word; undefined when columns are missing. */
  readonly word: Word | undefined;
  /** What the column takes. */
  readonly expected: string;
  /** The line that the log or the terminal will show, without the file's name. */
  readonly log: string;
  /** Which of the programs refuses it, and when: postconf (every Postfix command), master at its start, or exec at the first connection. */
  readonly by: "postconf" | "master" | "exec";
}

const yesNo = { pattern: /^[yn-]$/, expected: "y, n or -" };
const RULES: Readonly<Partial<Record<Column, { pattern: RegExp; expected: string }>>> = {
  type: { pattern: /^(?:inet|unix|fifo|pass|unix-dgram)$/, expected: SERVICE_TYPES.join(", ") },
  private: yesNo,
  unprivileged: yesNo,
  chroot: yesNo,
  // postconf lets "-?" and "?" pass, master(8) does not: it wants a digit first, or a lone "-".
  wakeup: { pattern: /^(?:\d+\??|-)$/, expected: "a number of seconds, such as 60 or 1000?, or -" },
  maxproc: { pattern: /^(?:\d+|-)$/, expected: "a number of processes, 0 for no limit, or -" },
};

/** What is wrong with the columns of one entry; several faults are reported at once. */
export function columnFaults(entry: MasterEntry): ColumnFault[] {
  if (entry.stray) return [];
  if (!entry.complete)
    return [
      {
        kind: "field-count",
        column: COLUMNS[entry.words.length],
        word: undefined,
        expected: COLUMNS.join(" "),
        log: "bad field count",
        by: "postconf",
      },
    ];
  const braces = braceFault(entry);
  if (braces) return [braces];
  const faults: ColumnFault[] = [];
  for (const column of COLUMNS) {
    const word = entry.columns[column];
    const rule = RULES[column];
    if (!word || !rule || rule.pattern.test(word.text) || hasPlaceholder(word.text)) continue;
    faults.push({
      kind: "bad-field",
      column,
      word,
      expected: rule.expected,
      ...refusal(column, word.text),
    });
  }
  const { type, private: privacy } = entry.columns;
  if (type?.text === "inet" && privacy && /^[y-]$/.test(privacy.text))
    faults.push({
      kind: "inet-private",
      column: "private",
      word: privacy,
      expected: "n",
      log: "inet service cannot be private",
      by: "master",
    });
  return faults;
}

/** postconf lets a wakeup column of "-?" or "?" pass (measured); master(8) does not. */
function refusal(column: Column, text: string): Pick<ColumnFault, "log" | "by"> {
  if (column === "wakeup" && /^-?\?$/.test(text))
    return { log: `field "wakeup_time": bad value: "${text}"`, by: "master" };
  return {
    log: `invalid ${column === "maxproc" ? "process_limit" : column} field "${text}"`,
    by: "postconf",
  };
}

/** Braces group words for postconf, but not for master(8), in the eight columns (POSTFIX 1.6). */
function braceFault(entry: MasterEntry): ColumnFault | undefined {
  for (const column of COLUMNS) {
    const word = entry.columns[column];
    if (!word?.text.startsWith("{") || hasPlaceholder(word.text)) continue;
    return {
      kind: "bad-field",
      column,
      word,
      expected: "no braces",
      log: column === "command" ? `exec .../${word.text}: No such file or directory` : "bad value",
      by: column === "command" ? "exec" : "master",
    };
  }
  return undefined;
}
