import { losesFilter } from "../../flow/coverage.js";
import { addOption } from "../edits.js";
import type { Fix } from "../finding.js";
import type { Rule, RuleContext } from "../rule.js";
import { deleteOptionFix, type UnreadOption, unreadOptions } from "./unreadOptions.js";

export const masterPostscreenOverrides: Rule = {
  code: "master-postscreen-overrides",
  severity: "warning",
  summary: "Options for smtpd stand behind postscreen.",
  why: `Where postscreen(8) has taken over port 25, the mail is taken by the smtpd behind it, an entry of type \`pass\` with options of its own. postscreen does not look at \`smtpd_recipient_restrictions\` and the like, hands nothing on, and says nothing: the restriction or the filter is not there.`,
  remedy: "Move the options to the entry of type pass.",
  wrong: [
    {
      title: "restrictions that nobody reads",
      text: `-- master.cf --
smtp inet n - n - 1 postscreen
  -o smtpd_recipient_restrictions=reject_unauth_destination
#    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning
smtpd pass - - n - - smtpd`,
    },
  ],
  right: [
    {
      title: "what postscreen reads itself, and the others where they belong",
      text: `-- master.cf --
smtp inet n - n - 1 postscreen
  -o smtpd_banner=mx.example.com
  -o postscreen_greet_action=enforce
smtpd pass - - n - - smtpd
  -o smtpd_recipient_restrictions=reject_unauth_destination`,
    },
  ],
  check(context) {
    for (const option of unreadOptions(context)) {
      if (option.kind !== "postscreen") continue;
      const { setting } = option;
      // A filter that is lost by it is an error of its own: filter-behind-postscreen.
      if (losesFilter(context.system, option.service, setting.name)) continue;
      context.report({
        at: setting.nameLocation,
        message: `postscreen(8) never looks at ${setting.name}: it belongs to the entry of type pass, whose smtpd takes the mail.`,
        fixes: () => mend(context, option),
      });
    }
  },
};

function mend(context: RuleContext, { setting, service }: UnreadOption): Fix[] {
  const remove = deleteOptionFix(context, service, setting.name);
  const target = service.environment.value("smtpd_service_name").text;
  const behind = context.system.services.find(
    ({ name, type, overriddenBy }) => name === target && type === "pass" && !overriddenBy,
  );
  const value = setting.definition.raw;
  const there = behind?.options.some(({ name }) => name === setting.name);
  if (!behind || there || /\s/.test(value)) return [remove];
  const add = addOption(context, behind, setting.name, value);
  return [{ title: `Move it to ${behind.name}`, edits: [...remove.edits, add], preferred: true }, remove];
}
