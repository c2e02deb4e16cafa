import type { Rule } from "../rule.js";
import { failureSeverity, faultyAddresses, listFails } from "./addresses.js";

export const mainMynetworksHostbits: Rule = {
  code: "main-mynetworks-hostbits",
  severity: "error",
  summary: "A network in an address list is written with the address of a host in it.",
  why: `The bits behind the length have to be zero. An item that has others cannot be compared, and it takes the rest of the list with it: everybody who is not named before it is told to try later, known or not.

    postfix/smtpd[124]: warning: mynetworks: non-null host address bits in "10.0.0.5/8", perhaps you should use "10.0.0.0/8" instead
    451 4.3.0 <x@example.org>: Temporary lookup failure

\`postfix check\` says nothing.`,
  remedy: "Write the first address of the network, or /32 (IPv6: /128) for the host alone.",
  wrong: [
    {
      title: "the server's own address with the length of its network",
      text: `-- main.cf --
mynetworks = 127.0.0.0/8 192.0.2.17/24
#                        ^^^^^^^^^^^^^ error`,
    },
    {
      title: "IPv6, and another list",
      text: `-- main.cf --
mynetworks = 127.0.0.0/8 [2001:db8::1]/64
#                        ^^^^^^^^^^^^^^^^ error
-- master.cf --
127.0.0.1:10025 inet n - n - - smtpd
  -o smtpd_authorized_xforward_hosts=127.0.0.1/8
#                                    ^^^^^^^^^^^ error`,
    },
  ],
  right: [
    {
      title: "networks, hosts, and the length inside the brackets",
      text: `-- main.cf --
mynetworks = 127.0.0.0/8, 192.0.2.16/28 192.0.2.17 192.0.2.17/32 !192.0.2.0/24 [2001:db8::/32] [::1]/128 [::1] 0.0.0.0/32 {{ lan }}/24 10.1.2.3/{{ bits }}`,
    },
  ],
  check(context) {
    for (const found of faultyAddresses(context.system)) {
      const { pattern, parameter, at } = found;
      if (pattern.fault?.kind !== "host-bits") continue;
      const { replacement } = pattern.fault;
      const host = pattern.text.replace(/\/\d+/, pattern.text.includes(":") ? "/128" : "/32");
      context.report({
        at,
        severity: failureSeverity(found),
        message: `${pattern.text} in ${parameter} is no network, ${replacement} would be: ${listFails(found)}.`,
        fixes: () => [
          {
            title: `Write the network: ${replacement}`,
            edits: [{ ...at, newText: replacement }],
            preferred: true,
          },
          { title: `Write the host: ${host}`, edits: [{ ...at, newText: host }] },
        ],
      });
    }
  },
};
