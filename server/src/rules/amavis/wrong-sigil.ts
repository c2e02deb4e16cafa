import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const wrongSigil: Rule = {
  code: "wrong-sigil",
  severity: "error",
  summary: "A setting is written with the wrong sigil.",
  why: `\`$\`, \`@\` and \`%\` make three different variables of one name. amavisd reads only its own: the value goes into a variable that nobody looks at. Under \`use strict\` Perl refuses the file, and amavisd does not start:

    Error in config file "/etc/amavis/conf.d/50-user": Global symbol "$inet_acl" requires explicit package name`,
  remedy: `Write \`$\` for one value, \`@\` for a list in parentheses, \`%\` for a table.`,
  wrong: [
    {
      title: "a list as a scalar, under strict",
      text: `-- amavisd.conf --
use strict;
$inet_socket_port = 10024;
$inet_acl = [ "127.0.0.1" ];
#^^^^^^^^ error`,
    },
    {
      title: "a scalar as a list, without strict",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
@max_servers = (4);
#^^^^^^^^^^^ warning`,
    },
  ],
  right: [
    {
      title: "the sigil of the setting",
      text: `-- amavisd.conf --
use strict;
$inet_socket_port = 10024;
@inet_acl = ( "127.0.0.1" );`,
    },
    {
      title: "one element of a table has the sigil of its value",
      text: `-- amavisd.conf --
use strict;
$inet_socket_port = 10024;
$interface_policy{'10024'} = 'IN';
$policy_bank{'IN'} = { originating => 1 };`,
    },
  ],
  check(context) {
    reportProblems(context, "wrong-sigil");
  },
};
