import { restrictionNames } from "../../knowledge/restrictions.js";
import { hasPlaceholder } from "../../syntax/postfix/words.js";
import { nearest } from "../nearest.js";
import type { Rule } from "../rule.js";
import { type FoundRestriction, restrictionsOf } from "./settings.js";

export const mainRestrictionUnknown: Rule = {
  code: "main-restriction-unknown",
  severity: "error",
  summary: "A word in a restriction list is no restriction and no class.",
  why: `No command looks at these lists. smtpd starts, and each client that gets as far as the word is told to come back later:

    postfix/smtpd[124]: warning: unknown smtpd restriction: "reject_unauth_destinaton"
    451 4.3.5 Server configuration error

So mail stays with the senders until somebody reads the log. A word behind a restriction that takes no argument, a comment at the end of the line and a class that smtpd_restriction_classes does not list have the same effect.`,
  remedy: "Correct the word, remove it, or name the class in `smtpd_restriction_classes`.",
  wrong: [
    {
      title: "a letter is missing",
      text: `-- main.cf --
smtpd_recipient_restrictions = permit_mynetworks, reject_unauth_destinaton
#                                                 ^^^^^^^^^^^^^^^^^^^^^^^^ error`,
    },
    {
      title: "an argument that nobody reads",
      text: `-- main.cf --
smtpd_relay_restrictions = permit_mynetworks 192.0.2.0/24, reject_unauth_destination
#                                            ^^^^^^^^^^^^ error`,
    },
    {
      title: "in a class, and in an option",
      text: `-- main.cf --
smtpd_restriction_classes = careful
careful = reject_unknown_sender, permit
#         ^^^^^^^^^^^^^^^^^^^^^ error
smtpd_sender_restrictions = careful
-- master.cf --
submission inet n - n - - smtpd
  -o smtpd_client_restrictions=permit_sasl_authentcated,reject
#                              ^^^^^^^^^^^^^^^^^^^^^^^^ error`,
    },
  ],
  right: [
    {
      title: "any case, classes, tables and words that are never reached",
      text: `-- main.cf --
smtpd_restriction_classes = greylist
greylist = check_policy_service unix:private/greylist
smtpd_recipient_restrictions = Permit_MyNetworks, REJECT_UNAUTH_DESTINATION, greylist, hash:/etc/postfix/access, permit, nothing`,
    },
  ],
  check(context) {
    for (const found of restrictionsOf(context.system)) {
      const { restriction, at, parameter } = found;
      const { fault, item, ignoredAfter } = restriction;
      if (fault !== "unknown" || ignoredAfter !== undefined || !at || hasPlaceholder(item.text)) continue;
      // A word in capitals that is near to nothing may be filled in by a script before Postfix reads it.
      const filledIn =
        /^[A-Z][A-Z0-9_]+$/.test(item.text) && !nearest(item.text.toLowerCase(), restrictionNames());
      context.report({
        at,
        severity: filledIn ? "warning" : "error",
        message: `${describe(found)}: smtpd gives every client that gets this far in ${parameter} "451 4.3.5 Server configuration error", and mail waits at the senders.`,
        fixes: () => {
          const known = nearest(item.text.toLowerCase(), restrictionNames());
          if (!known) return [];
          return [{ title: `Write ${known}`, edits: [{ ...at, newText: known }], preferred: true }];
        },
      });
    }
  },
  unfixable:
    "A misspelt name is mended where one is near; what an argument or a class was meant to do only its author knows.",
};

function describe({ restriction, list }: FoundRestriction): string {
  const { item } = restriction;
  const index = list.items.indexOf(restriction);
  const before = list.items[index - 1];
  if (item.text.startsWith("#"))
    return `"#" begins no comment here; smtpd looks for a restriction "${item.text}"`;
  if (before?.facts && before.facts.argument === undefined && /[\d./@]/.test(item.text))
    return `${before.name} takes no argument, so smtpd reads "${item.text}" as a restriction`;
  return `"${item.text}" is no restriction and no class of smtpd_restriction_classes`;
}
