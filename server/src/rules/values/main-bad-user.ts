import { replace } from "../edits.js";
import type { Rule } from "../rule.js";
import { reportFaults } from "./found-faults.js";

export const mainBadUser: Rule = {
  code: "main-bad-user",
  severity: "error",
  summary: `A user or group of Postfix is root, a number, or the same as another.`,
  why: `Postfix gives its rights away to users of its own. It refuses root, it looks for names only, and default_privs must not be mail_owner. No program starts:

    postfix/smtpd[124]: fatal: file /etc/postfix/main.cf: parameter default_privs: user root has privileged user ID`,
  remedy: `Write the name of a user without rights, as they come with the installation: postfix for mail_owner, postdrop for setgid_group, nobody for default_privs.`,
  wrong: [
    {
      title: `root`,
      text: `-- main.cf --
default_privs = root
#               ^^^^ error
-- master.cf --
smtp inet n - n - - smtpd`,
    },
    {
      title: `a number`,
      text: `-- main.cf --
mail_owner = 89
#            ^^ error
-- master.cf --
smtp inet n - n - - smtpd`,
    },
    {
      title: `one user for two things`,
      text: `-- main.cf --
mail_owner = postfix
default_privs = postfix
#               ^^^^^^^ error
-- master.cf --
smtp inet n - n - - smtpd`,
    },
  ],
  right: [
    {
      title: `names`,
      text: `-- main.cf --
mail_owner = postfix
default_privs = nobody
setgid_group = postdrop
-- master.cf --
smtp inet n - n - - smtpd`,
    },
  ],
  check(context) {
    reportFaults(context, ["user"]);
    const { system } = context;
    const owner = system.environment.value("mail_owner");
    for (const setting of system.settings) {
      const { name, value } = setting;
      if ((name !== "default_privs" || value.unknown) ?? owner.unknown) continue;
      if (value.text === "" || value.text !== owner.text) continue;
      context.report({
        at: setting.valueLocation,
        message: `default_privs and mail_owner are both ${value.text}: every program of Postfix stops with "fatal: ... parameters default_privs and mail_owner specify the same user ${value.text}".`,
        fixes: () => [
          { title: "Write nobody", edits: [replace(setting.valueLocation, "nobody")], preferred: false },
        ],
      });
    }
  },
};
