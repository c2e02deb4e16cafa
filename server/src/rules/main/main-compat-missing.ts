import { hasReached } from "../../knowledge/version.js";
import type { Rule } from "../rule.js";
import { appendSetting } from "./edits.js";

export const mainCompatMissing: Rule = {
  code: "main-compat-missing",
  severity: "information",
  summary: "main.cf does not say which defaults it was written for.",
  why: `Without \`compatibility_level\` Postfix 3.0 and later use the defaults of before: \`-\` in the chroot column of master.cf means y, \`append_dot_mydomain\` and \`relay_domains\` have their old values, and SMTPUTF8 is off. Nothing fails, and the log says what was decided:

    postfix/master[1]: /etc/postfix/master.cf: line 12: using backwards-compatible default setting chroot=y

Every line that relies on a default means something else on a host that sets the level.`,
  remedy:
    "Set what the log names as it is used today, then set the level; or set the level alone when the configuration was written for new defaults.",
  wrong: [
    {
      title: "not set",
      text: `-- main.cf --
myhostname = mail.example.org
#^^^^^^^^^ information`,
    },
  ],
  right: [
    {
      title: "set",
      text: `-- main.cf --
compatibility_level = 3.6
myhostname = mail.example.org`,
    },
  ],
  check(context) {
    const { main, parameters, profile, source } = context.system;
    const first = main?.entries.find((entry) => entry.valid);
    if (!first || !source.main || source.main.template || parameters.entry("compatibility_level")) return;
    if (main?.entries.some((entry) => entry.name.endsWith("compatibility_level"))) return;
    if (!hasReached(profile.version, "3.0")) return;
    const file = source.main.path;
    const level = hasReached(profile.version, "3.6") ? "3.6" : "2";
    const dashes = context.system.services.filter(({ entry }) => entry.columns.chroot?.text === "-").length;
    context.report({
      at: { file, range: first.nameRange },
      message: `compatibility_level is not set: Postfix 3.0 and later use the defaults of before${dashes > 0 ? `, and ${dashes} ${dashes === 1 ? "service" : "services"} with "-" in the chroot column of master.cf run chrooted` : ""}.`,
      fixes: () => [
        {
          title: `Set compatibility_level = ${level}`,
          edits: [appendSetting(context, file, "compatibility_level", level)],
        },
      ],
    });
  },
};
