import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const bankUnused: Rule = {
  code: "bank-unused",
  severity: "information",
  summary: "A policy bank is defined that nothing loads.",
  why: `What it says holds for no mail. A bank is loaded by \`%interface_policy\`, \`@client_ipaddr_policy\`, \`@author_to_policy_bank_maps\`, \`@virus_name_to_policy_bank_maps\`, or by name from a client that speaks AM.PDP; MYNETS, MYUSERS and VIRUS are looked up by amavisd itself.`,
  remedy: `Name it in \`%interface_policy\`, or delete it.`,
  unfixable: "Which port or client it was meant for, nobody can tell.",
  wrong: [
    {
      title: "no port leads to it",
      text: `-- amavisd.conf --
$inet_socket_port = [10024, 10026];
$policy_bank{'OUT'} = { originating => 1 };
#            ^^^^^ information`,
    },
  ],
  right: [
    {
      title: "a port does",
      text: `-- amavisd.conf --
$inet_socket_port = [10024, 10026];
$policy_bank{'OUT'} = { originating => 1 };
$interface_policy{'10026'} = 'OUT';`,
    },
    {
      title: "clients do",
      text: `-- amavisd.conf --
$inet_socket_port = [10024, 10026];
$policy_bank{'OUT'} = { originating => 1 };
@client_ipaddr_policy = ( \\@mynetworks => 'MYNETS,OUT' );`,
    },
    {
      title: "a bank that amavisd looks up by itself",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$policy_bank{'MYNETS'} = { originating => 1 };`,
    },
  ],
  check(context) {
    reportProblems(context, "bank-unused");
  },
};
