import { valueFaults } from "../../semantics/postfix/values/values.js";
import { replace } from "../edits.js";
import type { Fix } from "../finding.js";
import type { Rule } from "../rule.js";

export const mainQuotedValue: Rule = {
  code: "main-quoted-value",
  severity: "warning",
  summary: `A value stands in quotes.`,
  why: `Postfix knows no quotes: they become part of the value. A path begins with a quote, a host is called by a name that has quotes, an item of a list matches nothing. Nothing is said at the start; what the log shows depends on the parameter:

    postfix/smtp[124]: warning: cannot load CA certificate ... "/etc/ssl/certs/ca.pem": No such file or directory`,
  remedy: `Remove the quotes.`,
  wrong: [
    {
      title: `a path`,
      text: `-- main.cf --
smtpd_tls_cert_file = "/etc/ssl/mail.pem"
#                     ^^^^^^^^^^^^^^^^^^^ warning
-- master.cf --
smtp inet n - n - - smtpd`,
    },
    {
      title: `every item of a list`,
      text: `-- main.cf --
mydestination = 'example.org', 'example.net'
#               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning
-- master.cf --
smtp inet n - n - - smtpd`,
    },
  ],
  right: [
    {
      title: `texts in which quotes may be meant, and quotes inside`,
      text: `-- main.cf --
smtpd_banner = "mail" ESMTP
mailbox_command = "/usr/bin/filter" "$USER"
mydestination = example.org
-- master.cf --
smtp inet n - n - - smtpd`,
    },
  ],
  check(context) {
    for (const setting of context.system.settings) {
      const { definition, facts, valueLocation, name } = setting;
      const { raw, source } = definition;
      // In master.cf, and where the quotes are why another finding stands here, it is said already.
      if (source !== "main" || setting.service || !/^(["']).*\1$/s.test(raw)) continue;
      if (!facts || LITERAL.has(facts.class) || name === "content_filter") continue;
      if (!TEXTS.has(facts.table) || valueFaults(facts, setting.value.text).length > 0) continue;
      const fixes: Fix[] = [];
      const plain = withoutQuotes(raw);
      if (
        plain !== undefined &&
        !/[\r\n]/.test(
          context.text(valueLocation.file).slice(valueLocation.range.start, valueLocation.range.end),
        )
      )
        fixes.push({ title: "Remove the quotes", edits: [replace(valueLocation, plain)], preferred: true });
      context.report({
        at: valueLocation,
        message: `main.cf knows no quotes: they are part of the value of ${name}.`,
        fixes: () => fixes,
      });
    }
  },
};

const TEXTS: ReadonlySet<string> = new Set(["STR", "RAW"]);
/** Values that are text for people, commands or patterns: quotes may be meant. */
const LITERAL: ReadonlySet<string> = new Set([
  "string",
  "raw-string",
  "command",
  "character-set",
  "milter-macro-list",
  "map",
  "map-list",
  "name-list",
]);

/** Quotes taken off the whole value or off each of its items; undefined when they stand elsewhere too. */
function withoutQuotes(raw: string): string | undefined {
  const items = raw.replace(/(["'])([^"']*)\1(?=$|[\s,])/g, "$2");
  return /["']/.test(items) ? undefined : items;
}
