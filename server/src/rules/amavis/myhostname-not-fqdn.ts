import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const myhostnameNotFqdn: Rule = {
  code: "myhostname-not-fqdn",
  severity: "error",
  summary: "$myhostname is no fully qualified name.",
  why: `amavisd insists on a name with a domain and stops at its start:

    The value of variable $myhostname is "mx", but should have been a fully qualified domain name

\`localhost\` is accepted, but then it stands in HELO and Message-ID (warning).`,
  remedy: `Write the full name of the host, such as \`mx.example.com\`.`,
  unfixable: "The full name of the host is not in the files.",
  wrong: [
    {
      title: "no domain",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$myhostname = 'mx';
#             ^^^^ error`,
    },
    {
      title: "localhost",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$myhostname = 'localhost';
#             ^^^^^^^^^^^ warning`,
    },
  ],
  right: [
    {
      title: "a full name",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$myhostname = 'mx.example.com';`,
    },
    {
      title: "from the machine",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
chomp($myhostname = \`hostname --fqdn\`);`,
    },
  ],
  check(context) {
    reportProblems(context, "myhostname-not-fqdn");
  },
};
