import type { Rule } from "../rule.js";
import { restrictionsOf } from "./settings.js";

/** What a client has said by the time a list is asked when smtpd_delay_reject is off. */
const KNOWN_EARLY: Readonly<Record<string, ReadonlySet<string>>> = {
  smtpd_client_restrictions: new Set(["any", "client", "reverse-client", "tls-client-cert"]),
  smtpd_helo_restrictions: new Set(["any", "client", "reverse-client", "tls-client-cert", "helo"]),
};
const AT_ETRN: ReadonlySet<string> = new Set([
  "any",
  "client",
  "reverse-client",
  "tls-client-cert",
  "sasl",
  "helo",
  "etrn",
]);

const NEEDS: Readonly<Record<string, string>> = {
  helo: "the client's HELO name",
  sender: "the sender",
  recipient: "the recipient",
  sasl: "the user's login",
  "sender+sasl": "the sender and the user's login",
  "sender+recipients": "the sender and the recipients",
  etrn: "the domain of an ETRN command",
};

export const mainRestrictionContext: Rule = {
  code: "main-restriction-context",
  severity: "information",
  summary: "A restriction asks about something that is not known yet where its list is asked.",
  why: `smtpd takes every restriction in every list. One whose sender or recipient has not been named yet is passed over, without a word in the log. With \`smtpd_delay_reject = yes\`, the default, the lists for client, HELO and sender wait until the recipient is known; with \`no\` they do not, and ETRN never has a sender or a recipient.`,
  remedy: "Move the restriction to the list of what it asks about, or leave smtpd_delay_reject at yes.",
  unfixable: "The list to which it belongs may be of another service.",
  wrong: [
    {
      title: "asked at connect",
      text: `-- master.cf --
smtp inet n - n - - smtpd
  -o smtpd_delay_reject=no
  -o smtpd_client_restrictions=permit_mynetworks,reject_unknown_sender_domain
#                                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ information`,
    },
    {
      title: "ETRN has no recipient",
      text: `-- main.cf --
smtpd_etrn_restrictions = permit_mynetworks, reject_unauth_destination, reject
#                                            ^^^^^^^^^^^^^^^^^^^^^^^^^ information`,
    },
  ],
  right: [
    {
      title: "all lists wait for the recipient",
      text: `-- main.cf --
smtpd_client_restrictions = permit_mynetworks, reject_unknown_sender_domain, reject_unauth_destination`,
    },
  ],
  check(context) {
    for (const { restriction, at, parameter, service } of restrictionsOf(context.system)) {
      const { facts, ignoredAfter } = restriction;
      if (!facts || !at || ignoredAfter !== undefined || facts.kind === "removed") continue;
      const known = parameter === "smtpd_etrn_restrictions" ? AT_ETRN : KNOWN_EARLY[parameter];
      if (!known || known.has(facts.needs)) continue;
      if (parameter !== "smtpd_etrn_restrictions") {
        const environment = service?.environment ?? context.system.environment;
        const delay = environment.value("smtpd_delay_reject");
        if (delay.unknown !== undefined || !/^no$/i.test(delay.text)) continue;
      }
      context.report({
        at,
        message: `${facts.name} needs ${NEEDS[facts.needs] ?? facts.needs}, which is not known when ${parameter} is asked: smtpd passes over it without a word.`,
      });
    }
  },
};
