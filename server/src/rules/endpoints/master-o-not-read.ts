import { losesFilter } from "../../flow/coverage.js";
import type { Rule } from "../rule.js";
import { deleteOptionFix, showReaders, unreadOptions } from "./unreadOptions.js";

export const masterONotRead: Rule = {
  code: "master-o-not-read",
  severity: "warning",
  summary: "An option is given to a program that never looks at it.",
  why: `An option changes a parameter for the process of its own entry and for nobody else. Header checks are made by cleanup(8), routes are chosen by trivial-rewrite(8): \`-o header_checks=\` behind smtpd switches nothing off. No program says a word about it, and the value of main.cf goes on to count where it is read.`,
  remedy:
    "Give the option to the entry of a program that reads it, or set the parameter in main.cf. For smtpd's own cleanup use `-o cleanup_service_name=` with a second cleanup entry; `-o receive_override_options=no_header_body_checks` switches the checks off.",
  wrong: [
    {
      title: "header checks are not smtpd's",
      text: `-- main.cf --
header_checks = pcre:/etc/postfix/header_checks
-- master.cf --
127.0.0.1:10025 inet n - n - - smtpd
  -o header_checks=
#    ^^^^^^^^^^^^^ warning`,
    },
    {
      title: "the server's parameters on a client",
      text: `-- master.cf --
relay unix - - n - - smtp
  -o smtpd_tls_security_level=encrypt
#    ^^^^^^^^^^^^^^^^^^^^^^^^ warning`,
    },
    {
      title: "main.cf says the same, so nothing is lost",
      text: `-- master.cf --
127.0.0.1:10025 inet n - n - - smtpd
  -o body_checks=
#    ^^^^^^^^^^^ information`,
    },
  ],
  right: [
    {
      title: "read by the program, by every program, by way of a $name, or by nobody that is known here",
      text: `-- main.cf --
mua_client_restrictions = permit_sasl_authenticated, reject
-- master.cf --
submission inet n - n - - smtpd
  -o syslog_name=postfix/submission
  -o smtpd_tls_security_level=encrypt
  -o smtpd_client_restrictions=$mua_client_restrictions
  -o milter_macro_daemon_name=ORIGINATING
  -o smtp_helo_name=mail.example.com
  -o smtpd_banner=$smtp_helo_name
tlsproxy unix - - n - 0 tlsproxy
  -o smtpd_tls_security_level=may
cleanup unix n - n - 0 cleanup
  -o header_checks=
own unix - n n - - /usr/local/bin/own
  -o header_checks=`,
    },
  ],
  check(context) {
    for (const { kind, setting, service, facts, redundant } of unreadOptions(context)) {
      if (kind !== "not-read") continue;
      // A filter that is lost by it is an error of its own: filter-behind-postscreen.
      if (service.program === "postscreen" && losesFilter(context.system, service, setting.name)) continue;
      context.report({
        at: setting.nameLocation,
        severity: redundant ? "information" : "warning",
        message: `${service.program}(8) never looks at ${setting.name}, so this option changes nothing${redundant ? "; what it asks for is so anyway" : ""}. The parameter is read by ${showReaders(facts)}.`,
        fixes: () => [deleteOptionFix(context, service, setting.name)],
      });
    }
  },
};
