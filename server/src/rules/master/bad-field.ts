import { type ColumnFault, columnFaults, SERVICE_TYPES } from "../../semantics/postfix/columns.js";
import type { MasterEntry } from "../../syntax/postfix/master.js";
import type { Word } from "../../syntax/postfix/words.js";
import type { Fix } from "../finding.js";
import { alsoCutLoop } from "../flow/cutFilter.js";
import { nearest } from "../nearest.js";
import type { Rule, RuleContext } from "../rule.js";

export const badField: Rule = {
  code: "bad-field",
  severity: "error",
  summary: "A column of master.cf has a value that Postfix does not take.",
  why: `postconf(1) or master(8) stops at the word, and with it every Postfix command:

    postconf: fatal: invalid wakeup field "x" in "127.0.0.1:10025 inet n - n x - smtpd"

Postfix does not start. \`postfix reload\` is refused and the old configuration goes on, but \`postfix stop\` and \`postfix status\` fail too until the line is mended.`,
  remedy:
    "Write what the column takes: a type (inet, unix, fifo, pass, unix-dgram), y, n or - for private, unprivileged and chroot, a number or - for wakeup and maxproc. A wakeup number may end in `?`.",
  wrong: [
    {
      title: "a word in the wakeup column",
      text: `-- master.cf --
127.0.0.1:10025 inet n - n x - smtpd
#                          ^ error`,
    },
    {
      title: "a question mark without a number: postconf accepts it, master does not",
      text: `-- master.cf --
flush unix n - n -? 0 flush
#                ^^ error`,
    },
    {
      title: "yes and no have one letter here",
      text: `-- master.cf --
127.0.0.1:10025 inet no - n - - smtpd
#                    ^^ error`,
    },
    {
      title: "a word in the maxproc column",
      text: `-- master.cf --
127.0.0.1:10025 inet n - n - many smtpd
#                            ^^^^ error`,
    },
    {
      title: "braces belong behind the command",
      text: `-- master.cf --
127.0.0.1:10025 inet n - n - - { smtpd }
#                              ^ error`,
    },
    {
      title: "tcp is no service type",
      text: `-- master.cf --
127.0.0.1:10025 tcp n - n - - smtpd
#               ^^^ error`,
    },
  ],
  right: [
    {
      title: "numbers, dashes and a question mark where they belong",
      text: `-- master.cf --
flush unix n - n 1000? 0 flush`,
    },
  ],
  check(context) {
    const { master, source } = context.system;
    if (!master || !source.master) return;
    const file = source.master.path;
    for (const entry of master.entries)
      for (const fault of columnFaults(entry)) {
        const { word, column } = fault;
        if (fault.kind !== "bad-field" || !word || !column) continue;
        context.report({
          at: { file, range: word.range },
          message: describe(fault, column, word.text),
          fixes: () => mend(context, file, entry, fault),
        });
      }
  },
};

function describe({ by, expected, log }: ColumnFault, column: string, text: string): string {
  if (text.startsWith("{"))
    return by === "exec"
      ? `Braces group nothing in the command column: master starts, and fails with "${log}" when the service is first needed.`
      : `Braces group nothing in the ${column} column: postconf accepts them, but master reads "${text}" as the whole word and does not start.`;
  const what = `The ${column} column takes ${expected}, not "${text}"`;
  return by === "master"
    ? `${what}: postconf and \`postfix check\` accept it, but master stops with "${log}" at its start, and at a reload while it runs.`
    : `${what}: every Postfix command stops with "${log}", and nothing starts.`;
}

function mend(context: RuleContext, file: string, entry: MasterEntry, { word, column }: ColumnFault): Fix[] {
  if (!word || !column) return [];
  if (word.text.startsWith("{")) return withoutBraces(file, entry, word);
  const also = alsoCutLoop(context, file, entry.range.start);
  const to = (newText: string): Fix => ({
    title: `Write ${newText} in the ${column} column${also.title}`,
    edits: [{ file, range: word.range, newText }, ...also.edits],
    preferred: true,
  });
  if (column === "type") {
    const known =
      word.text.toLowerCase() === "tcp" ? "inet" : nearest(word.text.toLowerCase(), SERVICE_TYPES);
    return known ? [to(known)] : [];
  }
  if (column === "wakeup" || column === "maxproc") {
    const number = /\d+/.exec(word.text)?.[0];
    return [to(number ?? "-")];
  }
  if (/^(?:yes|true|on|1|Y)$/i.test(word.text)) return [to("y")];
  if (/^(?:no|false|off|0|N)$/i.test(word.text)) return [to("n")];
  return [to("-")];
}

/** Takes the braces off; what they held may be several words. */
function withoutBraces(file: string, entry: MasterEntry, open: Word): Fix[] {
  const close = entry.words.find((word) => word.range.start >= open.range.start && word.text.endsWith("}"));
  if (!close) return [];
  const remove = (start: number, end: number) => ({ file, range: { start, end }, newText: "" });
  const edits = [
    remove(open.range.start, open.range.start + 1),
    remove(close.range.end - 1, close.range.end),
  ];
  return [{ title: "Remove the braces", edits }];
}
