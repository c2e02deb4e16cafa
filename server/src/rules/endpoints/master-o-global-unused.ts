import type { Rule } from "../rule.js";
import { deleteOptionFix, showReaders, unreadOptions } from "./unreadOptions.js";

export const masterOGlobalUnused: Rule = {
  code: "master-o-global-unused",
  severity: "information",
  summary: "An option sets what its program reads at its start and never uses.",
  why: `Some parameters are read by every program, whether it has a use for them or not. \`-o relayhost=\` behind smtpd changes no route, because trivial-rewrite(8) chooses routes, with the value that it has itself. A bad value still stops the program. Nothing is logged.`,
  remedy: "Set the parameter in main.cf, or on the entry of a program that uses it.",
  wrong: [
    {
      title: "smtpd chooses no routes",
      text: `-- master.cf --
submission inet n - n - - smtpd
  -o relayhost=[relay.example.com]:587
#    ^^^^^^^^^ information`,
    },
    {
      title: "the limit of processes is master's business",
      text: `-- master.cf --
smtp inet n - n - - smtpd
  -o default_process_limit=50
#    ^^^^^^^^^^^^^^^^^^^^^ information`,
    },
  ],
  right: [
    {
      title: "used by the program or by code that all share",
      text: `-- master.cf --
smtp inet n - n - - smtpd
  -o mynetworks=127.0.0.0/8
  -o myhostname=mx.example.com
  -o message_size_limit=10240000
  -o syslog_name=postfix/in
  -o inet_protocols=ipv4
  -o max_idle=1s
rewrite unix - - n - - trivial-rewrite
  -o relayhost=[relay.example.com]:587`,
    },
  ],
  check(context) {
    for (const { kind, setting, service, facts } of unreadOptions(context)) {
      if (kind !== "not-used") continue;
      context.report({
        at: setting.nameLocation,
        message: `${setting.name} has no effect on ${service.program}(8): what it decides is decided by ${showReaders(facts)}.`,
        fixes: () => [deleteOptionFix(context, service, setting.name)],
      });
    }
  },
};
