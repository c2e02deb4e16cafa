import type { Rule } from "../rule.js";
import { reportFaults } from "./found-faults.js";

export const mainBadFeedback: Rule = {
  code: "main-bad-feedback",
  severity: "warning",
  summary: `The feedback for destination concurrency is no number from 0 to 1.`,
  why: `qmgr takes a number from 0 to 1, or such a number divided by another one or by the word concurrency. It ignores anything else:

    postfix/qmgr[124]: warning: default_destination_concurrency_negative_feedback: ignoring malformed or unreasonable feedback: 5`,
  remedy: `Write 1, 0.5, 1/2 or 1/concurrency, for example.`,
  wrong: [
    {
      title: `above 1`,
      text: `-- main.cf --
default_destination_concurrency_negative_feedback = 5
#                                                   ^ warning
-- master.cf --
qmgr unix n - n 300 1 qmgr`,
    },
  ],
  right: [
    {
      title: `the forms that there are`,
      text: `-- main.cf --
default_destination_concurrency_negative_feedback = 1/20
default_destination_concurrency_positive_feedback = 0.1 / Concurrency
-- master.cf --
qmgr unix n - n 300 1 qmgr`,
    },
  ],
  check(context) {
    reportFaults(context, ["feedback"]);
  },
};
