import { replace } from "../edits.js";
import type { Fix } from "../finding.js";
import type { Rule } from "../rule.js";
import { reportAttributes } from "./attributes.js";
import { type SocketUse, socketUses } from "./sockets.js";

export const mainMilterForm: Rule = {
  code: "main-milter-form",
  severity: "error",
  summary: "A milter is not written as inet:host:port or unix:path.",
  why: `Postfix takes \`inet:host:port\`, \`unix:path\` and \`local:path\`, in small letters. With anything else it does what \`milter_default_action\` says, by default refuse all mail for now:

    postfix/smtpd[123]: warning: invalid transport name: tcp in Milter service: tcp:127.0.0.1:8891
    postfix/smtpd[123]: NOQUEUE: milter-reject: CONNECT from unknown[192.0.2.1]: 451 4.3.5 Server configuration problem - try again later

With \`accept\` mail passes without the milter. A port that is none (\`inet:8891@127.0.0.1\`, as Sendmail writes it) kills the process at every connection, whatever the default action:

    postfix/smtpd[123]: fatal: 8891@127.0.0.1: garbage after numerical service`,
  remedy: "Write `inet:127.0.0.1:8891` or `unix:/run/opendkim/opendkim.sock`.",
  wrong: [
    {
      title: "no prefix",
      text: `-- main.cf --
smtpd_milters = 127.0.0.1:8891
#               ^^^^^^^^^^^^^^ error`,
    },
    {
      title: "Sendmail's way",
      text: `-- main.cf --
non_smtpd_milters = inet:8891@127.0.0.1
#                   ^^^^^^^^^^^^^^^^^^^ error`,
    },
    {
      title: "a path and nothing else, and no port",
      text: `-- main.cf --
smtpd_milters = /run/opendkim/opendkim.sock, { inet:127.0.0.1:8891, connect_timeout=3s }
#               ^^^^^^^^^^^^^^^^^^^^^^^^^^^ error`,
    },
    {
      title: "another prefix",
      text: `-- main.cf --
smtpd_milters = unix:private/milter tcp:127.0.0.1:8891
#                                   ^^^^^^^^^^^^^^^^^^ error`,
    },
    {
      title: "a misspelt attribute",
      text: `-- main.cf --
smtpd_milters = { inet:127.0.0.1:8891, connect_timout=3s }
#                                      ^^^^^^^^^^^^^^ error`,
    },
  ],
  right: [
    {
      title: "every form",
      text: `-- main.cf --
smtpd_milters = inet:localhost:8891, unix:/run/milter.sock local:private/milter { inet:[::1]:8892, default_action=accept }
non_smtpd_milters = $smtpd_milters
-- master.cf --
smtp inet n - n - - smtpd
  -o smtpd_milters=`,
    },
  ],
  check(context) {
    for (const use of socketUses(context)) {
      const { fault, fatal } = use.endpoint;
      if (use.form !== "milter") continue;
      reportAttributes(context, use);
      if (fault === undefined) continue;
      const { name, environment } = use.setting;
      const program = name === "smtpd_milters" ? "smtpd" : "cleanup";
      const action = environment.value("milter_default_action").text;
      const effect = fatal
        ? `${program} dies with "fatal: ${fault}" as soon as it is used`
        : action === "accept"
          ? "mail passes without this milter, as milter_default_action says"
          : `mail is refused with "451 4.3.5 Server configuration problem"`;
      context.report({
        at: use.at(0, use.text.length),
        message: `"${use.text}" in ${name} is no milter endpoint, which is inet:host:port or unix:path: ${effect}.`,
        fixes: () => mend(use),
      });
    }
  },
};

function mend(use: SocketUse): Fix[] {
  const { text } = use;
  const sendmail = /^inet6?:(\d+)@(\S+)$/i.exec(text);
  const newText = sendmail
    ? `inet:${sendmail[2]}:${sendmail[1]}`
    : /^\/[^:]*$/.test(text)
      ? `unix:${text}`
      : /^(?:tcp:|INET:)?(\[[\da-f:.]+\]|[\w.-]+):\d+$/i.test(text)
        ? `inet:${text.replace(/^(?:tcp|inet):/i, "")}`
        : text.replace(/^(?:UNIX|LOCAL):/i, "unix:");
  if (newText === text) return [];
  return [{ title: `Write ${newText}`, edits: [replace(use.at(0, text.length), newText)], preferred: true }];
}
