import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const bankNotRef: Rule = {
  code: "bank-not-ref",
  severity: "error",
  summary: "A policy bank is no hash in braces.",
  why: `A bank is a reference to a hash. With a list in parentheses only the last value remains, and amavisd stops at its start:

    Can't use string ("1") as a HASH ref while "strict refs" in use`,
  remedy: "Write the bank in braces.",
  wrong: [
    {
      title: "parentheses",
      text: `-- amavisd.conf --
$inet_socket_port = [10024, 10026];
$interface_policy{'10026'} = 'OUT';
$policy_bank{'OUT'} = ( originating => 1 );
#                     ^^^^^^^^^^^^^^^^^^^^ error`,
    },
  ],
  right: [
    {
      title: "braces",
      text: `-- amavisd.conf --
$inet_socket_port = [10024, 10026];
$interface_policy{'10026'} = 'OUT';
$policy_bank{'OUT'} = { originating => 1 };`,
    },
  ],
  check(context) {
    reportProblems(context, "bank-not-ref");
  },
};
