import type { Rule } from "../rule.js";
import { isExpanded, macroFaults, mendMacro } from "./macros.js";

export const mainMacroSyntax: Rule = {
  code: "main-macro-syntax",
  severity: "error",
  summary: "A `$` in main.cf begins no name that Postfix can read.",
  why: `A program that expands the value stops, and so does postconf, without which no Postfix command works:

    postconf: warning: truncated macro reference: "\${virtual_domains"
    postconf: fatal: macro processing error
    postfix/postfix-script[1]: fatal: cannot execute /usr/sbin/postconf!

Postfix does not start and cannot be reloaded or stopped. In a parameter that nothing uses it is a warning only.`,
  remedy: "Close the bracket, write `$name`, `${name}` or `$(name)`, and `$$` for a dollar sign.",
  wrong: [
    {
      title: "a bracket that is not closed",
      text: `-- main.cf --
virtual_mailbox_domains = \${virtual_domains
#                         ^^^^^^^^^^^^^^^^^ error`,
    },
    {
      title: "a dollar sign of its own",
      text: `-- main.cf --
smtpd_banner = $myhostname for 5$ only
#                               ^ error`,
    },
    {
      title: "a hyphen is no letter of a name",
      text: `-- main.cf --
relayhost = \${smart-host}
#           ^^^^^^^^^^^^^ error`,
    },
    {
      title: "a comparison of what is no level",
      text: `-- main.cf --
smtpd_banner = \${{new} <level {3.6} ? {old} : {$myhostname}}
#              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error`,
    },
  ],
  right: [
    {
      title: "the forms that there are",
      text: `-- main.cf --
smart_host = [192.0.2.1]
relayhost = \${smart_host}
smtpd_banner = $myhostname for 5$$ \${mail_name?{ESMTP}:{}}`,
    },
  ],
  check(context) {
    const { parameters, environment } = context.system;
    const { file } = parameters;
    for (const name of parameters.names) {
      const entry = parameters.entry(name);
      if (!entry?.value.includes("$")) continue;
      for (const fault of macroFaults(name, entry.value, environment)) {
        const fatal = fault.evaluated && isExpanded(context, name);
        context.report({
          at: { file, range: entry.valuePart(fault.range.start, fault.range.end) },
          severity: fatal ? "error" : "warning",
          message: fatal
            ? `Postfix cannot read this: '${fault.log}', then "fatal: macro processing error" from postconf and every program that uses ${name}. No Postfix command works.`
            : `Postfix cannot read this, and postconf warns '${fault.log}'; no program expands it as the files are.`,
          fixes: () =>
            mendMacro(entry.value, fault, (start, end, newText) => ({
              file,
              range: entry.valuePart(start, end),
              newText,
            })),
        });
      }
    }
  },
};
