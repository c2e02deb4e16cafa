import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const quarantineDirectoryUnset: Rule = {
  code: "quarantine-directory-unset",
  severity: "warning",
  summary: "Mail is to be quarantined in files, and no folder is set for them.",
  why: `$QUARANTINEDIR is undefined unless a file sets it. \`local:\` and \`bsmtp:\` methods with a relative name then have nowhere to write; amavisd leaves the quarantine out, and what it discards is gone.`,
  remedy: `Set \`$QUARANTINEDIR\`, or undefine the method.`,
  unfixable: "The folder has to exist and belong to amavisd.",
  wrong: [
    {
      title: "a method without a folder",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$spam_quarantine_method = 'local:spam-%m.gz';
#                         ^^^^^^^^^^^^^^^^^^ warning`,
    },
  ],
  right: [
    {
      title: "a folder",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$QUARANTINEDIR = '/var/lib/amavis/virusmails';
$spam_quarantine_method = 'local:spam-%m.gz';`,
    },
    {
      title: "no quarantine",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$spam_quarantine_method = undef;`,
    },
  ],
  check(context) {
    reportProblems(context, "quarantine-directory-unset");
  },
};
