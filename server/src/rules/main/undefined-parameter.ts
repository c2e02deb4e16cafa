import { isKnownParameter } from "../../knowledge/parameters.js";
import type { Location } from "../../semantics/located.js";
import { hasPlaceholder } from "../../syntax/postfix/words.js";
import type { Range } from "../../syntax/text.js";
import type { Fix } from "../finding.js";
import { nearest } from "../nearest.js";
import type { Rule } from "../rule.js";
import { mayBeUsedElsewhere, meantParameter } from "./unknownNames.js";

export const undefinedParameter: Rule = {
  code: "undefined-parameter",
  severity: "warning",
  summary: "A value uses a `$name` that nothing defines.",
  why: `The name expands to nothing, and the rest of the value stays. Postfix 2.10 and later say so before every command:

    postconf: warning: /etc/postfix/main.cf: undefined parameter: my_filter

An empty \`content_filter\` means no filter, an empty \`relayhost\` direct delivery, and an empty restriction list no restriction.`,
  remedy: "Define the name, correct it, or write `$$` for a dollar sign.",
  wrong: [
    {
      title: "nobody defines it",
      text: `-- main.cf --
relayhost = $smarthost
#            ^^^^^^^^^ warning`,
    },
    {
      title: "in an option",
      text: `-- master.cf --
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=$nosuch_filter
#                    ^^^^^^^^^^^^^ warning`,
    },
  ],
  right: [
    {
      title: "a name of your own, a parameter of Postfix, and a dollar sign",
      text: `-- main.cf --
smarthost = [192.0.2.1]
relayhost = $smarthost
smtpd_banner = $myhostname ESMTP for 5$$`,
    },
  ],
  check(context) {
    if (mayBeUsedElsewhere(context)) return;
    const { names, parameters, profile } = context.system;
    for (const { name, parameter: within, value, start, location: at } of names.undefined) {
      // A name of a later release is no mistake as long as nobody said which release it is.
      if (profile.source !== "given" && isKnownParameter(name, { transports: [] })) continue;
      const whole = { file: at.file, range: reference(context.text(at.file), value, start, at.range) };
      if (hasPlaceholder(context.text(whole.file).slice(whole.range.start, whole.range.end))) continue;
      const meant = nearest(name, parameters.names) ?? meantParameter(name);
      context.report({
        at,
        message: `Nothing defines $${name}: it expands to nothing in ${within}, and postconf warns "undefined parameter: ${name}"${meant ? `; did you mean $${meant}?` : "."}`,
        fixes: () => [
          ...(meant
            ? [
                {
                  title: `Write $${meant}`,
                  edits: [{ file: at.file, range: at.range, newText: meant }],
                  preferred: true,
                },
              ]
            : []),
          ...remove(whole, context.text(whole.file)),
        ],
      });
    }
  },
};

/** What expands to nothing may as well go; in `${name?text}` the dollar sign may have been meant as such. */
function remove({ file, range }: Location, text: string): Fix[] {
  const written = text.slice(range.start, range.end);
  // A class in smtpd_restriction_classes stands for `$name` without a dollar sign.
  if (!written.startsWith("$")) return [];
  if (/^\$(?:\w+|\{\w+\}|\(\w+\))$/.test(written))
    return [{ title: `Remove ${written}, which expands to nothing`, edits: [{ file, range, newText: "" }] }];
  const start = { start: range.start, end: range.start };
  return [{ title: "Write $$ for a dollar sign", edits: [{ file, range: start, newText: "$" }] }];
}

/** From the dollar sign to the end of `$name` or `${name}`; to the name's end where more stands in the brackets. */
function reference(text: string, value: string, at: number, name: Range): Range {
  const dollar = value.lastIndexOf("$", at);
  const start = name.start - (at - dollar);
  const bracketed = at - dollar === 2 && /[})]/.test(text[name.end] ?? "");
  return { start, end: bracketed ? name.end + 1 : name.end };
}
