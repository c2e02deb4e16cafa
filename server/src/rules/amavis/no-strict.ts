import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const noStrict: Rule = {
  code: "no-strict",
  severity: "hint",
  summary: `The file lacks \`use strict\`.`,
  why: `With \`use strict\` Perl refuses a misspelt setting when amavisd starts. Without it \`$max_server = 4\` goes into a variable that nobody reads.`,
  remedy: `Put \`use strict;\` at the top of the file, and \`my\` in front of variables of your own.`,
  wrong: [
    {
      title: "no pragma",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
#^^^^^^^^^^^^^^^^^^^^^^^^^ hint`,
    },
  ],
  right: [
    {
      title: "use strict",
      text: `-- amavisd.conf --
use strict;
$inet_socket_port = 10024;`,
    },
    {
      title: "a Perl that brings it",
      text: `-- amavisd.conf --
use v5.12;
$inet_socket_port = 10024;`,
    },
  ],
  check(context) {
    reportProblems(context, "no-strict");
  },
};
