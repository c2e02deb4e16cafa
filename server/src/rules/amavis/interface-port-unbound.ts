import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const interfacePortUnbound: Rule = {
  code: "interface-port-unbound",
  severity: "warning",
  summary: "%interface_policy has a key for a socket that amavisd does not open.",
  why: `The bank is never loaded. When Postfix sends mail to that port, it is refused and waits in the queue; otherwise the line does nothing.

    status=deferred (connect to 127.0.0.1[127.0.0.1]:10026: Connection refused)

For the lines that amavisd's own configuration brings this is only information.`,
  remedy: "Open the port too, or delete the line.",
  wrong: [
    {
      title: "one port is open",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$interface_policy{'10028'} = 'OUT';
#                 ^^^^^^^ warning
$policy_bank{'OUT'} = { originating => 1 };`,
    },
  ],
  right: [
    {
      title: "both are",
      text: `-- amavisd.conf --
$inet_socket_port = [10024, 10028];
$interface_policy{'10028'} = 'OUT';
$policy_bank{'OUT'} = { originating => 1 };`,
    },
  ],
  check(context) {
    reportProblems(context, "interface-port-unbound");
  },
};
