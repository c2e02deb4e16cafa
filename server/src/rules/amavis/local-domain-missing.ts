import type { Location } from "../../semantics/located.js";
import { plainDomains } from "../../semantics/postfix/lists/domains.js";
import type { Rule, RuleContext } from "../rule.js";
import { filesMayBeMissing } from "./problems.js";

/** Aliases are looked up before the filter, so that recipients in virtual_alias_domains do not come to it. */
const CLASSES = ["mydestination", "virtual_mailbox_domains", "relay_domains"] as const;
const SETTINGS = ["@local_domains_maps", "@local_domains_acl", "%local_domains", "$mydomain"];

export const localDomainMissing: Rule = {
  code: "local-domain-missing",
  severity: "warning",
  summary: "Postfix delivers for a domain that amavisd does not take for local.",
  why: `Spam headers, subject tags and address extensions are only added for recipients whose domain @local_domains_maps names, so that outgoing mail does not get them. For a domain that is missing there spam is scored and may be blocked, but whoever gets it sees no X-Spam header, and filters by that header do not work. Unless the client is one of our own, amavisd also takes its mail for relayed (log level 1):

    Open relay? Nonlocal recips but not originating: user@example.org`,
  remedy: `Add the domain: \`@local_domains_maps = (['.example.com', '.example.org']);\`.`,
  wrong: [
    {
      title: "one of two domains",
      text: `-- main.cf --
compatibility_level = 3.6
myhostname = mail.example.com
mydestination = $myhostname, localhost
virtual_mailbox_domains = example.com, example.org
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;
@local_domains_maps = (['.example.com']);
#                     ^^^^^^^^^^^^^^^^^^ warning`,
    },
  ],
  right: [
    {
      title: "both",
      text: `-- main.cf --
compatibility_level = 3.6
myhostname = mail.example.com
mydestination = $myhostname, localhost
virtual_mailbox_domains = example.com, example.org
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;
@local_domains_acl = qw( .example.com .org );`,
    },
    {
      title: "all that comes in is local",
      text: `-- main.cf --
compatibility_level = 3.6
myhostname = mail.example.com
mydestination = $myhostname, localhost
virtual_mailbox_domains = example.com, example.org
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;
@local_domains_maps = (1);`,
    },
    {
      title: "a domain that is left out in writing",
      text: `-- main.cf --
compatibility_level = 3.6
myhostname = mail.example.com
mydestination = $myhostname, localhost
virtual_mailbox_domains = example.com, example.org
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;
@local_domains_acl = ('.example.com', '!example.org');`,
    },
    {
      title: "spam is not looked for",
      text: `-- main.cf --
compatibility_level = 3.6
myhostname = mail.example.com
mydestination = $myhostname, localhost
virtual_mailbox_domains = example.com, example.org
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;
@bypass_spam_checks_maps = (1);
@local_domains_maps = (['.example.com']);`,
    },
  ],
  check(context) {
    const { amavis } = context.system;
    if (!amavis || filesMayBeMissing(context)) return;
    if (!context.flow.requests.some(({ target }) => target.kind === "amavis")) return;
    // Without spam checks there is nothing to tag.
    if (/^\(1\b/.test(String(amavis.value("@bypass_spam_checks_maps")?.display))) return;
    const missing = deliveredDomains(context).filter(({ domain }) => amavis.namesAsLocal(domain) === false);
    const assignment = SETTINGS.flatMap((name) => amavis.assignments(name).at(-1) ?? [])[0];
    const [first, ...others] = missing;
    if (!first || !assignment) return;
    const { file, range, valueRange } = assignment;
    const names = missing.map(({ domain }) => domain);
    context.report({
      at: { file, range: valueRange },
      message: `Postfix delivers for ${names.slice(0, 5).join(", ")}${names.length > 5 ? " and others" : ""}, which ${others.length > 0 ? "are" : "is"} not among amavisd's local domains: recipients there get no spam headers and no subject tags.`,
      related: missing.flatMap(({ domain, at, parameter }) =>
        at ? [{ ...at, message: `${domain} in ${parameter}` }] : [],
      ),
      fixes: () => [
        {
          title: names.length > 1 ? `Add the ${names.length} domains` : `Add ${names[0]}`,
          edits: [
            {
              file,
              range: { start: range.end, end: range.end },
              newText: `\npush @local_domains_maps, [${names.map((name) => `'${name}'`).join(", ")}];`,
            },
          ],
          preferred: true,
        },
      ],
    });
  },
};

/** The domains that Postfix takes recipients in, but for names of the host itself. */
function deliveredDomains({ system }: RuleContext) {
  const { environment } = system;
  const host = environment.value("myhostname").text.toLowerCase();
  const found = new Map<string, { domain: string; at: Location | undefined; parameter: string }>();
  for (const parameter of CLASSES) {
    if (environment.definition(parameter)?.source === "default") continue;
    for (const { domain, at } of plainDomains(environment, parameter))
      if (domain !== host && !/^localhost\b|\.localdomain$/.test(domain) && !found.has(domain))
        found.set(domain, { domain, at, parameter });
  }
  return [...found.values()];
}
