import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const syslogFacility: Rule = {
  code: "syslog-facility",
  severity: "error",
  summary: "The syslog facility does not exist, and amavisd does not start.",
  why: `With $do_syslog amavisd looks $syslog_facility up among the facilities of syslog(3) when it opens its log, and stops when there is none of that name:

    Unknown syslog facility name: male at /usr/share/perl5/Amavis/Log.pm line 93.
    Suspicious syslog facility name: mail.info at /usr/share/perl5/Amavis/Log.pm line 90.

A level behind the facility belongs to $syslog_priority, an older setting that nothing needs any more.`,
  remedy: `Write a facility: \`mail\`, \`daemon\`, \`local0\` to \`local7\`.`,
  wrong: [
    {
      title: "a level behind it",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$do_syslog = 1;
$syslog_facility = 'mail.info';
#                  ^^^^^^^^^^^ error`,
    },
    {
      title: "a misspelt name",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$DO_SYSLOG = 1;
$syslog_facility = 'male';
#                  ^^^^^^ error`,
    },
  ],
  right: [
    {
      title: "facilities",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$do_syslog = 1;
$syslog_facility = 'LOCAL0';`,
    },
    {
      title: "a file instead of syslog",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$do_syslog = 0;
$syslog_facility = 'male';`,
    },
  ],
  check(context) {
    reportProblems(context, "syslog-facility");
  },
};
