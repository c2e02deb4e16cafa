import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const legacyVariable: Rule = {
  code: "legacy-variable",
  severity: "information",
  summary: "A setting of the old kind is passed over, because the table that replaced it is set too.",
  why: `Each of the \`@..._maps\` tables has a default that refers to the older setting of the same purpose, so that both work. Who sets the table without that reference switches the old setting off, and no message says so.`,
  remedy: `Keep one of the two: put the value into the table, or let the table refer to the old setting (\`\\$sa_kill_level_deflt\`).`,
  unfixable: "Which of the two values is meant, nobody can tell.",
  wrong: [
    {
      title: "a level beside the table",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$sa_kill_level_deflt = 6.3;
#^^^^^^^^^^^^^^^^^^^^^^^^^^ information
@spam_kill_level_maps = (8);`,
    },
  ],
  right: [
    {
      title: "the table refers to it",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$sa_kill_level_deflt = 6.3;
@spam_kill_level_maps = (\\$sa_kill_level_deflt);`,
    },
    {
      title: "the old setting alone",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$sa_kill_level_deflt = 6.3;`,
    },
  ],
  check(context) {
    reportProblems(context, "legacy-variable");
  },
};
