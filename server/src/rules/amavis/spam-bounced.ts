import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const spamBounced: Rule = {
  code: "spam-bounced",
  severity: "warning",
  summary: "Spam of any score is bounced to senders that are forged.",
  why: `With D_BOUNCE amavisd itself sends a bounce to the envelope sender of spam, unless the score has reached $sa_dsn_cutoff_level. That is undefined unless a file sets it, and then every spam is bounced, the worst first of all. Its senders are forged: bystanders get the bounces, and hosts that send them end up on block lists.

    DSN: NOTIFICATION: Action:failed, LOCAL 554 Spam, spam level 25.300, <forged@victim.example> -> <user@example.com>`,
  remedy: `Set \`$sa_dsn_cutoff_level\` a little above \`$sa_kill_level_deflt\`, or use D_DISCARD with a quarantine, or D_PASS.`,
  wrong: [
    {
      title: "no score is too high",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$final_spam_destiny = D_BOUNCE;
#                     ^^^^^^^^ warning`,
    },
    {
      title: "a score that no mail reaches",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$final_spam_destiny = D_BOUNCE;
#                     ^^^^^^^^ warning
$sa_dsn_cutoff_level = 999;`,
    },
  ],
  right: [
    {
      title: "bounces for doubtful cases alone",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$final_spam_destiny = D_BOUNCE;
$sa_kill_level_deflt = 6.31;
$sa_dsn_cutoff_level = 10;`,
    },
    {
      title: "spam is not looked for",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$final_spam_destiny = D_BOUNCE;
@bypass_spam_checks_maps = (1);`,
    },
  ],
  check(context) {
    reportProblems(context, "spam-bounced");
  },
};
