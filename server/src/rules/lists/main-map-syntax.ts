import type { Rule } from "../rule.js";
import { tablesOf } from "./settings.js";

export const mainMapSyntax: Rule = {
  code: "main-map-syntax",
  severity: "error",
  summary: "What stands in a table made of other tables or of values cannot be read.",
  why: `inline:, unionmap:, pipemap: and randmap: want braces round what they hold; a value with blanks in inline: wants braces of its own. A table that cannot be read is a table whose every look-up fails:

    postfix/smtpd[124]: error: bad syntax: "unionmap:hash:/etc/postfix/virtual"; need "unionmap:{type:name...}"
    451 4.3.0 <x@example.org>: Temporary lookup failure`,
  remedy:
    "Write `unionmap:{type:name, type:name}`, `pipemap:{type:name, type:name}`, `randmap:{value, value}`, `inline:{key=value, { key = value with blanks }}`.",
  unfixable: "Where the braces belong is certain only when there are none at all.",
  wrong: [
    {
      title: "no braces",
      text: `-- main.cf --
virtual_alias_maps = unionmap:hash:/etc/postfix/virtual, inline:a=b
#                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error
#                                                        ^^^^^^^^^^ error`,
    },
    {
      title: "values with blanks, values without a key, nothing, a table without a type",
      text: `-- main.cf --
transport_maps = randmap:{}, pipemap:{static:a, b}
#                ^^^^^^^^^^ error
#                            ^^^^^^^^^^^^^^^^^^^^^ error
smtpd_client_restrictions = check_client_access inline:{192.0.2.1=REJECT go away}
#                                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error`,
    },
  ],
  right: [
    {
      title: "as they are meant",
      text: `-- main.cf --
virtual_alias_maps = unionmap:{hash:/etc/postfix/a, hash:/etc/postfix/b}, pipemap:{static:a, inline:{a=b}}
smtpd_client_restrictions = check_client_access inline:{{192.0.2.1 = REJECT go away}, 192.0.2.2=OK}, check_client_access static:{REJECT go away}
transport_maps = randmap:{smtp:[a.example], smtp:[b.example]}`,
    },
  ],
  check(context) {
    for (const { reference, parameter, locate } of tablesOf(context.system)) {
      const { fault, start, end, nameStart, name } = reference;
      const at = fault?.kind === "syntax" ? locate(start, end) : undefined;
      if (fault?.kind !== "syntax" || !at) continue;
      const inside = locate(nameStart, end);
      context.report({
        at,
        message: `The table in ${parameter} cannot be read (${fault.log}): every look-up in it fails, and mail is put off with a temporary error.`,
        fixes: () =>
          inside && !/[{}]/.test(name) && name !== ""
            ? [
                {
                  title: "Put braces round it",
                  edits: [{ ...inside, newText: `{${name}}` }],
                  preferred: true,
                },
              ]
            : [],
      });
    }
  },
};
