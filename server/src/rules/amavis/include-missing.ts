import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const includeMissing: Rule = {
  code: "include-missing",
  severity: "error",
  summary: "A file that the configuration includes does not exist.",
  why: `amavisd looks for each file before it reads it, and stops where one is not there; Postfix then keeps all mail that it is to filter:

    Error in config file "/etc/amavis/conf.d/50-user": Config file "/etc/amavis/local.conf" does not exist, at /usr/share/perl5/Amavis/Conf.pm line 1984.

\`require\` stops it as well (Can't locate /etc/amavis/local.conf), and so does an empty path. \`include_optional_config_files\` passes over what does not exist, and \`do\` gives undef without a word, so both are not reported. That a file is missing is only certain where the folders of the machine itself are looked at, or the path names the folder in which the configuration lies; in a copy it may be kept on the host alone, and it is information where others of that folder are here.`,
  remedy:
    "Create the file, correct the path, or write `include_optional_config_files` where amavisd is to start without it.",
  wrong: [
    {
      title: "a file that is not there, and one through a variable",
      text: `-- amavisd.conf --
my $folder = '/mail';
include_config_files('/mail/amavis-local.conf', '/mail/nowhere.conf');
#                                               ^^^^^^^^^^^^^^^^^^^^ error
include_config_files("$folder/gone.conf");
#                    ^^^^^^^^^^^^^^^^^^^ error
for my $name (qw(amavis-local lost)) { include_config_files("/mail/$name.conf") }
#                                                           ^^^^^^^^^^^^^^^^^^ error
require '/mail/required.conf';
#       ^^^^^^^^^^^^^^^^^^^^^ error
1;
-- amavis-local.conf --
1;`,
    },
    {
      title: "no path, and an included file that includes a missing one",
      text: `-- amavisd.conf --
my $local = '';
include_config_files($local);
#                    ^^^^^^ error
include_config_files('/mail/amavis-local.conf');
1;
-- amavis-local.conf --
include_config_files('/mail/deep.conf');
#                    ^^^^^^^^^^^^^^^^^ error
1;`,
    },
    {
      title: "a copy of a host's files",
      text: `-- amavisd.conf --
include_config_files('/etc/amavis/local.conf');
#                    ^^^^^^^^^^^^^^^^^^^^^^^^ information
1;`,
    },
  ],
  right: [
    {
      title: "amavisd does without it",
      text: `-- amavisd.conf --
include_optional_config_files('/mail/nowhere.conf');
do '/mail/nowhere.conf';
eval { include_config_files('/mail/nowhere.conf') };
1;`,
    },
    {
      title: "whether it is read, or where it lies, cannot be seen",
      text: `-- amavisd.conf --
include_config_files('/mail/nowhere.conf') if -e '/mail/nowhere.conf';
include_config_files("/mail/$ENV{SITE}.conf");
include_config_files('local.conf', '/srv/amavis/local.conf', '/mail/{{ site }}.conf');
sub later { include_config_files('/mail/nowhere.conf') }
1;`,
    },
  ],
  check(context) {
    reportProblems(context, "include-missing");
  },
};
