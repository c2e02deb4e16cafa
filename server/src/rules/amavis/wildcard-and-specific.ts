import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const wildcardAndSpecific: Rule = {
  code: "wildcard-and-specific",
  severity: "error",
  summary: "amavisd opens one port on all addresses and on one of them.",
  why: `Both sockets want the same address, the second is refused, and amavisd does not start:

    (!)Net::Server: Can't connect to TCP port 10024 on 127.0.0.1 [Address already in use]

An empty address, \`*\` and \`::\` take IPv4 and IPv6; 0.0.0.0 takes IPv4 alone.`,
  remedy: "Keep one of the two.",
  unfixable: "Whether amavisd is to be reached from outside, nobody can tell.",
  wrong: [
    {
      title: "all addresses and one",
      text: `-- amavisd.conf --
@listen_sockets = ('*:10024', '127.0.0.1:10024');
#                             ^^^^^^^^^^^^^^^^^ error
$inet_socket_port = undef;`,
    },
  ],
  right: [
    {
      title: "two addresses",
      text: `-- amavisd.conf --
@listen_sockets = ('127.0.0.1:10024', '[::1]:10024');
$inet_socket_port = undef;`,
    },
    {
      title: "two families",
      text: `-- amavisd.conf --
@listen_sockets = ('0.0.0.0:10024', '[::1]:10024');
$inet_socket_port = undef;`,
    },
  ],
  check(context) {
    reportProblems(context, "wildcard-and-specific");
  },
};
