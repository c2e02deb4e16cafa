import type { Rule } from "../rule.js";
import { deleteOption } from "./edits.js";
import { READ_ONLY } from "./main-readonly.js";

export const masterOReadonly: Rule = {
  code: "master-o-readonly",
  severity: "warning",
  summary: "An option sets a name that every process sets itself.",
  why: `\`process_id\`, \`process_name\` and \`service_name\` are there to be used in values. The process overwrites what \`-o\` says:

    postconf: warning: /etc/postfix/master.cf: read-only parameter assignment: service_name=out`,
  remedy: "Delete the option; `syslog_name` is what gives the log lines of a service another name.",
  wrong: [
    {
      title: "a name of Postfix's own",
      text: `-- master.cf --
submission inet n - n - - smtpd
  -o service_name=out
#    ^^^^^^^^^^^^ warning`,
    },
  ],
  right: [
    {
      title: "another name in the log",
      text: `-- master.cf --
submission inet n - n - - smtpd
  -o syslog_name=postfix/out`,
    },
  ],
  check(context) {
    for (const service of context.system.services)
      for (const option of service.options) {
        if (!option.valid || !READ_ONLY.has(option.name)) continue;
        const { file } = service.location;
        context.report({
          at: { file, range: option.nameRange },
          message: `Every process sets ${option.name} itself: this option has no effect, and postconf warns "read-only parameter assignment".`,
          fixes: () => [
            { title: "Delete the option", edits: [deleteOption(context, file, option)], preferred: true },
          ],
        });
      }
  },
};
