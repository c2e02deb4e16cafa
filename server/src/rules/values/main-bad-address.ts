import type { Rule } from "../rule.js";
import { reportFaults } from "./found-faults.js";

export const mainBadAddress: Rule = {
  code: "main-bad-address",
  severity: "error",
  summary: `The address to connect from is no address.`,
  why: `Names are not looked up here. The smtp client starts, but stops when it opens a connection, and all mail by that transport is deferred:

    postfix/smtp[124]: fatal: smtp_connect_addr: bad smtp_bind_address parameter: mail.example.org: Name or service not known`,
  remedy: `Write an IPv4 address for smtp_bind_address and an IPv6 address for smtp_bind_address6, in brackets or not.`,
  wrong: [
    {
      title: `a name`,
      text: `-- main.cf --
smtp_bind_address = mail.example.org
#                   ^^^^^^^^^^^^^^^^ error
-- master.cf --
smtp unix - - n - - smtp`,
    },
    {
      title: `of the other family`,
      text: `-- main.cf --
smtp_bind_address = 2001:db8::1
#                   ^^^^^^^^^^^ warning
-- master.cf --
smtp unix - - n - - smtp`,
    },
  ],
  right: [
    {
      title: `addresses`,
      text: `-- main.cf --
smtp_bind_address = 192.0.2.1
smtp_bind_address6 = [2001:db8::1]
-- master.cf --
smtp unix - - n - - smtp`,
    },
  ],
  check(context) {
    reportFaults(context, ["ip-address"]);
  },
};
