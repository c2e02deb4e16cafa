import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const missingFinalOne: Rule = {
  code: "missing-final-one",
  severity: "hint",
  summary: "The file ends with an undefined value after a test of a file.",
  why: `A file need not end with \`1;\`: any value will do, and undef too. But where the last value is undef and a file test or a command has failed before, amavisd takes what the system left behind for an error and does not start:

    Error reading config file "/etc/amavis/conf.d/50-user": No such file or directory`,
  remedy: `End the file with \`1;\`.`,
  wrong: [
    {
      title: "undef after a file test",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$unrar = -e '/usr/bin/unrar' ? 'unrar' : '';
$forward_method = undef;
#^^^^^^^^^^^^^^^^^^^^^^^ hint`,
    },
  ],
  right: [
    {
      title: "1; at the end",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$unrar = -e '/usr/bin/unrar' ? 'unrar' : '';
$forward_method = undef;
1;`,
    },
    {
      title: "undef without a test",
      text: `-- amavisd.conf --
$inet_socket_port = 9998;
$protocol = 'AM.PDP';
$forward_method = undef;`,
    },
  ],
  check(context) {
    reportProblems(context, "missing-final-one");
  },
};
