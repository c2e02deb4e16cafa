import { replace } from "../edits.js";
import type { Rule } from "../rule.js";

export const mainMaillogPrefix: Rule = {
  code: "main-maillog-prefix",
  severity: "error",
  summary: `maillog_file lies where Postfix does not write its log.`,
  why: `The log file has to lie below one of maillog_file_prefixes (by default /var and /dev/stdout), so that a slip of the pen overwrites nothing. No program starts:

    postfix/smtpd[124]: fatal: maillog_file value '/srv/log/mail.log' does not match any prefix in maillog_file_prefixes`,
  remedy: `Move the file below /var, or add its folder to maillog_file_prefixes.`,
  wrong: [
    {
      title: `outside of /var`,
      text: `-- main.cf --
maillog_file = /srv/log/mail.log
#              ^^^^^^^^^^^^^^^^^ error
-- master.cf --
smtp inet n - n - - smtpd`,
    },
  ],
  right: [
    {
      title: `below a prefix`,
      text: `-- main.cf --
maillog_file = /var/log/postfix.log
-- master.cf --
smtp inet n - n - - smtpd`,
    },
    {
      title: `a prefix of one's own`,
      text: `-- main.cf --
maillog_file = /srv/log/mail.log
maillog_file_prefixes = /var, /srv/log
-- master.cf --
smtp inet n - n - - smtpd`,
    },
    {
      title: `standard output`,
      text: `-- main.cf --
maillog_file = /dev/stdout
-- master.cf --
smtp inet n - n - - smtpd`,
    },
  ],
  check(context) {
    for (const setting of context.system.settings) {
      const { name, value, environment, valueLocation } = setting;
      if (name !== "maillog_file" || value.unknown !== undefined || value.text === "") continue;
      const prefixes = environment.value("maillog_file_prefixes");
      if (prefixes.unknown !== undefined) continue;
      const list = prefixes.text.split(/[, \t\r\n]+/).filter((prefix) => prefix !== "");
      if (list.some((prefix) => isBelow(value.text, prefix))) continue;
      const origin = prefixes.definition?.origin;
      context.report({
        at: valueLocation,
        message: `${value.text} is not below ${list.join(" or ") || "any folder"}: every program of Postfix stops with "fatal: maillog_file value '${value.text}' does not match any prefix in maillog_file_prefixes".`,
        related: origin ? [{ ...origin, message: "the folders that are allowed" }] : [],
        fixes: () => {
          const file = value.text.split("/").pop() || "postfix.log";
          return [{ title: `Write /var/log/${file}`, edits: [replace(valueLocation, `/var/log/${file}`)] }];
        },
      });
    }
  },
};

/** Whether a path is one of a folder, or the folder's own name. */
function isBelow(path: string, prefix: string): boolean {
  const folder = prefix.replace(/\/+$/, "");
  return path === folder || path.startsWith(`${folder}/`);
}
