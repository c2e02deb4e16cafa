import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const portPrivileged: Rule = {
  code: "port-privileged",
  severity: "error",
  summary: "amavisd is to open a port below 1024, which it may not.",
  why: `amavisd gives up root before it opens its sockets, and does not start:

    (!)Net::Server: Can't connect to TCP port 25 on 127.0.0.1 [Permission denied]

(The word is "connect", binding is meant.)`,
  remedy: "Choose a port from 1024 on; 10024 by convention.",
  unfixable: "Which port Postfix or others use to reach amavisd has to change with it.",
  wrong: [
    {
      title: "the port of SMTP",
      text: `-- amavisd.conf --
$inet_socket_port = 25;
#                   ^^ error`,
    },
  ],
  right: [
    {
      title: "a port of its own",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
  ],
  check(context) {
    reportProblems(context, "port-privileged");
  },
};
