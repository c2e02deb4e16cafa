import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const configPermissions: Rule = {
  code: "config-permissions",
  severity: "error",
  summary: "amavisd refuses to read what the configuration includes, because it is no file.",
  why: `Before amavisd reads a file of its configuration it looks at what stands there. A folder stops it, even where the file is optional:

    Error in config file "/etc/amavis/conf.d/50-user": Config file "/etc/amavis/local.d" is a directory, at /usr/share/perl5/Amavis/Conf.pm line 1984.

Postfix then keeps all mail that it is to filter. With \`do\` amavisd starts, and reads nothing of the folder. amavisd also refuses a file that belongs to anybody but root, or that it could write itself ("should be owned by root (uid 0)", "is writable by EUID 115"): owner and mode of the host's files cannot be told from a copy of them, so look at these with \`ls -l\`.`,
  remedy: `Name the files one by one. All files of a folder are read with \`include_config_files(map { /^(.+)$/ ? $1 : () } glob('/etc/amavis/local.d/*.conf'));\`. (With \`glob\` alone amavisd stops: "Insecure dependency in do while running with -T switch".)`,
  unfixable: "Which of the folder's files are meant is not written anywhere.",
  wrong: [
    {
      title: "a folder",
      text: `-- amavisd.conf --
include_config_files('/mail/local.d');
#                    ^^^^^^^^^^^^^^^ error
include_optional_config_files('/etc/amavis/local.d/');
#                             ^^^^^^^^^^^^^^^^^^^^^^ error
do '/mail/local.d';
#  ^^^^^^^^^^^^^^^ warning
1;
-- local.d/site.conf --
1;`,
    },
  ],
  right: [
    {
      title: "the files of a folder",
      text: `-- amavisd.conf --
include_config_files('/mail/local.d/site.conf');
include_config_files(map { /^(.+)$/ ? $1 : () } glob('/mail/local.d/*.conf'));
include_optional_config_files('/etc/amavis/nowhere.d');
1;
-- local.d/site.conf --
1;`,
    },
  ],
  check(context) {
    reportProblems(context, "config-permissions");
  },
};
