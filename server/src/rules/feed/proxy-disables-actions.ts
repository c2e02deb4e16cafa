import { actionsBehindProxy } from "../../system/feeds.js";
import { smtpdServices } from "../lists/settings.js";
import type { Rule } from "../rule.js";

export const proxyDisablesActions: Rule = {
  code: "proxy-disables-actions",
  severity: "warning",
  summary:
    "An access table asks for FILTER where smtpd_proxy_filter takes the mail: the action is not carried out.",
  why: `FILTER is written into the queue file. A service with \`smtpd_proxy_filter\` writes none, it passes the mail on while it comes in. The action is left out, and mail goes on without that filter:

    warning: access table hash:/etc/postfix/access: with smtpd_proxy_filter specified, action FILTER is unavailable

The same is true of HOLD, DISCARD, REDIRECT, BCC and DELAY.`,
  remedy: "Look the table up in the service that takes mail back from the proxy.",
  unfixable: "Whether the filter or the action is to go only the administrator knows.",
  wrong: [
    {
      title: "some senders were to have a filter of their own",
      text: `-- main.cf --
compatibility_level = 3.6
smtpd_sender_restrictions = check_sender_access hash:/etc/postfix/senders
-- senders --
example.net FILTER smtp:[127.0.0.1]:10026
#                  ^^^^^^^^^^^^^^^^^^^^^^ warning
-- master.cf --
smtp inet n - n - - smtpd
  -o smtpd_proxy_filter=127.0.0.1:10024
127.0.0.1:10025 inet n - n - - smtpd
  -o smtpd_sender_restrictions=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
  ],
  right: [
    {
      title: "behind the proxy",
      text: `-- main.cf --
compatibility_level = 3.6
-- senders --
example.net FILTER smtp:[127.0.0.1]:10026
-- master.cf --
smtp inet n - n - - smtpd
  -o smtpd_proxy_filter=127.0.0.1:10024
127.0.0.1:10025 inet n - n - - smtpd
  -o smtpd_sender_restrictions=check_sender_access,hash:/etc/postfix/senders
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
  ],
  check(context) {
    for (const service of smtpdServices(context.system))
      for (const { text, location, parameter } of actionsBehindProxy(service, context.system.tables))
        context.report({
          at: location ?? service.nameLocation,
          message: `${service.name} hands its mail to smtpd_proxy_filter, so FILTER ${text} in ${parameter} is not carried out: mail goes on without that filter.`,
          related: [{ ...service.nameLocation, message: `${service.name} has a filter before the queue` }],
        });
  },
};
