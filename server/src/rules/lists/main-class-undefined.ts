import type { ParameterClass } from "../../knowledge/parameters.js";
import { restrictionFacts } from "../../knowledge/restrictions.js";
import { listValue } from "../../semantics/postfix/lists/items.js";
import { classCycle } from "../../semantics/postfix/lists/restrictions.js";
import type { Rule } from "../rule.js";
import { settingsOf } from "./settings.js";

const CLASSES: ReadonlySet<ParameterClass> = new Set<ParameterClass>(["restriction-class-names"]);

export const mainClassUndefined: Rule = {
  code: "main-class-undefined",
  severity: "error",
  summary: "A restriction class has no definition, or leads back to itself.",
  why: `smtpd expands every class when it starts, used or not. One without a value ends it at the first connection:

    postfix/smtpd[124]: fatal: restriction class \`strict' needs a definition
    postfix/master[101]: warning: /usr/lib/postfix/sbin/smtpd: bad command startup -- throttling

A class that contains itself kills smtpd with signal 11 as soon as it is walked. In both cases the port is open and no mail gets in.`,
  remedy: "Give the class a value in main.cf, or take its name out of `smtpd_restriction_classes`.",
  wrong: [
    {
      title: "listed, not defined",
      text: `-- main.cf --
smtpd_restriction_classes = strict, lenient
#                           ^^^^^^ error
lenient = permit`,
    },
    {
      title: "defined as nothing",
      text: `-- main.cf --
smtpd_restriction_classes = strict
#                           ^^^^^^ error
strict =`,
    },
    {
      title: "two classes that lead to each other",
      text: `-- main.cf --
smtpd_restriction_classes = one, two
#                           ^^^ error
#                                ^^^ error
one = two
two = reject_unknown_sender_domain, one`,
    },
  ],
  right: [
    {
      title: "defined in main.cf, or none at all",
      text: `-- main.cf --
smtpd_restriction_classes = strict
strict = reject_unknown_sender_domain
-- master.cf --
127.0.0.1:10025 inet n - n - - smtpd
  -o smtpd_restriction_classes=`,
    },
  ],
  unfixable: "What a class is to do only its author knows.",
  check(context) {
    for (const { name, environment } of settingsOf(context.system, CLASSES)) {
      const list = listValue(environment, name);
      for (const item of list.items) {
        const at = list.locate(item.start, item.end);
        if (item.opaque || !at || restrictionFacts(item.text)) continue;
        const value = environment.value(item.text);
        if (value.definition && (value.text.trim() !== "" || value.unknown !== undefined)) {
          if (classCycle(environment, item.text))
            context.report({
              at,
              message: `The class "${item.text}" leads back to itself: smtpd is killed by signal 11 when it comes to it.`,
              related: value.definition.origin
                ? [{ ...value.definition.origin, message: "its definition" }]
                : [],
            });
          continue;
        }
        if (value.unknown !== undefined) continue;
        context.report({
          at,
          message: `The class "${item.text}" has no definition: smtpd stops at its first connection with "restriction class \`${item.text}' needs a definition".`,
        });
      }
    }
  },
};
