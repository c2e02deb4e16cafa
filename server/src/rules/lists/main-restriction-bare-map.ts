import type { Rule } from "../rule.js";
import { restrictionsOf } from "./settings.js";

export const mainRestrictionBareMap: Rule = {
  code: "main-restriction-bare-map",
  severity: "error",
  summary: "A table stands in a list where smtpd does not know what to look up in it.",
  why: `In the other lists a table alone means "look up the client", "the sender" and so on. At DATA and at the end of the message there is no such default, and every message gets

    postfix/smtpd[124]: warning: specify one of (check_client_access, ...) before Data command restriction "hash:/etc/postfix/access"
    451 4.3.5 Server configuration error`,
  remedy: "Write the `check_..._access` in front that says what to look up.",
  wrong: [
    {
      title: "a table alone at DATA",
      text: `-- main.cf --
smtpd_data_restrictions = reject_unauth_pipelining, hash:/etc/postfix/access
#                                                   ^^^^^^^^^^^^^^^^^^^^^^^^ error`,
    },
  ],
  right: [
    {
      title: "with the word before it, and alone where that has a meaning",
      text: `-- main.cf --
smtpd_data_restrictions = check_sender_access hash:/etc/postfix/access
smtpd_sender_restrictions = hash:/etc/postfix/access`,
    },
  ],
  check(context) {
    for (const { restriction, at, parameter } of restrictionsOf(context.system)) {
      const { fault, item, ignoredAfter } = restriction;
      if (fault !== "bare-map" || !at || ignoredAfter !== undefined) continue;
      context.report({
        at,
        message: `${parameter} does not say what to look up in ${item.text}: smtpd answers "451 4.3.5 Server configuration error" to every message.`,
        fixes: () =>
          ["check_sender_access", "check_client_access"].map((word) => ({
            title: `Look up the ${word.split("_")[1]}: ${word} ${item.text}`,
            edits: [
              { file: at.file, range: { start: at.range.start, end: at.range.start }, newText: `${word} ` },
            ],
          })),
      });
    }
  },
};
