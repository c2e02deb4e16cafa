import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const indexInString: Rule = {
  code: "index-in-string",
  severity: "error",
  summary: "A bracket or brace behind a name in double quotes takes an element of another variable.",
  why: `In "$myhostname[mail]" Perl looks for an element of a list @myhostname, and in "$mydomain{x}" for an entry of a table. Under \`use strict\` the file is refused and amavisd does not start; without it the text is lost:

    Error in config file "/etc/amavis/conf.d/50-user": Global symbol "@myhostname" requires explicit package name`,
  remedy: `Put the name in braces: \`\${myhostname}[...]\`.`,
  wrong: [
    {
      title: "under strict",
      text: `-- amavisd.conf --
use strict;
$inet_socket_port = 10024;
$X_HEADER_LINE = "at $myhostname[1]";
#                    ^^^^^^^^^^^ error`,
    },
  ],
  right: [
    {
      title: "the name in braces",
      text: `-- amavisd.conf --
use strict;
$inet_socket_port = 10024;
$X_HEADER_LINE = "at \${myhostname}[1]";`,
    },
    {
      title: "an element that is meant",
      text: `-- amavisd.conf --
use strict;
$inet_socket_port = 10024;
$X_HEADER_LINE = "from $mynetworks[0]";`,
    },
  ],
  check(context) {
    reportProblems(context, "index-in-string");
  },
};
