import type { Rule } from "../rule.js";
import { failureSeverity, faultyAddresses, listFails } from "./addresses.js";

export const mainAddressUnbracketed: Rule = {
  code: "main-address-unbracketed",
  severity: "error",
  summary: "An IPv6 address in an address list stands without brackets.",
  why: `In these lists a colon divides the type of a lookup table from its name, so \`::1\` is a table without a type and \`2001:db8::/32\` one of the type 2001. smtpd stops at its first connection,

    postfix/smtpd[124]: fatal: open dictionary: expecting "type:name" form instead of "::1"

or answers everybody "451 4.3.0 Temporary lookup failure" (\`error: unsupported dictionary type: 2001\`).`,
  remedy: "Write the address in brackets, the length behind them: `[::1]/128`.",
  wrong: [
    {
      title: "without brackets",
      text: `-- main.cf --
mynetworks = 127.0.0.0/8 ::1/128 2001:db8::/32
#                        ^^^^^^^ error
#                                ^^^^^^^^^^^^^ error`,
    },
  ],
  right: [
    {
      title: "in brackets; lists of plain addresses do without",
      text: `-- main.cf --
mynetworks = 127.0.0.0/8 [::1]/128 [::ffff:127.0.0.0]/104 hash:/etc/postfix/networks cidr:/etc/postfix/nets
inet_interfaces = 127.0.0.1, ::1`,
    },
  ],
  check(context) {
    for (const found of faultyAddresses(context.system)) {
      const { pattern, parameter, at } = found;
      if (pattern.fault?.kind !== "unbracketed") continue;
      const { replacement } = pattern.fault;
      const then = pattern.text.startsWith(":")
        ? 'the program that reads it stops with "expecting type:name form", and no mail gets in'
        : `a table of an unknown type, so ${listFails(found, "client")}`;
      context.report({
        at,
        severity: pattern.text.startsWith(":") ? "error" : failureSeverity(found),
        message: `${pattern.text} in ${parameter} has no brackets and is read as a lookup table: ${then}.`,
        fixes: () => [
          { title: `Write ${replacement}`, edits: [{ ...at, newText: replacement }], preferred: true },
        ],
      });
    }
  },
};
