import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const perlSyntax: Rule = {
  code: "perl-syntax",
  severity: "error",
  summary: "amavisd's configuration is no valid Perl here.",
  why: `amavisd reads its configuration as a Perl program and refuses to start:

    Error in config file "/etc/amavis/conf.d/50-user": syntax error at /etc/amavis/conf.d/50-user line 12, near "= ;"

A running amavisd rejects the reload and goes on with the old configuration. While it is down, Postfix keeps all mail in its queue.`,
  remedy:
    "Mend the statement; the usual causes are a missing semicolon, a bracket or quote that is never closed, and a value that is missing.",
  unfixable: "Which value was meant where one is missing, nobody can tell.",
  wrong: [
    {
      title: "a value is missing",
      text: `-- amavisd.conf --
$max_servers = ;
#              ^ error
$inet_socket_port = 10024;`,
    },
    {
      title: "a semicolon is missing",
      text: `-- amavisd.conf --
$max_servers = 2
#              ^ error
$inet_socket_port = 10024;`,
    },
  ],
  right: [
    {
      title: "a file need not end in 1;",
      text: `-- amavisd.conf --
$max_servers = 2;
$inet_socket_port = 10024;`,
    },
  ],
  check(context) {
    reportProblems(context, "perl-syntax", () => "error");
  },
};
