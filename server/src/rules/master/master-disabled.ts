import { disabledBy } from "../../semantics/postfix/disabled.js";
import type { Rule } from "../rule.js";

export const masterDisabled: Rule = {
  code: "master-disabled",
  severity: "information",
  summary: "master_service_disable switches a service off.",
  why: `master(8) leaves out every service that master_service_disable in main.cf matches: nothing listens there, and no message says so. What needs the service does not find it:

    postfix/qmgr[103]: warning: connect to transport private/archive: No such file or directory`,
  remedy: "Take the service out of master_service_disable, if it is needed.",
  wrong: [
    {
      title: "a service and a type",
      text: `-- main.cf --
master_service_disable = archive/unix
-- master.cf --
smtp inet n - n - - smtpd
archive unix - - n - - smtp
#^^^^^^ information`,
    },
  ],
  right: [
    {
      title: "an exception before the pattern",
      text: `-- main.cf --
master_service_disable = !25/inet, 465/inet
-- master.cf --
25 inet n - n - - smtpd
587 inet n - n - - smtpd`,
    },
  ],
  check(context) {
    const { services, environment } = context.system;
    const patterns = environment.value("master_service_disable");
    if (patterns.text === "" || patterns.unknown !== undefined) return;
    for (const service of services) {
      if (service.overriddenBy || service.uncertain) continue;
      const pattern = disabledBy(service, patterns.text);
      if (!pattern) continue;
      const where = environment.locate("master_service_disable", pattern.range.start, pattern.range.end);
      context.report({
        at: service.nameLocation,
        message: `master leaves this service out: "${pattern.text}" in master_service_disable matches it.`,
        related: where ? [{ ...where, message: "this switches it off" }] : [],
        fixes: () =>
          where && pattern.exact
            ? [
                {
                  title: `Remove ${pattern.text} from master_service_disable`,
                  edits: [{ ...where, newText: "" }],
                },
              ]
            : [],
      });
    }
  },
};
