import type { Rule } from "../rule.js";
import { reportFaults } from "./found-faults.js";

export const mainBadPort: Rule = {
  code: "main-bad-port",
  severity: "error",
  summary: `The port for outgoing mail does not exist.`,
  why: `It counts where a nexthop has no port of its own. The smtp client starts, but stops when it needs the port:

    postfix/smtp[124]: fatal: bad network port: 70000 for destination: [mail.example.org]`,
  remedy: `Write a number from 1 to 65535; 25 is the one of SMTP.`,
  wrong: [
    {
      title: `too large`,
      text: `-- main.cf --
smtp_tcp_port = 70000
#               ^^^^^ error
-- master.cf --
smtp unix - - n - - smtp`,
    },
    {
      title: `a name that no services file has`,
      text: `-- main.cf --
smtp_tcp_port = smarthost
#               ^^^^^^^^^ warning
-- master.cf --
smtp unix - - n - - smtp`,
    },
  ],
  right: [
    {
      title: `a number and a name`,
      text: `-- main.cf --
smtp_tcp_port = 587
lmtp_tcp_port = lmtp
-- master.cf --
smtp unix - - n - - smtp`,
    },
  ],
  check(context) {
    reportFaults(context, ["port"]);
  },
};
