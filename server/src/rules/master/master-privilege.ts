import { runsAsRoot, startedProgram } from "../../semantics/postfix/startup.js";
import type { Rule } from "../rule.js";

export const masterPrivilege: Rule = {
  code: "master-privilege",
  severity: "error",
  summary: "A daemon that needs the rights of root runs without them.",
  why: `local, virtual, pipe and spawn work as other users and have to start as root. \`-\` in the unprivileged column means y, and then they stop whenever they are needed:

    postfix/local[259]: fatal: service local requires privileged operation
    postfix/master[101]: warning: /usr/lib/postfix/sbin/local: bad command startup -- throttling

Mail for the service is deferred, connections to it are closed.`,
  remedy: "Write `n` in the unprivileged column (the fourth).",
  wrong: [
    {
      title: "a dash means unprivileged",
      text: `-- master.cf --
maildrop unix - - n - - pipe flags=Ru user=vmail argv=/usr/bin/maildrop
#               ^ error`,
    },
  ],
  right: [
    {
      title: "privileged where it has to be",
      text: `-- master.cf --
local unix - n n - - local
smtp unix - - n - - smtp`,
    },
  ],
  check(context) {
    for (const service of context.system.services) {
      const word = service.entry.columns.unprivileged;
      if (!word || !startedProgram(service)?.needsRoot || runsAsRoot(service) !== false) continue;
      const at = { file: service.location.file, range: word.range };
      const means =
        word.text === "-" ? `"-" in the unprivileged column means y` : "the unprivileged column says y";
      context.report({
        at,
        message: `${service.program} needs the rights of root, and ${means}: it stops with "fatal: service ${service.name} requires privileged operation" whenever it is needed.`,
        fixes: () => [
          { title: "Write n in the unprivileged column", edits: [{ ...at, newText: "n" }], preferred: true },
        ],
      });
    }
  },
};
