import type { Range } from "../../syntax/text.js";
import type { Severity } from "../finding.js";
import type { Rule, RuleContext } from "../rule.js";
import { indentation } from "./edits.js";

export const strayContinuation: Rule = {
  code: "stray-continuation",
  severity: "warning",
  summary: "The first entry of a file is indented, and Postfix drops it.",
  why: `A line that begins with a blank continues the one above. Where there is none above, the whole entry with its further lines is thrown away, in main.cf and in master.cf:

    postconf: warning: /etc/postfix/master.cf: logical line must not start with whitespace: "  smtp inet n - n - - smtpd"

Lost from main.cf a setting keeps its default. Lost from master.cf the service does not exist: nothing listens on its port, or mail for its transport is deferred.`,
  remedy: "Remove the blanks in front of it.",
  wrong: [
    {
      title: "main.cf",
      text: `-- main.cf --
# our mail server
  myhostname = mail.example.org
# ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning
mydestination = example.org`,
    },
    {
      title: "master.cf",
      text: `-- master.cf --
  smtp inet n - n - - smtpd
# ^^^^^^^^^^^^^^^^^^^^^^^^^ error
pickup unix n - n 60 1 pickup`,
    },
  ],
  right: [
    {
      title: "an indented comment before the first entry",
      text: `-- main.cf --
  # our mail server
myhostname = mail.example.org`,
    },
  ],
  check(context) {
    const { main, master, source } = context.system;
    for (const entry of main?.entries ?? [])
      if (entry.stray && source.main) report(context, source.main.path, entry.pieces, "warning", entry.name);
    for (const entry of master?.entries ?? []) {
      const name = entry.columns.service?.text ?? "";
      if (entry.stray && source.master) report(context, source.master.path, entry.pieces, "error", name);
    }
  },
};

function report(
  context: RuleContext,
  file: string,
  pieces: readonly Range[],
  severity: Severity,
  name: string,
): void {
  const text = context.text(file);
  const first = pieces[0];
  if (!first) return;
  const blanks = indentation(text, first);
  const lost = severity === "error" ? `the service "${name}" does not exist` : `${name} keeps its default`;
  context.report({
    at: {
      file,
      range: { start: blanks.end, end: first.start + text.slice(first.start, first.end).trimEnd().length },
    },
    severity,
    message: `A line that begins with a blank continues the entry above, and there is none: Postfix drops ${pieces.length > 1 ? `this entry with its ${pieces.length} lines` : "this line"} and warns "logical line must not start with whitespace", so ${lost}.`,
    fixes: () => [
      { title: "Remove the indentation", edits: [{ file, range: blanks, newText: "" }], preferred: true },
    ],
  });
}
