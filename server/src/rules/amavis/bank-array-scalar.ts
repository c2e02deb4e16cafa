import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const bankArrayScalar: Rule = {
  code: "bank-array-scalar",
  severity: "warning",
  summary: "A list inside a policy bank shifts the keys behind it.",
  why: `In a bank keys and values alternate. A list in parentheses or \`qw()\` is flattened: its first element is the value, the second becomes a key, and so on to the end of the bank. amavisd logs an unknown field at best.`,
  remedy: "Write lists in brackets. One value alone is taken for a list of one.",
  wrong: [
    {
      title: "words",
      text: `-- amavisd.conf --
$inet_socket_port = [10024, 10026];
$interface_policy{'10026'} = 'OUT';
$policy_bank{'OUT'} = {
  inet_acl => qw(127.0.0.1 [::1]),
#             ^^^^^^^^^^^^^^^^^^^ warning
  originating => 1,
};`,
    },
  ],
  right: [
    {
      title: "brackets",
      text: `-- amavisd.conf --
$inet_socket_port = [10024, 10026];
$interface_policy{'10026'} = 'OUT';
$policy_bank{'OUT'} = { inet_acl => [qw(127.0.0.1 [::1])], originating => 1 };`,
    },
    {
      title: "one value",
      text: `-- amavisd.conf --
$inet_socket_port = [10024, 10026];
$interface_policy{'10026'} = 'OUT';
$policy_bank{'OUT'} = { inet_acl => '127.0.0.1', originating => 1 };`,
    },
  ],
  check(context) {
    reportProblems(context, "bank-array-scalar");
  },
};
