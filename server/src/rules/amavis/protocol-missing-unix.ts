import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const protocolMissingUnix: Rule = {
  code: "protocol-missing-unix",
  severity: "error",
  summary: "Nothing says which protocol is spoken on a Unix socket.",
  why: `On a port amavisd speaks SMTP when nothing else is said. A Unix socket has no such default, and each connection ends at once:

    (!!)TROUBLE in process_request: protocol not specified, UNIX`,
  remedy:
    "Give the socket a policy bank with a protocol: AM.PDP for amavisd-release and milter helpers, LMTP or SMTP for mail.",
  wrong: [
    {
      title: "no bank",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$unix_socketname = '/run/amavis/amavisd.sock';
#                  ^^^^^^^^^^^^^^^^^^^^^^^^^^ error`,
    },
  ],
  right: [
    {
      title: "a bank for the socket",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$unix_socketname = '/run/amavis/amavisd.sock';
$interface_policy{'SOCK'} = 'AM.PDP-SOCK';
$policy_bank{'AM.PDP-SOCK'} = { protocol => 'AM.PDP' };`,
    },
    {
      title: "one protocol for all",
      text: `-- amavisd.conf --
$unix_socketname = '/run/amavis/amavisd.sock';
$protocol = 'LMTP';`,
    },
  ],
  check(context) {
    reportProblems(context, "protocol-missing-unix");
  },
};
