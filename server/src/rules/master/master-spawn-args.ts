import type { Rule } from "../rule.js";
import { reportCommandFaults } from "./command-faults.js";

export const masterSpawnArgs: Rule = {
  code: "master-spawn-args",
  severity: "error",
  summary: "The attributes or the command of a spawn service are not what spawn can use.",
  why: `spawn(8) takes \`user=\` and \`argv=\` and nothing else. Postfix starts and the port or socket is open; spawn stops at the first connection:

    postfix/spawn[245]: fatal: unknown attribute name: flags=q
    postfix/master[101]: warning: /usr/lib/postfix/sbin/spawn: bad command startup -- throttling

An smtpd that asks such a policy service answers "451 4.3.5 Server configuration problem" to every client.`,
  remedy:
    "Write `user=NAME` (neither root nor Postfix's own user), then `argv=` directly followed by the command.",
  unfixable: "A missing user or command is not known from the files.",
  wrong: [
    {
      title: "an attribute of pipe",
      text: `-- master.cf --
policy unix - n n - 0 spawn flags=R user=nobody argv=/usr/bin/policyd-spf
#                           ^^^^^^^ error`,
    },
    {
      title: "neither a user nor a command",
      text: `-- master.cf --
policy unix - n n - 0 spawn
#                     ^^^^^ error`,
    },
    {
      title: "quotes round the command",
      text: `-- master.cf --
policy unix - n n - 0 spawn user=nobody argv="/usr/bin/policyd-spf"
#                                            ^^^^^^^^^^^^^^^^^^^^^^ error`,
    },
  ],
  right: [
    {
      title: "a policy service; spawn fills nothing in",
      text: `-- master.cf --
policy unix - n n - 0 spawn user=policyd-spf argv=/usr/bin/policyd-spf --cost=$5`,
    },
  ],
  check: (context) => reportCommandFaults(context, "spawn"),
};
