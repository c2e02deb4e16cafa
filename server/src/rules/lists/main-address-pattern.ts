import type { Rule } from "../rule.js";
import { failureSeverity, faultyAddresses, listFails } from "./addresses.js";

export const mainAddressPattern: Rule = {
  code: "main-address-pattern",
  severity: "error",
  summary: "An item of an address list is no address, network or host name.",
  why: `A network that cannot be read makes the search of the list fail, and clients that no earlier item names are told to try later:

    postfix/smtpd[124]: warning: mynetworks: bad network value in "10/8"
    postfix/smtpd[124]: warning: mynetworks: bad mask value in "10.0.0.0/255.0.0.0"
    451 4.3.0 <x@example.org>: Temporary lookup failure

Ranges, stars, quotes and parts of addresses are passed over in silence: they are equal to no address, so the clients that were meant are strangers ("Relay access denied").`,
  remedy: "Write networks as address/length, with all four numbers: `10.0.0.0/8`.",
  unfixable: "What a range or a star was meant to be cannot always be written as one network.",
  wrong: [
    {
      title: "unreadable networks",
      text: `-- main.cf --
mynetworks = 10/8 192.0.2.0/255.255.255.0 192.0.2.0/33 [2001:db8::/64
#            ^^^^ error
#                 ^^^^^^^^^^^^^^^^^^^^^^^ error
#                                         ^^^^^^^^^^^^ error
#                                                      ^^^^^^^^^^^^^^ error`,
    },
    {
      title: "items that nothing is equal to",
      text: `-- main.cf --
mynetworks = 192.0.2.* 192.0.2.1-192.0.2.9 198.51.100
#            ^^^^^^^^^ warning
#                      ^^^^^^^^^^^^^^^^^^^ warning
#                                          ^^^^^^^^^^ warning`,
    },
  ],
  right: [
    {
      title: "addresses, names, tables, files",
      text: `-- main.cf --
mynetworks = 127.0.0.0/8 192.0.2.1 localhost 1.2.3.4.dynamic.example.com .example.com /etc/postfix/networks !192.0.2.9 [192.0.2.0]/24`,
    },
  ],
  check(context) {
    for (const found of faultyAddresses(context.system)) {
      const { pattern, parameter, at } = found;
      const { fault } = pattern;
      if (fault?.kind !== "malformed" && fault?.kind !== "never-matches") continue;
      const { replacement } = fault;
      context.report({
        at,
        severity: fault.kind === "malformed" ? failureSeverity(found) : "warning",
        message:
          fault.kind === "malformed"
            ? `${pattern.text} in ${parameter} cannot be read (${fault.log}): ${listFails(found)}.`
            : `${pattern.text} in ${parameter} is equal to no address, and no program says so: it names nobody.`,
        fixes: () =>
          replacement === undefined
            ? []
            : [{ title: `Write ${replacement}`, edits: [{ ...at, newText: replacement }], preferred: true }],
      });
    }
  },
};
