import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const portOctal: Rule = {
  code: "port-octal",
  severity: "error",
  summary: "A port begins with 0, which makes it an octal number.",
  why: `Perl reads 010024 as 4116. amavisd listens there, and what Postfix sends to 10024 is refused:

    status=deferred (connect to 127.0.0.1[127.0.0.1]:10024: Connection refused)`,
  remedy: "Leave the 0 out.",
  wrong: [
    {
      title: "a leading zero",
      text: `-- amavisd.conf --
$inet_socket_port = 010024;
#                   ^^^^^^ error`,
    },
    {
      title: "in a list",
      text: `-- amavisd.conf --
$inet_socket_port = [10024, 010026];
#                           ^^^^^^ error`,
    },
  ],
  right: [
    {
      title: "without it",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "a text is not octal",
      text: `-- amavisd.conf --
$inet_socket_port = '010024';`,
    },
  ],
  check(context) {
    reportProblems(context, "port-octal");
  },
};
