import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const methodStarUnix: Rule = {
  code: "method-star-unix",
  severity: "error",
  summary: "A delivery method takes its address from the client, and the client comes by a Unix socket.",
  why: `\`*\` stands for the address of the client, and for the port that it came in on plus one. A Unix socket has neither, and each mail from it fails:

    (!)... Wildcarded host/port, but client's address or incoming port not known`,
  remedy: "Write address and port, globally or in the policy bank of the socket.",
  unfixable: "The address that is meant is not known.",
  wrong: [
    {
      title: "LMTP on a Unix socket",
      text: `-- amavisd.conf --
$unix_socketname = '/run/amavis/amavisd.sock';
$protocol = 'LMTP';
$forward_method = 'smtp:*:10025';
#                 ^^^^^^^^^^^^^^ error
$notify_method = 'smtp:[127.0.0.1]:10025';`,
    },
  ],
  right: [
    {
      title: "on a port",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$forward_method = 'smtp:*:*';
$notify_method = 'smtp:*:*';`,
    },
    {
      title: "AM.PDP hands nothing on",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$unix_socketname = '/run/amavis/amavisd.sock';
$interface_policy{'SOCK'} = 'S';
$policy_bank{'S'} = { protocol => 'AM.PDP' };
$forward_method = $notify_method = 'smtp:*:*';`,
    },
  ],
  check(context) {
    reportProblems(context, "method-star-unix");
  },
};
