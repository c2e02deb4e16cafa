import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const bareword: Rule = {
  code: "bareword",
  severity: "error",
  summary: `A constant is named that does not exist, under \`use strict\`.`,
  why: `D_PASS, D_REJECT, CC_SPAM and their like are constants. A misspelt one is a bare word, and with \`use strict\` Perl refuses the whole file, so that amavisd does not start:

    Error in config file "/etc/amavis/conf.d/50-user": Bareword "D_PAS" not allowed while "strict subs" in use`,
  remedy: "Correct the name.",
  wrong: [
    {
      title: "a constant that does not exist",
      text: `-- amavisd.conf --
use strict;
$inet_socket_port = 10024;
$final_spam_destiny = D_PAS;
#                     ^^^^^ error`,
    },
  ],
  right: [
    {
      title: "the constant",
      text: `-- amavisd.conf --
use strict;
$inet_socket_port = 10024;
$final_spam_destiny = D_PASS;`,
    },
    {
      title: "a constant of the file itself",
      text: `-- amavisd.conf --
use strict;
use constant D_MINE => 1;
$inet_socket_port = 10024;
$final_spam_destiny = D_MINE;`,
    },
  ],
  check(context) {
    reportProblems(context, "bareword");
  },
};
