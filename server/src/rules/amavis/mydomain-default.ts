import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const mydomainDefault: Rule = {
  code: "mydomain-default",
  severity: "warning",
  summary: "$mydomain is never set.",
  why: "Its default is a text that nobody can take for a domain, !change-mydomain-variable!.example.com, and it goes into headers and addresses that are made from it; nothing counts as a local domain then.",
  remedy: `Set \`$mydomain\` to the domain of the host.`,
  unfixable: "The domain is not in the files.",
  wrong: [
    {
      title: "used, not set",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
@local_domains_maps = ( [".$mydomain"] );
#                          ^^^^^^^^^ warning`,
    },
  ],
  right: [
    {
      title: "set",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$mydomain = 'example.com';
@local_domains_maps = ( [".$mydomain"] );`,
    },
    {
      title: "from the machine",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
chomp($mydomain = \`head -n 1 /etc/mailname\`);`,
    },
  ],
  check(context) {
    reportProblems(context, "mydomain-default");
  },
};
