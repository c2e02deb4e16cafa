import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const bankUnknownKey: Rule = {
  code: "bank-unknown-key",
  severity: "warning",
  summary: "A policy bank has a key that no bank may hold.",
  why: `amavisd starts, and each time that it loads the bank it logs the key and goes on without it:

    (!)loading policy bank "OUT": unknown field "forward_methd"

Settings of the whole daemon, such as max_servers, cannot be changed by a bank.`,
  remedy: "Correct the key, or set it globally.",
  wrong: [
    {
      title: "misspelt",
      text: `-- amavisd.conf --
$inet_socket_port = [10024, 10026];
$interface_policy{'10026'} = 'OUT';
$policy_bank{'OUT'} = {
  forward_methd => 'smtp:[127.0.0.1]:10027',
# ^^^^^^^^^^^^^ warning
};`,
    },
  ],
  right: [
    {
      title: "a key that exists",
      text: `-- amavisd.conf --
$inet_socket_port = [10024, 10026];
$interface_policy{'10026'} = 'OUT';
$policy_bank{'OUT'} = {
  forward_method => 'smtp:[127.0.0.1]:10027',
  notify_method => 'smtp:[127.0.0.1]:10027',
};`,
    },
  ],
  check(context) {
    reportProblems(context, "bank-unknown-key");
  },
};
