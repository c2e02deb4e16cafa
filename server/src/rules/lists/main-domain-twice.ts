import type { Location } from "../../semantics/located.js";
import { plainDomains } from "../../semantics/postfix/lists/domains.js";
import type { Rule } from "../rule.js";

/** In the order in which trivial-rewrite asks: the first that has the domain decides. */
const CLASSES = [
  "mydestination",
  "virtual_alias_domains",
  "virtual_mailbox_domains",
  "relay_domains",
] as const;

export const mainDomainTwice: Rule = {
  code: "main-domain-twice",
  severity: "warning",
  summary: "A domain stands in two lists that say different things about its recipients.",
  why: `Each domain belongs to one class: local users, aliases, virtual mailboxes, or another server. Where it stands in two, the first of them decides, and recipients that only the other one knows are refused:

    postfix/trivial-rewrite[124]: warning: do not list domain example.org in BOTH mydestination and virtual_mailbox_domains
    550 5.1.1 <user@example.org>: Recipient address rejected: User unknown in local recipient table`,
  remedy:
    "Take the domain out of one of the lists; `$myhostname` in mydestination is the host's own name as well.",
  wrong: [
    {
      title: "local and virtual at once",
      text: `-- main.cf --
myhostname = example.org
mydestination = $myhostname, localhost
virtual_mailbox_domains = example.com, example.org
#                                      ^^^^^^^^^^^ warning`,
    },
    {
      title: "aliases and another server",
      text: `-- main.cf --
mydomain = example.org
mydestination = localhost
virtual_alias_domains = example.net
relay_domains = example.com Example.NET
#                           ^^^^^^^^^^^ warning`,
    },
  ],
  right: [
    {
      title: "one class each; relay_domains may name what mydestination names",
      text: `-- main.cf --
mydestination = example.org, localhost
relay_domains = $mydestination, example.com
virtual_alias_domains = !example.org, example.net
virtual_mailbox_domains = hash:/etc/postfix/domains, mail.example.org`,
    },
  ],
  check(context) {
    const { environment } = context.system;
    const seen = new Map<string, { parameter: string; at: Location | undefined }>();
    for (const parameter of CLASSES) {
      for (const { domain, at } of plainDomains(environment, parameter)) {
        const earlier = seen.get(domain);
        if (!earlier) seen.set(domain, { parameter, at });
        const both = earlier?.parameter === "mydestination" && parameter === "relay_domains";
        if (!earlier || earlier.parameter === parameter || both || !at) continue;
        context.report({
          at,
          message: `${domain} stands in ${earlier.parameter} too, which decides: recipients that only ${parameter} knows are refused, and trivial-rewrite logs "do not list domain ${domain} in BOTH ${earlier.parameter} and ${parameter}".`,
          related: earlier.at ? [{ ...earlier.at, message: `${domain} in ${earlier.parameter}` }] : [],
          fixes: () => removal(context.text(at.file), at),
        });
      }
    }
  },
};

/** Takes the item out of its list with one separator, so that no two run together. */
function removal(text: string, at: Location) {
  const before = /[,\s]*$/.exec(text.slice(0, at.range.start))?.[0] ?? "";
  const after = /^[ \t]*,?[ \t]*/.exec(text.slice(at.range.end))?.[0] ?? "";
  const onlyOne = text.slice(0, at.range.start - before.length).endsWith("=");
  const last = /^[ \t]*(?:\n|$)/.test(text.slice(at.range.end));
  const range =
    last && !onlyOne && !before.includes("\n")
      ? { start: at.range.start - before.length, end: at.range.end }
      : { start: at.range.start, end: at.range.end + after.length };
  return [{ title: "Remove it here", edits: [{ file: at.file, range, newText: "" }] }];
}
