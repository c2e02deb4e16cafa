import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const protocolValue: Rule = {
  code: "protocol-value",
  severity: "error",
  summary: "amavisd is told to speak a protocol that it does not know.",
  why: `amavisd starts, and ends each connection without a greeting; Postfix keeps the mail:

    (!!)TROUBLE in process_request: unsupported protocol: smtp, TCP

Capitals matter.`,
  remedy: "Write SMTP, LMTP, AM.PDP or TCP-LOOKUP.",
  wrong: [
    {
      title: "small letters",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$protocol = 'smtp';
#           ^^^^^^ error`,
    },
    {
      title: "in a bank",
      text: `-- amavisd.conf --
$inet_socket_port = [10024, 10026];
$interface_policy{'10026'} = 'OUT';
$policy_bank{'OUT'} = { protocol => 'lmtp' };
#                                   ^^^^^^ error`,
    },
  ],
  right: [
    {
      title: "capitals",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$protocol = 'SMTP';`,
    },
    {
      title: "nothing is SMTP on a port",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
  ],
  check(context) {
    reportProblems(context, "protocol-value");
  },
};
