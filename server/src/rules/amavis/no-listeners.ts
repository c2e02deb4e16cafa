import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const noListeners: Rule = {
  code: "no-listeners",
  severity: "error",
  summary: "amavisd has no port and no socket to listen on.",
  why: `amavisd stops at its start, and Postfix keeps all mail that it is to filter:

    No listen sockets or ports specified

\`amavisd test-config\` does not notice it.`,
  remedy: `Set \`$inet_socket_port = 10024;\`, or \`$unix_socketname\`.`,
  wrong: [
    {
      title: "the port is undefined",
      text: `-- amavisd.conf --
$inet_socket_port = undef;
#                   ^^^^^ error
$max_servers = 2;`,
    },
    {
      title: "nothing is set",
      text: `-- amavisd.conf --
$max_servers = 2;
#^^^^^^^^^^^^^^^^ error`,
    },
  ],
  right: [
    {
      title: "a port",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$max_servers = 2;`,
    },
    {
      title: "a list of sockets",
      text: `-- amavisd.conf --
@listen_sockets = ('127.0.0.1:10024');`,
    },
    {
      title: "a port that the machine knows",
      text: `-- amavisd.conf --
$inet_socket_port = \`cat /etc/port\`;`,
    },
  ],
  check(context) {
    // `amavisd -p` names sockets too; where Postfix is not in sight amavisd may be run in any way.
    reportProblems(context, "no-listeners", () => (context.system.source.complete ? "error" : "warning"));
  },
};
