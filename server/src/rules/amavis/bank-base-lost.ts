import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const bankBaseLost: Rule = {
  code: "bank-base-lost",
  severity: "error",
  summary: "All policy banks are replaced, the one with the global settings among them.",
  why: `The bank without a name holds what the global variables say. \`%policy_bank = (...)\` drops it; amavisd starts without complaint, but what a bank has set is never taken back: the next mail in the same process, on another port, is treated by the settings of that bank. Observed: the greeting of port 10026's bank appears on port 10024.`,
  remedy: `Assign one bank at a time, or put \`%policy_bank,\` first in the list.`,
  wrong: [
    {
      title: "a list of banks",
      text: `-- amavisd.conf --
$inet_socket_port = [10024, 10026];
%policy_bank = ( 'OUT' => { originating => 1 } );
#              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error
$interface_policy{'10026'} = 'OUT';`,
    },
  ],
  right: [
    {
      title: "one bank",
      text: `-- amavisd.conf --
$inet_socket_port = [10024, 10026];
$policy_bank{'OUT'} = { originating => 1 };
$interface_policy{'10026'} = 'OUT';`,
    },
    {
      title: "added to those that are there",
      text: `-- amavisd.conf --
$inet_socket_port = [10024, 10026];
%policy_bank = ( %policy_bank, 'OUT' => { originating => 1 } );
$interface_policy{'10026'} = 'OUT';`,
    },
  ],
  check(context) {
    reportProblems(context, "bank-base-lost");
  },
};
