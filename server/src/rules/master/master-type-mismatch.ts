import { startedProgram } from "../../semantics/postfix/startup.js";
import type { Fix } from "../finding.js";
import type { Rule } from "../rule.js";

export const masterTypeMismatch: Rule = {
  code: "master-type-mismatch",
  severity: "error",
  summary: "A daemon cannot serve sockets of the type that its entry has.",
  why: `Each daemon knows a few types of sockets. master(8) opens any of them, and the daemon stops when it is needed:

    postfix/qmgr[317]: fatal: unsupported transport type: inet
    postfix/master[101]: warning: /usr/lib/postfix/sbin/qmgr: bad command startup -- throttling

A program that connects to the socket is refused (\`connect to transport private/smtp: Connection refused\`), and mail is deferred.`,
  remedy: "Write a type that the daemon takes; for services inside Postfix that is unix.",
  wrong: [
    {
      title: "a queue manager on the network",
      text: `-- master.cf --
127.0.0.1:3024 inet n - n 300 1 qmgr
#              ^^^^ error`,
    },
    {
      title: "a named pipe for a client that needs a socket",
      text: `-- master.cf --
relay fifo - - n - - smtp
#     ^^^^ error`,
    },
    {
      title: "postlogd takes datagrams",
      text: `-- master.cf --
postlog unix n - n - 1 postlogd
#       ^^^^ error`,
    },
  ],
  right: [
    {
      title: "an old queue manager's named pipe",
      text: `-- master.cf --
qmgr fifo n - n 300 1 qmgr
postlog unix-dgram n - n - 1 postlogd
smtpd pass - - n - - smtpd`,
    },
  ],
  check(context) {
    for (const service of context.system.services) {
      const facts = startedProgram(service);
      const word = service.entry.columns.type;
      if (!facts || !word || facts.types.some((type) => type === word.text)) continue;
      const at = { file: service.location.file, range: word.range };
      const usual = facts.types.includes("unix") ? "unix" : facts.types[0];
      context.report({
        at,
        message: `${service.program} serves ${facts.types.join(", ")}, not ${word.text}: it stops with "fatal: unsupported transport type: ${word.text}" whenever it is needed.`,
        fixes: (): Fix[] =>
          usual
            ? [
                {
                  title: `Write ${usual}`,
                  edits: [{ ...at, newText: usual }],
                  preferred: word.text !== "inet",
                },
              ]
            : [],
      });
    }
  },
};
