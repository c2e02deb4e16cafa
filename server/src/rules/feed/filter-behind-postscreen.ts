import { losesFilter } from "../../flow/coverage.js";
import { addOption } from "../edits.js";
import { deleteOptionFix, unreadOptions } from "../endpoints/unreadOptions.js";
import type { Rule } from "../rule.js";

export const filterBehindPostscreen: Rule = {
  code: "filter-behind-postscreen",
  severity: "error",
  summary: "The filter is set on postscreen, which does not read it: mail passes unfiltered.",
  why: `postscreen(8) owns port 25 and only decides who may speak to smtpd. The mail is taken by the smtpd behind it, the entry of type \`pass\`, and what that one asks for counts. With \`content_filter\` on the postscreen entry everything is delivered, nothing is scanned, and no line in the log says so.`,
  remedy: "Move the option to the entry of type pass.",
  wrong: [
    {
      title: "the options stayed at port 25 when postscreen came",
      text: `-- master.cf --
smtp inet n - n - 1 postscreen
  -o content_filter=smtp-amavis:[127.0.0.1]:10024
#    ^^^^^^^^^^^^^^ error
smtpd pass - - n - - smtpd
dnsblog unix - - n - 0 dnsblog
tlsproxy unix - - n - 0 tlsproxy
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "a filter before the queue",
      text: `-- master.cf --
25 inet n - n - 1 postscreen
  -o smtpd_service_name=behind
  -o smtpd_proxy_filter=127.0.0.1:10024
#    ^^^^^^^^^^^^^^^^^^ error
behind pass - - n - - smtpd
smtpd pass - - n - - smtpd
127.0.0.1:10025 inet n - n - - smtpd
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
  ],
  right: [
    {
      title: "on the smtpd behind it, or in main.cf for all",
      text: `-- master.cf --
smtp inet n - n - 1 postscreen
smtpd pass - - n - - smtpd
  -o content_filter=smtp-amavis:[127.0.0.1]:10024
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "the option is idle, and the filter runs all the same",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - 1 postscreen
  -o content_filter=smtp-amavis:[127.0.0.1]:10024
smtpd pass - - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
  ],
  check(context) {
    for (const { kind, setting, service } of unreadOptions(context)) {
      const behind = kind === "wrong-client" ? undefined : losesFilter(context.system, service, setting.name);
      if (!behind || service.program !== "postscreen") continue;
      const value = setting.definition.raw;
      const remove = deleteOptionFix(context, service, setting.name);
      context.report({
        at: setting.nameLocation,
        message: `postscreen(8) never looks at ${setting.name}, and ${behind.name} (${context.place(behind.nameLocation)}), which takes the mail of this port, has none: mail is delivered without being filtered.`,
        related: [{ ...behind.nameLocation, message: `${behind.name} takes the mail` }],
        fixes: () =>
          /\s/.test(value)
            ? []
            : [
                {
                  title: `Move it to ${behind.name}`,
                  edits: [...remove.edits, addOption(context, behind, setting.name, value)],
                  preferred: true,
                },
              ],
      });
    }
  },
};
