import { unsignedSubmissions } from "../feed/originating-path.js";
import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const dkimNothingOriginates: Rule = {
  code: "dkim-nothing-originates",
  severity: "warning",
  summary: "DKIM signing is switched on, and no mail is ever taken for our own.",
  why: `amavisd signs what has the flag originating. A policy bank sets it: MYNETS by being there, for clients in @mynetworks, others with \`originating => 1\`. @mynetworks alone does nothing, and Debian's files have no such bank. At log level 5 amavisd says:

    policy bank "MYNETS" does not exist, ignored
    dkim: not signing mail which is not originating from our site

Only amavisd's own notifications are signed then.`,
  remedy: `Add \`$policy_bank{'MYNETS'} = { originating => 1 };\`, or a port for mail of users whose bank has \`originating => 1\`.`,
  wrong: [
    {
      title: "a key, and no bank",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
@mynetworks = qw( 127.0.0.0/8 10.0.0.0/8 );
$enable_dkim_signing = 1;
#                      ^ warning
dkim_key('example.com', 'mail', '/var/lib/dkim/example.com.pem');`,
    },
  ],
  right: [
    {
      title: "MYNETS is there",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$enable_dkim_signing = 1;
dkim_key('example.com', 'mail', '/var/lib/dkim/example.com.pem');
$policy_bank{'MYNETS'} = { };`,
    },
    {
      title: "a port for our own mail",
      text: `-- amavisd.conf --
$inet_socket_port = [10024, 10026];
$enable_dkim_signing = 1;
dkim_key('example.com', 'mail', '/var/lib/dkim/example.com.pem');
$interface_policy{'10026'} = 'ORIGINATING';
$policy_bank{'ORIGINATING'} = { originating => 1 };`,
    },
    {
      title: "all mail is our own",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$enable_dkim_signing = 1;
dkim_key('example.com', 'mail', '/var/lib/dkim/example.com.pem');
$originating = 1;`,
    },
  ],
  check(context) {
    // Where users submit mail, their way is shown instead.
    if (unsignedSubmissions(context).length === 0) reportProblems(context, "dkim-nothing-originates");
  },
};
