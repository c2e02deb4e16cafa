import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const bannedRuleMissing: Rule = {
  code: "banned-rule-missing",
  severity: "error",
  summary: "Mail is to be checked by a rule for attachments that does not exist.",
  why: `@banned_filename_maps gives names, and %banned_rules says what they stand for. A name that it does not have is passed over, and when no other is left, attachments are not checked:

    INFO: unknown banned table name DEFAULT, recip=user@example.com

That line comes at log level 2 only. The name DEFAULT, which @banned_filename_maps has by itself, is made of $banned_filename_re only as long as nobody sets %banned_rules: one entry of one's own switches it off. A rule that is made of $banned_filename_re above the line that sets it stays empty as well. Where other rules of the same mail still apply this is a warning.`,
  remedy: `Add the rule to \`%banned_rules\`, or name one that it has.`,
  wrong: [
    {
      title: "rules without DEFAULT",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$banned_filename_re = new_RE(qr'.\\.(exe|scr)$'i);
%banned_rules = ('NO-EXE' => new_RE(qr'.\\.exe$'i));
#               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error`,
    },
    {
      title: "a misspelt name",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
%banned_rules = ('NO-EXE' => new_RE(qr'.\\.exe$'i));
@banned_filename_maps = ('NO_EXE');
#                        ^^^^^^^^ error`,
    },
    {
      title: "a table that is still empty",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
%banned_rules = ('DEFAULT' => $banned_filename_re);
#                             ^^^^^^^^^^^^^^^^^^^ error
$banned_filename_re = new_RE(qr'.\\.(exe|scr)$'i);`,
    },
  ],
  right: [
    {
      title: "DEFAULT is there",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$banned_filename_re = new_RE(qr'.\\.(exe|scr)$'i);
%banned_rules = ('NO-EXE' => new_RE(qr'.\\.exe$'i), 'DEFAULT' => $banned_filename_re);
@banned_filename_maps = ({ 'boss@example.com' => 'NO-EXE', '.' => 'DEFAULT' });`,
    },
    {
      title: "no names at all",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$banned_filename_re = new_RE(qr'.\\.(exe|scr)$'i);`,
    },
    {
      title: "attachments are not checked anyway",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
@bypass_banned_checks_maps = (1);
%banned_rules = ('NO-EXE' => new_RE(qr'.\\.exe$'i));`,
    },
  ],
  check(context) {
    reportProblems(context, "banned-rule-missing");
  },
};
