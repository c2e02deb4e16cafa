import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const bankUndefined: Rule = {
  code: "bank-undefined",
  severity: "warning",
  summary: "A policy bank is named that does not exist.",
  why: "amavisd ignores a name that is no bank and says so at log level 5 only: mail on that port gets the global settings, so that it may go to another place, or be treated as mail from outside.",
  remedy: `Correct the name, or define the bank with \`$policy_bank{...} = {...};\`.`,
  wrong: [
    {
      title: "misspelt",
      text: `-- amavisd.conf --
$inet_socket_port = [10024, 10026];
$interface_policy{'10026'} = 'ORIGNATING';
#                            ^^^^^^^^^^^^ warning
$policy_bank{'ORIGINATING'} = { originating => 1 };
$interface_policy{'10024'} = 'ORIGINATING';`,
    },
  ],
  right: [
    {
      title: "the bank exists",
      text: `-- amavisd.conf --
$inet_socket_port = [10024, 10026];
$interface_policy{'10026'} = 'ORIGINATING';
$policy_bank{'ORIGINATING'} = { originating => 1 };`,
    },
    {
      title: "a bank that amavisd looks up by itself",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
@client_ipaddr_policy = ( [ '10.0.0.0/8' ] => 'MYNETS' );`,
    },
  ],
  check(context) {
    reportProblems(context, "bank-undefined");
  },
};
