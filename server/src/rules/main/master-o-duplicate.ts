import type { MasterOption } from "../../syntax/postfix/master.js";
import type { Rule } from "../rule.js";
import { deleteOption } from "./edits.js";

export const masterODuplicate: Rule = {
  code: "master-o-duplicate",
  severity: "warning",
  summary: "A service sets one parameter twice.",
  why: "The last `-o` of a name counts, and no program says a word. `postconf -P` shows what is left:\n\n    submission/inet/smtpd_sasl_auth_enable = no\n\nWith the same value twice nothing goes wrong until somebody changes the first one; that is a hint.",
  remedy: "Delete the option that is not meant.",
  wrong: [
    {
      title: "the second one wins",
      text: `-- master.cf --
submission inet n - n - - smtpd
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
  -o smtpd_sasl_auth_enable=no
#    ^^^^^^^^^^^^^^^^^^^^^^ warning`,
    },
  ],
  right: [
    {
      title: "one name in two services",
      text: `-- master.cf --
submission inet n - n - - smtpd
  -o smtpd_sasl_auth_enable=yes
smtps inet n - n - - smtpd
  -o smtpd_sasl_auth_enable=yes`,
    },
  ],
  check(context) {
    const { master, services, source } = context.system;
    // In a template the two may stand in branches that exclude each other.
    if (source.master?.template && master?.trivia.some(({ kind }) => kind === "control")) return;
    for (const service of services) {
      if (service.options.length < 2 || service.overriddenBy) continue;
      const before = new Map<string, MasterOption>();
      for (const option of service.options) {
        const earlier = option.valid ? before.get(option.name) : undefined;
        if (option.valid) before.set(option.name, option);
        if (!earlier) continue;
        // The loop that an overridden content_filter leaves is said by filter-loop (n20).
        if (/filter$/.test(option.name) && context.flow.loops.some((loop) => loop.service === service))
          continue;
        const { file } = service.location;
        const line = context.lines(file).lineAt(earlier.nameRange.start) + 1;
        const same = earlier.value === option.value;
        context.report({
          at: { file, range: option.nameRange },
          severity: same ? "hint" : "warning",
          message: same
            ? `This service has ${option.name} with this value in line ${line} already.`
            : `This service sets ${option.name} in line ${line} already, to another value, which this one overrides without a word.`,
          related: [{ file, range: earlier.nameRange, message: same ? "the same option" : "overridden" }],
          fixes: () => [
            {
              title: `Delete the ${same ? "earlier" : "overridden"} option in line ${line}`,
              edits: [deleteOption(context, file, earlier)],
              preferred: same,
            },
          ],
        });
      }
    }
  },
};
