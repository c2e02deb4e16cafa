import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const atInDoubleQuotes: Rule = {
  code: "at-in-double-quotes",
  severity: "error",
  summary: `A mail address stands in double quotes, where \`@\` begins the name of a list.`,
  why: `In double quotes Perl puts the elements of a list in place of \`@name\`. Where no such list exists, \`use strict\` makes Perl refuse the file and amavisd does not start; without it the list is empty, and "user@example.com" becomes user.com without a word:

    Error in config file "/etc/amavis/conf.d/50-user": Possible unintended interpolation ... Global symbol "@example" requires explicit package name`,
  remedy: `Write \`\\@\`, or single quotes where nothing is to be filled in.`,
  wrong: [
    {
      title: "under strict",
      text: `-- amavisd.conf --
use strict;
$inet_socket_port = 10024;
$virus_admin = "postmaster@example.com";
#                         ^^^^^^^^ error`,
    },
    {
      title: "without strict",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$virus_admin = "postmaster@example.com";
#                         ^^^^^^^^ warning`,
    },
  ],
  right: [
    {
      title: "the sign is escaped",
      text: `-- amavisd.conf --
use strict;
$inet_socket_port = 10024;
$virus_admin = "postmaster\\@example.com";`,
    },
    {
      title: "single quotes",
      text: `-- amavisd.conf --
use strict;
$inet_socket_port = 10024;
$virus_admin = 'postmaster@example.com';`,
    },
    {
      title: "a list that exists",
      text: `-- amavisd.conf --
use strict;
$inet_socket_port = 10024;
$X_HEADER_LINE = "scanned for @mynetworks";`,
    },
  ],
  check(context) {
    reportProblems(context, "at-in-double-quotes");
  },
};
