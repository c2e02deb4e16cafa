import type { Rule } from "../rule.js";
import { deleteLines } from "./edits.js";
import { repetitions } from "./repetitions.js";

export const mainDuplicateSame: Rule = {
  code: "main-duplicate-same",
  severity: "hint",
  summary: "A parameter of main.cf is set twice, to the same value.",
  why: "Nothing goes wrong, and Postfix says nothing. But whoever changes the first of the two lines will see no effect, because the last one counts.",
  remedy: "Delete one of them.",
  wrong: [
    {
      title: "the same line twice",
      text: `-- main.cf --
smtpd_helo_required = yes
biff = no
smtpd_helo_required = yes
#^^^^^^^^^^^^^^^^^^ hint`,
    },
  ],
  right: [
    {
      title: "once",
      text: `-- main.cf --
smtpd_helo_required = yes`,
    },
  ],
  check(context) {
    for (const { file, earlier, later } of repetitions(context)) {
      if (earlier.value !== later.value) continue;
      const line = context.lines(file).lineAt(earlier.nameRange.start) + 1;
      context.report({
        at: { file, range: later.nameRange },
        message: `${later.name} has this value from line ${line} already.`,
        related: [{ file, range: earlier.nameRange, message: "the same value" }],
        fixes: () => [
          { title: "Delete the repetition", edits: deleteLines(context, file, later), preferred: true },
        ],
      });
    }
  },
};
