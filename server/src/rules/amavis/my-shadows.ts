import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const myShadows: Rule = {
  code: "my-shadows",
  severity: "warning",
  summary: `\`my\` or \`local\` in front of a setting takes its effect away.`,
  why: `\`my $max_servers = 4;\` makes a new variable that ends with the file. amavisd's own $max_servers keeps what it had, and no message says so. \`local\` gives the old value back at the end of the file.`,
  remedy: `Take \`my\` away; for a helper of your own choose a name that is no setting.`,
  wrong: [
    {
      title: "my",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
my $max_servers = 4;
#  ^^^^^^^^^^^^ warning`,
    },
    {
      title: "local",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
local $max_servers = 4;
#     ^^^^^^^^^^^^ warning`,
    },
  ],
  right: [
    {
      title: "the setting",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$max_servers = 4;`,
    },
    {
      title: "a helper",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
my $children = 4;
$max_servers = $children;`,
    },
    {
      title: "inside a function",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
sub limit { my($max_servers) = @_; return $max_servers + 1 }`,
    },
  ],
  check(context) {
    reportProblems(context, "my-shadows");
  },
};
