import { replace } from "../edits.js";
import type { Rule } from "../rule.js";

export const mainMyoriginMulti: Rule = {
  code: "main-myorigin-multi",
  severity: "error",
  summary: `myorigin has more than one name.`,
  why: `myorigin is the one domain that is added to addresses without one. No program starts with two:

    postfix/smtpd[124]: fatal: myorigin parameter setting must not contain multiple values: example.org, example.net`,
  remedy: `Keep one domain; the others may belong into mydestination.`,
  wrong: [
    {
      title: `two domains`,
      text: `-- main.cf --
myorigin = example.org, example.net
#          ^^^^^^^^^^^^^^^^^^^^^^^^ error
-- master.cf --
smtp inet n - n - - smtpd`,
    },
  ],
  right: [
    {
      title: `one domain; a file`,
      text: `-- main.cf --
myorigin = $mydomain
mydomain = example.org
-- master.cf --
smtp inet n - n - - smtpd`,
    },
  ],
  check(context) {
    for (const setting of context.system.settings) {
      const { name, value, valueLocation } = setting;
      if (name !== "myorigin" || value.unknown !== undefined || value.text.startsWith("/")) continue;
      const names = value.text.split(/[, \t\r\n]+/).filter((one) => one !== "");
      if (names.length < 2 && !/[, \t\r\n]/.test(value.text)) continue;
      context.report({
        at: valueLocation,
        message: `myorigin takes one domain: every program of Postfix stops with "fatal: myorigin parameter setting must not contain multiple values: ${value.text}".`,
        fixes: () => names.map((one) => ({ title: `Keep ${one}`, edits: [replace(valueLocation, one)] })),
      });
    }
  },
};
