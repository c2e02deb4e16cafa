import { type ColumnFault, columnFaults, SERVICE_TYPES } from "../../semantics/postfix/columns.js";
import type { Fix } from "../finding.js";
import { nearest } from "../nearest.js";
import type { Rule } from "../rule.js";

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
          message: `The ${column} column takes ${fault.expected}, not "${word.text}": Postfix stops with "${fault.log}" and does not start.`,
          fixes: () => mend(file, fault),
        });
      }
  },
};

function mend(file: string, { word, column }: ColumnFault): Fix[] {
  if (!word || !column) return [];
  const to = (newText: string): Fix => ({
    title: `Write ${newText} in the ${column} column`,
    edits: [{ file, range: word.range, newText }],
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
