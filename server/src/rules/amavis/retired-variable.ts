import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const retiredVariable: Rule = {
  code: "retired-variable",
  severity: "warning",
  summary: "A setting is used that amavisd no longer has.",
  why: "Eleven names remain only so that old files still load. Setting one has no effect but a warning at the start of amavisd.",
  remedy: "Delete the statement.",
  wrong: [
    {
      title: "a setting of old",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$warnspamsender = 1;
#^^^^^^^^^^^^^^ warning`,
    },
  ],
  right: [
    {
      title: "what replaced it",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$final_spam_destiny = D_PASS;`,
    },
  ],
  check(context) {
    reportProblems(context, "retired-variable");
  },
};
