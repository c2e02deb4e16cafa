import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const listToScalar: Rule = {
  code: "list-to-scalar",
  severity: "error",
  summary: "A list in parentheses is assigned to a setting that holds one value.",
  why: `Parentheses do not make a list in Perl where one value is wanted: the commas are evaluated from left to right, and the last value remains. \`$inet_socket_port = (10024, 10026);\` opens port 10026 alone, without any message, and what Postfix sends to 10024 waits in its queue:

    status=deferred (connect to 127.0.0.1[127.0.0.1]:10024: Connection refused)

It is an error for ports, sockets and delivery methods, and a warning elsewhere.`,
  remedy: `Write the list in brackets, \`[10024, 10026]\`, where the setting takes several values; otherwise one value.`,
  wrong: [
    {
      title: "two ports",
      text: `-- amavisd.conf --
$inet_socket_port = (10024, 10026);
#                   ^^^^^^^^^^^^^^ error`,
    },
    {
      title: "two methods",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$forward_method = qw(smtp:[127.0.0.1]:10025 smtp:[127.0.0.1]:10027);
#                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error
$notify_method = $forward_method;`,
    },
  ],
  right: [
    {
      title: "a reference to a list",
      text: `-- amavisd.conf --
$inet_socket_port = [10024, 10026];`,
    },
    {
      title: "parentheses round one value",
      text: `-- amavisd.conf --
$inet_socket_port = (10024);`,
    },
    {
      title: "several variables at once",
      text: `-- amavisd.conf --
my ($first, $second) = (10024, 10026);
$inet_socket_port = [$first, $second];`,
    },
  ],
  check(context) {
    reportProblems(context, "list-to-scalar");
  },
};
