import { columnFaults } from "../../semantics/postfix/columns.js";
import type { Rule } from "../rule.js";

export const inetPrivate: Rule = {
  code: "inet-private",
  severity: "error",
  summary: "An inet service is private.",
  why: `A socket on the network cannot be private, and \`-\` in that column means y. master(8) stops:

    postfix/master[123]: fatal: /etc/postfix/master.cf: line 12: inet service cannot be private

Postfix does not start. Worse, \`postfix reload\` returns success and the running master dies.`,
  remedy: "Write `n` in the private column (the third) of every inet service.",
  wrong: [
    {
      title: "a dash means private",
      text: `-- master.cf --
127.0.0.1:10025 inet - - n - - smtpd
#                    ^ error`,
    },
  ],
  right: [
    {
      title: "not private",
      text: `-- master.cf --
127.0.0.1:10025 inet n - n - - smtpd`,
    },
  ],
  check(context) {
    const { master, source } = context.system;
    if (!master || !source.master) return;
    const file = source.master.path;
    for (const entry of master.entries)
      for (const { kind, word } of columnFaults(entry)) {
        if (kind !== "inet-private" || !word) continue;
        const means = word.text === "-" ? `"-" in the private column means y` : `the private column says y`;
        context.report({
          at: { file, range: word.range },
          message: `An inet service cannot be private, and ${means}: master stops with "inet service cannot be private", at a reload even while it runs.`,
          fixes: () => [
            {
              title: "Write n in the private column",
              edits: [{ file, range: word.range, newText: "n" }],
              preferred: true,
            },
          ],
        });
      }
  },
};
