import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const checksBypassed: Rule = {
  code: "checks-bypassed",
  severity: "information",
  summary: "A check is switched off for all mail.",
  why: `The first entry of a \`@bypass_..._checks_maps\` table that gives a value decides. A constant that is true switches the check off for every recipient, whatever the entries behind it say.`,
  remedy: "Delete the assignment to make the check again.",
  unfixable: "Whether the check is left out on purpose, nobody can tell.",
  wrong: [
    {
      title: "no virus check",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
@bypass_virus_checks_maps = (1);
#                            ^ information`,
    },
  ],
  right: [
    {
      title: "for some recipients",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
@bypass_virus_checks_maps = (\\%bypass_virus_checks, \\@bypass_virus_checks_acl);`,
    },
  ],
  check(context) {
    reportProblems(context, "checks-bypassed");
  },
};
