import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const bankKeySigil: Rule = {
  code: "bank-key-sigil",
  severity: "warning",
  summary: "A key of a policy bank carries a sigil.",
  why: `Keys are names of settings without \`$\`, \`@\` and \`%\`. With one, amavisd ignores the key:

    (!)loading policy bank "OUT": unknown field "$originating"

Without quotes Perl even takes the value of the variable for the key.`,
  remedy: "Take the sigil away.",
  wrong: [
    {
      title: "in quotes",
      text: `-- amavisd.conf --
$inet_socket_port = [10024, 10026];
$interface_policy{'10026'} = 'OUT';
$policy_bank{'OUT'} = { '$originating' => 1 };
#                       ^^^^^^^^^^^^^^ warning`,
    },
    {
      title: "without quotes",
      text: `-- amavisd.conf --
$inet_socket_port = [10024, 10026];
$interface_policy{'10026'} = 'OUT';
$policy_bank{'OUT'} = { $originating => 1 };
#                       ^^^^^^^^^^^^ warning`,
    },
  ],
  right: [
    {
      title: "a plain name",
      text: `-- amavisd.conf --
$inet_socket_port = [10024, 10026];
$interface_policy{'10026'} = 'OUT';
$policy_bank{'OUT'} = { originating => 1 };`,
    },
  ],
  check(context) {
    reportProblems(context, "bank-key-sigil");
  },
};
