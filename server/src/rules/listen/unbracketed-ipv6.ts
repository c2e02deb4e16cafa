import { normaliseAddress } from "../../semantics/postfix/address.js";
import { splitHostPort } from "../../semantics/postfix/endpoints.js";
import type { Rule } from "../rule.js";

export const unbracketedIpv6: Rule = {
  code: "unbracketed-ipv6",
  severity: "warning",
  summary: "An IPv6 address of an inet service has no brackets.",
  why: `master(8) splits the name of an inet service at its last colon, so \`::1:10025\` listens on [::1]:10025, by luck: without the port the last group of the address would be taken for one, and no message says so. amavisd and the nexthops of smtp(8) want the brackets.`,
  remedy: "Write `[address]:port`.",
  wrong: [
    {
      title: "an address and a port with nothing between them",
      text: `-- master.cf --
::1:10025 inet n - n - - smtpd
#^^ warning`,
    },
  ],
  right: [
    {
      title: "in brackets",
      text: `-- master.cf --
[::1]:10025 inet n - n - - smtpd
:10026 inet n - n - - smtpd`,
    },
  ],
  check(context) {
    for (const [service, { fault, port }] of context.system.listenSets) {
      const { host, hostRange, bracketed } = splitHostPort(service.name, "port");
      if (bracketed || fault || service.overriddenBy || !host.includes(":")) continue;
      const address = normaliseAddress(host);
      if (address === undefined) continue;
      const { file, range } = service.nameLocation;
      const at = { file, range: { start: range.start + hostRange.start, end: range.start + hostRange.end } };
      context.report({
        at,
        message: `Postfix reads this as the address ${address} and port ${port}, because it splits at the last colon; only brackets say so.`,
        fixes: () => [
          { title: `Write [${host}]`, edits: [{ ...at, newText: `[${host}]` }], preferred: true },
        ],
      });
    }
  },
};
