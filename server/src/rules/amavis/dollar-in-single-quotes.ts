import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const dollarInSingleQuotes: Rule = {
  code: "dollar-in-single-quotes",
  severity: "warning",
  summary: "A setting is named in single quotes, which leave it as it is written.",
  why: `Single quotes keep \`$MYHOME\` as seven characters. amavisd then works with a folder of that very name, or writes it into headers and addresses; there is no message when it starts.`,
  remedy: `Write double quotes, and \`\\@\` for an at sign inside them.`,
  wrong: [
    {
      title: "a folder",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$TEMPBASE = '$MYHOME/tmp';
#           ^^^^^^^^^^^^^ warning`,
    },
    {
      title: "an address",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$virus_admin = 'postmaster@$mydomain';
#              ^^^^^^^^^^^^^^^^^^^^^^ warning`,
    },
  ],
  right: [
    {
      title: "double quotes",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$TEMPBASE = "$MYHOME/tmp";`,
    },
    {
      title: "a text that amavisd fills in itself",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$hdrfrom_notify_sender = '"Filter at \${myhostname}" <postmaster@\${myhostname}>';`,
    },
    {
      title: "no setting of that name",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$virus_admin = 'root$@example.com';`,
    },
  ],
  check(context) {
    reportProblems(context, "dollar-in-single-quotes");
  },
};
