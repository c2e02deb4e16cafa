import { chroot, startedProgram } from "../../semantics/postfix/startup.js";
import type { Rule } from "../rule.js";

export const masterChrootUnfit: Rule = {
  code: "master-chroot-unfit",
  severity: "warning",
  summary: "A daemon runs in a chroot jail in which it cannot do its work.",
  why: `local, virtual, pipe, spawn and postlogd work with users, commands and files of the whole system, which they do not find in the jail (the queue directory), unless somebody copied all of it there:

    postfix/pipe[263]: fatal: get_service_attr: unknown username: vmail
    postfix/local[267]: warning: error looking up passwd info for anna: No such file or directory

Mail is deferred. proxymap exists to open tables outside the jail for others, and inside it serves nothing. Below compatibility_level 1 \`-\` in the chroot column means y.`,
  remedy: "Write `n` in the chroot column (the fifth).",
  wrong: [
    {
      title: "pipe in the jail",
      text: `-- master.cf --
maildrop unix - n y - - pipe flags=Ru user=vmail argv=/usr/bin/maildrop
#                 ^ warning`,
    },
    {
      title: "a dash without compatibility_level",
      text: `-- main.cf --
myhostname = mx.example.com
-- master.cf --
local unix - n - - - local
#              ^ warning`,
    },
  ],
  right: [
    {
      title: "outside",
      text: `-- main.cf --
compatibility_level = 3.6
-- master.cf --
local unix - n - - - local
proxymap unix - - n - - proxymap
smtp unix - - y - - smtp`,
    },
  ],
  check(context) {
    for (const service of context.system.services) {
      const facts = startedProgram(service);
      const word = service.entry.columns.chroot;
      if (!facts || facts.chroot === "yes" || !word) continue;
      const jail = chroot(service);
      if (!jail?.jailed) continue;
      const at = { file: service.location.file, range: word.range };
      const means = jail.byDefault ? `, because "-" means y below compatibility_level 1` : "";
      const effect =
        facts.chroot === "pointless"
          ? "it cannot open the tables outside the jail that it is there for"
          : "it does not find the users, commands and files of the system there, and mail is deferred";
      context.report({
        at,
        message: `${service.program} runs in the chroot jail${means}: ${effect}, unless they were copied into the queue directory.`,
        fixes: () => [
          { title: "Write n in the chroot column", edits: [{ ...at, newText: "n" }], preferred: true },
        ],
      });
    }
  },
};
