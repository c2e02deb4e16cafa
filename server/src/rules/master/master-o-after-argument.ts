import { argumentFaults } from "../../semantics/postfix/arguments.js";
import type { Rule } from "../rule.js";

export const masterOAfterArgument: Rule = {
  code: "master-o-after-argument",
  severity: "error",
  summary: "An -o stands behind an attribute of pipe, spawn or smtp.",
  why: `Options end at the first word that is none. What stands behind \`flags=\`, \`user=\` and the like is read as an attribute, and the daemon stops when it is first needed; mail is deferred:

    postfix/pipe[378]: fatal: unknown attribute name: -o
    postfix/qmgr[103]: warning: private/maildrop socket: malformed response

Behind \`argv=\` the \`-o\` goes to the command, and the parameter keeps its value from main.cf.`,
  remedy: "Write every `-o name=value` in front of the first attribute.",
  wrong: [
    {
      title: "behind flags=",
      text: `-- master.cf --
lmtp-local unix - - n - - lmtp flags=D
  -o lmtp_data_done_timeout=1200
# ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error`,
    },
    {
      title: "a parameter of Postfix behind the command",
      text: `-- master.cf --
maildrop unix - n n - - pipe
  flags=Ru user=vmail argv=/usr/bin/maildrop
  -o syslog_name=postfix/maildrop
# ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning`,
    },
  ],
  right: [
    {
      title: "in front of them",
      text: `-- master.cf --
lmtp-local unix - - n - - lmtp -o lmtp_data_done_timeout=1200 flags=D`,
    },
    {
      title: "an -o of the command itself",
      text: `-- master.cf --
archive unix - n n - - pipe flags=R user=mail argv=/usr/bin/store -o $recipient`,
    },
  ],
  check(context) {
    const template = context.system.source.master?.template ?? false;
    for (const service of context.system.services) {
      const first = service.entry.operands[0];
      if (!first) continue;
      const { file } = service.location;
      for (const { kind, range, text, fatal } of argumentFaults(service, template)) {
        if (kind !== "late-option") continue;
        const { program } = service;
        context.report({
          at: { file, range },
          severity: fatal ? "error" : "warning",
          message: fatal
            ? `Options end at the first attribute, so "${text}" is none: ${program} stops with "fatal: unknown attribute name: -o" when it is first needed, and mail is deferred.`
            : `"${text}" stands behind argv=, so it goes to the command as an argument, and ${program} does not see it.`,
          fixes: () => {
            const whole = context.text(file);
            const from = whole.slice(0, range.start).trimEnd().length;
            const option = text.startsWith("-o ") ? text : `-o ${text.replace(/^-v*o/, "")}`;
            return [
              {
                title: `Move ${option} in front of ${first.text}`,
                edits: [
                  {
                    file,
                    range: { start: first.range.start, end: first.range.start },
                    newText: `${option} `,
                  },
                  { file, range: { start: from, end: range.end }, newText: "" },
                ],
                preferred: true,
              },
            ];
          },
        });
      }
    }
  },
};
