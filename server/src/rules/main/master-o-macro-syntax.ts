import type { Rule } from "../rule.js";
import { lastOptions } from "./edits.js";
import { isExpanded, macroFaults, mendMacro } from "./macros.js";

export const masterOMacroSyntax: Rule = {
  code: "master-o-macro-syntax",
  severity: "error",
  summary: "A `$` in an option begins no name that Postfix can read.",
  why: `postconf expands the options of all services before every Postfix command, and stops:

    postconf: warning: attribute name syntax error at: "...my>>>-filter"
    postconf: fatal: macro processing error
    postfix/postfix-script[1]: fatal: cannot execute /usr/sbin/postconf!

Postfix does not start and cannot be reloaded or stopped.`,
  remedy: "Close the bracket, write `$name`, `${name}` or `$(name)`, and `$$` for a dollar sign.",
  wrong: [
    {
      title: "a hyphen is no letter of a name",
      text: `-- master.cf --
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=\${my-filter}
#                   ^^^^^^^^^^^^ error`,
    },
    {
      title: "a bracket that is not closed",
      text: `-- master.cf --
127.0.0.1:10025 inet n - n - - smtpd
  -o smtpd_banner=$(myhostname
#                 ^^^^^^^^^^^^ error`,
    },
  ],
  right: [
    {
      title: "the forms that there are",
      text: `-- master.cf --
127.0.0.1:10025 inet n - n - - smtpd
  -o smtpd_banner=\${myhostname}
  -o syslog_name=postfix/$service_name`,
    },
  ],
  check(context) {
    for (const service of context.system.services) {
      const { file } = service.location;
      for (const option of lastOptions(service))
        for (const fault of macroFaults(option.name, option.value, service.environment)) {
          const fatal = fault.evaluated && isExpanded(context, option.name);
          context.report({
            at: { file, range: option.valuePart(fault.range.start, fault.range.end) },
            severity: fatal ? "error" : "warning",
            message: fatal
              ? `Postfix cannot read this: '${fault.log}', then "fatal: macro processing error" from postconf, and no Postfix command works.`
              : `Postfix cannot read this, and postconf warns '${fault.log}'; no program expands it as the files are.`,
            fixes: () =>
              mendMacro(option.value, fault, (start, end, newText) => ({
                file,
                range: option.valuePart(start, end),
                newText,
              })),
          });
        }
    }
  },
};
