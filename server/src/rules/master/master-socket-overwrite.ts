import type { Service } from "../../semantics/postfix/services.js";
import { deleteEntry } from "../edits.js";
import type { Rule } from "../rule.js";

export const masterSocketOverwrite: Rule = {
  code: "master-socket-overwrite",
  severity: "error",
  summary: "Two services of different types want one path.",
  why: `Services of the types unix, unix-dgram, fifo and pass are files below private/ or public/. To master(8) a name with another type is another service, so it opens both, and the later one takes the path away from the earlier, which then waits at a socket that nobody can reach. No message says so; clients of the earlier one see

    postfix/qmgr[103]: warning: connect to transport private/relay: Protocol wrong type for socket

or "Connection refused", and mail is deferred.`,
  remedy: "Remove one of the two, or give it another name.",
  wrong: [
    {
      title: "one name, two types",
      text: `-- master.cf --
pickup fifo n - n 60 1 pickup
#^^^^^ error
pickup unix n - n 60 1 pickup`,
    },
  ],
  right: [
    {
      title: "a network service and a file never meet, private and public do not either",
      text: `-- master.cf --
smtp inet n - n - - smtpd
smtp unix - - n - - smtp
postlog unix-dgram n - n - 1 postlogd
smtpd pass - - n - - smtpd`,
    },
  ],
  check(context) {
    // In a template the two may stand in branches that exclude each other.
    if (context.system.master?.trivia.some((piece) => piece.kind === "control")) return;
    const taken = new Map<string, Service>();
    for (const service of context.system.services.toReversed()) {
      if (service.type === "inet" || service.overriddenBy || service.key === undefined) continue;
      const path = `${service.public ? "public" : "private"}/${service.name}`;
      const later = taken.get(path);
      if (!later) {
        taken.set(path, service);
        continue;
      }
      context.report({
        at: service.nameLocation,
        message: `"${service.name}" (${service.type}) cannot be reached: ${context.place(later.nameLocation)} (${later.type}) has the same path, ${path}, and the later entry takes it.`,
        related: [{ ...later.nameLocation, message: `takes ${path}` }],
        fixes: () => [
          {
            title: `Remove this entry (${context.place(service.nameLocation)}), which nobody can reach`,
            edits: [deleteEntry(context, service)],
            preferred: service.program === later.program,
          },
        ],
      });
    }
  },
};
