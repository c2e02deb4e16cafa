import { hasReached } from "../../knowledge/version.js";
import type { Rule } from "../rule.js";
import { restrictionsOf } from "./settings.js";

export const mainRestrictionRemoved: Rule = {
  code: "main-restriction-removed",
  severity: "warning",
  summary: "A restriction that newer releases of Postfix do not have any more.",
  why: `Up to Postfix 3.8 smtpd still does what it says and asks for another word in the log:

    postfix/smtpd[124]: warning: support for restriction "check_relay_domains" will be removed from Postfix; use "reject_unauth_destination" instead

From 3.9 on it is an unknown word: clients that get as far get \`451 4.3.5 Server configuration error\`.`,
  remedy:
    "Write `reject_unauth_destination` for `check_relay_domains`, and `permit_mynetworks` or `permit_sasl_authenticated` for `permit_naked_ip_address`.",
  wrong: [
    {
      title: "an old way to close the relay",
      text: `-- main.cf --
smtpd_recipient_restrictions = permit_mynetworks, check_relay_domains
#                                                 ^^^^^^^^^^^^^^^^^^^ warning`,
    },
  ],
  right: [
    {
      title: "its successor",
      text: `-- main.cf --
smtpd_recipient_restrictions = permit_mynetworks, reject_unauth_destination`,
    },
  ],
  check(context) {
    const { profile } = context.system;
    for (const { restriction, at } of restrictionsOf(context.system)) {
      const { facts, ignoredAfter } = restriction;
      if (facts?.kind !== "removed" || !at || ignoredAfter !== undefined) continue;
      const gone = facts.removedIn ?? "3.9";
      const surely = profile.source === "given" && hasReached(profile.version, gone);
      const next = facts.name === "check_relay_domains" ? "reject_unauth_destination" : "permit_mynetworks";
      context.report({
        at,
        severity: surely ? "error" : "warning",
        message: surely
          ? `Postfix ${profile.version} has no ${facts.name} any more: smtpd answers "451 4.3.5 Server configuration error".`
          : `${facts.name} is gone from Postfix ${gone} on, where smtpd answers "451 4.3.5 Server configuration error"; older releases warn in the log.`,
        fixes: () => [
          {
            title: `Write ${next}`,
            edits: [{ ...at, newText: next }],
            preferred: next === "reject_unauth_destination",
          },
        ],
      });
    }
  },
};
