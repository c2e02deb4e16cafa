import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const methodMixedSchemes: Rule = {
  code: "method-mixed-schemes",
  severity: "warning",
  summary: "A list of delivery methods has several protocols.",
  why: "A list is for fail-over between servers of one protocol. amavisd speaks one of them to all, so that some of the servers may not understand it.",
  remedy: "Keep one protocol in a list.",
  unfixable: "Which protocol the servers speak, nobody can tell from here.",
  wrong: [
    {
      title: "SMTP and LMTP",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$forward_method = ['smtp:[127.0.0.1]:10025', 'lmtp:[127.0.0.1]:10027'];
#                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning
$notify_method = $forward_method;`,
    },
  ],
  right: [
    {
      title: "one protocol",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$forward_method = ['smtp:[127.0.0.1]:10025', 'smtp:[127.0.0.1]:10027'];
$notify_method = $forward_method;`,
    },
  ],
  check(context) {
    reportProblems(context, "method-mixed-schemes");
  },
};
