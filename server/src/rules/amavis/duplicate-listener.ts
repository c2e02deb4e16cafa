import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const duplicateListener: Rule = {
  code: "duplicate-listener",
  severity: "information",
  summary: "The same socket is named twice.",
  why: "amavisd opens it once. The second entry does nothing, and who changes it changes nothing.",
  remedy: "Delete one of the two.",
  unfixable: "Which of the two entries was to be another port, nobody can tell.",
  wrong: [
    {
      title: "a port in a list twice",
      text: `-- amavisd.conf --
$inet_socket_port = [10024, 10024];
#                           ^^^^^ information`,
    },
  ],
  right: [
    {
      title: "two ports",
      text: `-- amavisd.conf --
$inet_socket_port = [10024, 10026];`,
    },
  ],
  check(context) {
    reportProblems(context, "duplicate-listener");
  },
};
