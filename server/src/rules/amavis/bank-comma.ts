import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const bankComma: Rule = {
  code: "bank-comma",
  severity: "error",
  summary: "An interface names several policy banks in one text.",
  why: `\`%interface_policy\` takes one name for each key; commas are understood only where clients, authors or viruses lead to banks. amavisd looks for a bank called "A,B", finds none, and uses the global settings without a word.`,
  remedy: "Use two keys: the port loads the first bank, address and port load the second on top of it.",
  unfixable: "The address that the second key needs is not known.",
  wrong: [
    {
      title: "two names",
      text: `-- amavisd.conf --
$inet_socket_port = [10024, 10026];
$policy_bank{'A'} = { originating => 1 };
$policy_bank{'B'} = { forward_method => 'smtp:[127.0.0.1]:10027' };
$interface_policy{'10026'} = 'A,B';
#                            ^^^^^ error`,
    },
  ],
  right: [
    {
      title: "two keys",
      text: `-- amavisd.conf --
$inet_socket_port = [10024, 10026];
$policy_bank{'A'} = { originating => 1 };
$policy_bank{'B'} = { forward_method => 'smtp:[127.0.0.1]:10027' };
$interface_policy{'10026'} = 'A';
$interface_policy{'127.0.0.1:10026'} = 'B';`,
    },
    {
      title: "clients may have a list",
      text: `-- amavisd.conf --
$inet_socket_port = [10024, 10026];
$policy_bank{'A'} = { originating => 1 };
@client_ipaddr_policy = ( \\@mynetworks => 'MYNETS,A' );`,
    },
  ],
  check(context) {
    reportProblems(context, "bank-comma");
  },
};
