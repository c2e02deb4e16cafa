import { hasPlaceholder } from "../../syntax/postfix/words.js";
import type { Rule } from "../rule.js";
import { deleteLines } from "./edits.js";

export const mainMissingName: Rule = {
  code: "main-missing-name",
  severity: "error",
  summary: "A line of main.cf begins with `=`.",
  why: `Nothing can read main.cf any more: every daemon and every Postfix command stops at this line.

    postconf: fatal: /etc/postfix/main.cf, line 12: missing attribute name: "= example.org"

Postfix does not start, and a running one fails as soon as it starts its next process.`,
  remedy: "Write the parameter's name in front, or delete the line.",
  wrong: [
    {
      title: "a name that got lost",
      text: `-- main.cf --
myhostname = mail.example.org
= example.org
#^^^^^^^^^^^^ error`,
    },
  ],
  right: [
    {
      title: "a value may hold more of them",
      text: `-- main.cf --
postscreen_dnsbl_sites =
  zen.example.org=127.0.0.2`,
    },
  ],
  check(context) {
    const { main, source } = context.system;
    if (!main || !source.main) return;
    const file = source.main.path;
    for (const entry of main.entries) {
      if (entry.stray || entry.name !== "" || entry.equals === undefined || hasPlaceholder(entry.value))
        continue;
      context.report({
        at: { file, range: { start: entry.equals, end: Math.max(entry.valueRange.end, entry.equals + 1) } },
        message: `No parameter name stands before this "=": every Postfix program stops with "missing attribute name", nothing starts and no mail passes.`,
        fixes: () => [{ title: "Delete the line", edits: deleteLines(context, file, entry) }],
      });
    }
  },
};
