import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const badListenSocket: Rule = {
  code: "bad-listen-socket",
  severity: "error",
  summary: "An entry of the listen sockets is no port, address with port, or socket path.",
  why: `Net::Server, which opens the sockets for amavisd, cannot read the entry, and amavisd does not start:

    (!)Net::Server: Could not determine port number from host [127.0.0.1]:10024, 10026

Several ports in one text are no list, and \`/path|unix\` makes amavisd bind a socket called unix.`,
  remedy: `Write several ports as \`[10024, 10026]\`, and a Unix socket as \`/path\`.`,
  wrong: [
    {
      title: "two ports in one text",
      text: `-- amavisd.conf --
$inet_socket_port = '10024, 10026';
#                   ^^^^^^^^^^^^^^ error`,
    },
    {
      title: "a suffix that amavisd adds itself",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$unix_socketname = '/run/amavis/amavisd.sock|unix';
#                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error
$protocol = 'LMTP';`,
    },
  ],
  right: [
    {
      title: "a list of ports",
      text: `-- amavisd.conf --
$inet_socket_port = [10024, 10026];`,
    },
    {
      title: "a path",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$unix_socketname = '/run/amavis/amavisd.sock';
$interface_policy{'SOCK'} = 'S';
$policy_bank{'S'} = { protocol => 'AM.PDP' };`,
    },
  ],
  check(context) {
    reportProblems(context, "bad-listen-socket");
  },
};
