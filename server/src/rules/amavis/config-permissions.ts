import type { Range } from "../../syntax/text.js";
import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const configPermissions: Rule = {
  code: "config-permissions",
  severity: "error",
  summary: "amavisd refuses to read a file of its configuration: a folder, or not root's alone.",
  why: `Before amavisd reads a file of its configuration it looks at what stands there. A folder stops it, even where the file is optional:

    Error in config file "/etc/amavis/conf.d/50-user": Config file "/etc/amavis/local.d" is a directory, at /usr/share/perl5/Amavis/Conf.pm line 1984.

Postfix then keeps all mail that it is to filter. With \`do\` amavisd starts, and reads nothing of the folder. amavisd also refuses a file that belongs to anybody but root, or that it could write itself ("should be owned by root (uid 0)", "is writable by EUID 115"). That is looked at where the files lie in their own place on the host, such as /etc/amavis; a copy has other owners.`,
  remedy: `Give the file to root: \`chown root:root FILE; chmod 644 FILE\`. Name the files of a folder one by one. All files of a folder are read with \`include_config_files(map { /^(.+)$/ ? $1 : () } glob('/etc/amavis/local.d/*.conf'));\`. (With \`glob\` alone amavisd stops: see include-tainted.)`,
  unfixable: "Owners are changed by root, and which of a folder's files are meant is not written anywhere.",
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
    const { source, amavisTrees } = context.system;
    if (!source.refused?.size) return;
    const perl = [...source.amavis, ...(source.includes?.values() ?? [])];
    // $i_know_what_i_am_doing{no_conf_file_writable_check}
    if (perl.some(({ text }) => text.includes("no_conf_file_writable_check"))) return;
    for (const [file, fault] of source.refused) {
      const range = firstLine(context.text(file), amavisTrees.get(file)?.statements[0]?.start ?? 0);
      context.report({
        at: { file, range },
        message:
          fault === "not-root"
            ? `${file} does not belong to root: amavisd stops at its start with "should be owned by root (uid 0)".`
            : `Everybody may write to ${file}: amavisd stops at its start with "is writable by EUID".`,
      });
    }
  },
};

/** The line on which the first statement begins. */
function firstLine(text: string, start: number): Range {
  const length = text.slice(start).search(/[\r\n]/);
  return { start, end: length < 0 ? text.length : start + length };
}
