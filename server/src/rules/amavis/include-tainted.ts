import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const includeTainted: Rule = {
  code: "include-tainted",
  severity: "warning",
  summary: "Files are included by names that Perl does not trust, and amavisd stops at the first one.",
  why: `amavisd runs with Perl's -T. Names that \`glob\` or \`<...>\` finds in a folder come from outside, and Perl refuses to run what they name:

    Error in config file "/etc/amavis/conf.d/50-user": Insecure dependency in do while running with -T switch

As long as no file fits, nothing happens; with the first one amavisd does not start again, and Postfix keeps all mail that it is to filter.`,
  remedy:
    "Take each name through a pattern, which tells Perl that it was looked at: `include_config_files(map { /^(.+)$/ ? $1 : () } glob('/etc/amavis/local.d/*.conf'));`. Or name the files one by one.",
  wrong: [
    {
      title: "glob, and its short form",
      text: `-- amavisd.conf --
include_config_files(glob('/etc/amavis/local.d/*.conf'));
#                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning
include_optional_config_files('/etc/amavis/a.conf', </etc/amavis/local.d/*>);
#                                                   ^^^^^^^^^^^^^^^^^^^^^^^ warning
1;`,
    },
  ],
  right: [
    {
      title: "names that went through a pattern, a failure that is caught, and names that are written",
      text: `-- amavisd.conf --
include_config_files(map { /^(.+)$/ ? $1 : () } glob('/etc/amavis/local.d/*.conf'));
eval { include_config_files(glob('/etc/amavis/local.d/*.conf')) };
include_config_files('/mail/amavis-local.conf');
1;
-- amavis-local.conf --
1;`,
    },
  ],
  check(context) {
    reportProblems(context, "include-tainted");
  },
};
