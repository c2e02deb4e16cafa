import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const unknownVariable: Rule = {
  code: "unknown-variable",
  severity: "error",
  summary: "A variable is set that amavisd does not know.",
  why: `Under \`use strict\` amavisd refuses to start:

    Error in config file "/etc/amavis/conf.d/50-user": Global symbol "$max_server" requires explicit package name (did you forget to declare "my $max_server"?)

Without it the assignment goes into a variable that nobody reads: the setting has no effect, and nothing says so.`,
  remedy:
    "Correct the name or its sigil ($ for one value, @ for a list, % for a hash), or declare a variable of your own with `my`.",
  wrong: [
    {
      title: "misspelt under strict",
      text: `-- amavisd.conf --
use strict;
$max_server = 4;
#^^^^^^^^^^ error`,
    },
    {
      title: "misspelt without strict",
      text: `-- amavisd.conf --
$max_server = 4;
#^^^^^^^^^^ warning`,
    },
  ],
  right: [
    {
      title: "a variable of one's own",
      text: `-- amavisd.conf --
use strict;
my $children = 4;
$max_servers = $children;`,
    },
  ],
  check(context) {
    reportProblems(context, "unknown-variable", (problem) => (problem.fatal ? "error" : "warning"));
  },
};
