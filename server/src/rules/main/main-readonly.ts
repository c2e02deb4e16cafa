import type { Rule } from "../rule.js";
import { deleteLines } from "./edits.js";

/** Names that every process sets for itself. */
export const READ_ONLY: ReadonlySet<string> = new Set(["process_id", "process_name", "service_name"]);

export const mainReadonly: Rule = {
  code: "main-readonly",
  severity: "warning",
  summary: "main.cf sets a name that every process sets itself.",
  why: `\`process_id\`, \`process_name\` and \`service_name\` are there to be used in values. Each process overwrites what main.cf says:

    postconf: warning: /etc/postfix/main.cf: read-only parameter assignment: process_name=smtpd`,
  remedy: "Delete the line, or use a name of your own.",
  wrong: [
    {
      title: "a name of Postfix's own",
      text: `-- main.cf --
service_name = mail
#^^^^^^^^^^^ warning`,
    },
  ],
  right: [
    {
      title: "used in a value",
      text: `-- main.cf --
syslog_name = postfix/$service_name`,
    },
  ],
  check(context) {
    const { parameters } = context.system;
    for (const name of READ_ONLY) {
      const entry = parameters.entry(name);
      if (!entry) continue;
      context.report({
        at: { file: parameters.file, range: entry.nameRange },
        message: `Every process sets ${name} itself: this setting has no effect, and postconf warns "read-only parameter assignment".`,
        fixes: () => [
          {
            title: "Delete the setting",
            edits: deleteLines(context, parameters.file, entry),
            preferred: true,
          },
        ],
      });
    }
  },
};
