import { processLimit, startedProgram } from "../../semantics/postfix/startup.js";
import type { Rule } from "../rule.js";

export const masterMaxprocForced: Rule = {
  code: "master-maxproc-forced",
  severity: "error",
  summary: "A daemon needs another process limit than its entry gives it.",
  why: `Some daemons work only as a single process (limit 1), others only without a limit (0). With another number, or with \`-\` where the default is another, the daemon stops whenever it is needed:

    postfix/cleanup[219]: fatal: service cleanup requires a process limit of 0
    postfix/master[101]: warning: /usr/lib/postfix/sbin/cleanup: bad command startup -- throttling

Without cleanup, qmgr, bounce and their like no mail passes, though every port is open.`,
  remedy: "Write the number that the daemon asks for in the maxproc column (the seventh).",
  wrong: [
    {
      title: "a queue manager of which there may be many",
      text: `-- master.cf --
qmgr unix n - n 300 - qmgr
#                   ^ error`,
    },
    {
      title: "cleanup with a limit",
      text: `-- master.cf --
cleanup unix n - n - 10 cleanup
#                    ^^ error`,
    },
  ],
  right: [
    {
      title: "what they ask for",
      text: `-- master.cf --
qmgr unix n - n 300 1 qmgr
cleanup unix n - n - 0 cleanup`,
    },
    {
      title: "a default that fits",
      text: `-- main.cf --
default_process_limit = 1
-- master.cf --
anvil unix - - n - - anvil`,
    },
  ],
  check(context) {
    for (const service of context.system.services) {
      const wanted = startedProgram(service)?.processLimit;
      const word = service.entry.columns.maxproc;
      if (wanted === undefined || !word) continue;
      const limit = processLimit(service);
      if (limit === undefined || limit === wanted) continue;
      const at = { file: service.location.file, range: word.range };
      const has = word.text === "-" ? `"-" is default_process_limit, ${limit}` : `the limit here is ${limit}`;
      context.report({
        at,
        message: `${service.program} works only with a process limit of ${wanted}${wanted === 0 ? " (none)" : ""}, and ${has}: it stops with "fatal: service ${service.name} requires a process limit of ${wanted}" whenever it is needed.`,
        fixes: () => [
          {
            title: `Write ${wanted} in the maxproc column`,
            edits: [{ ...at, newText: String(wanted) }],
            preferred: true,
          },
        ],
      });
    }
  },
};
