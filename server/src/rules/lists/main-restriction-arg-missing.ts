import type { Rule } from "../rule.js";
import { type FoundRestriction, restrictionsOf } from "./settings.js";

export const mainRestrictionArgMissing: Rule = {
  code: "main-restriction-arg-missing",
  severity: "error",
  summary: "A restriction lacks the table, domain, policy service or number that has to follow it.",
  why: `What happens depends on the restriction. A \`check_..._access\` without \`type:name\` and a \`sleep\` without a number give every client that gets this far a temporary error:

    postfix/smtpd[124]: warning: restriction check_sender_access: bad argument "reject_unauth_destination": need maptype:mapname
    451 4.3.5 Server configuration error

\`check_policy_service\` followed by what is no endpoint ends smtpd at its first connection (\`fatal: need service transport:endpoint instead of ...\`, \`fatal: invalid transport name\`). A DNS list takes *any* next word for its domain: in \`reject_rbl_client, reject_unauth_destination\` the second restriction is never run, and without another one the server relays for everybody. At the end of a list it is passed over with a warning in the log.`,
  remedy: "Write the argument behind the restriction, or remove the restriction.",
  wrong: [
    {
      title: "a table is missing",
      text: `-- main.cf --
smtpd_recipient_restrictions = check_sender_access, reject_unauth_destination
#                              ^^^^^^^^^^^^^^^^^^^ error`,
    },
    {
      title: "the DNS list takes the next restriction for its domain",
      text: `-- main.cf --
smtpd_recipient_restrictions = permit_mynetworks, reject_rbl_client, reject_unauth_destination, reject
#                                                 ^^^^^^^^^^^^^^^^^ error`,
    },
    {
      title: "a policy service without inet: or unix:",
      text: `-- main.cf --
smtpd_recipient_restrictions = reject_unauth_destination, check_policy_service 127.0.0.1:10023
#                                                                              ^^^^^^^^^^^^^^^ error`,
    },
    {
      title: "a number, and a DNS list at the end",
      text: `-- main.cf --
smtpd_client_restrictions = sleep 1s, reject_rbl_client
#                           ^^^^^ error
#                                     ^^^^^^^^^^^^^^^^^ warning`,
    },
  ],
  right: [
    {
      title: "tables, domains, endpoints and braces",
      text: `-- main.cf --
smtpd_recipient_restrictions = check_sender_access hash:/etc/postfix/senders, reject_unauth_destination,
  reject_rbl_client zen.example.org=127.0.0.[2..11], sleep 1,
  check_policy_service { unix:private/policy, timeout=10s }, check_policy_service inet:127.0.0.1:10023`,
    },
  ],
  unfixable:
    "Only inet: can be guessed where an address and a port stand; what else was meant cannot be known.",
  check(context) {
    for (const found of restrictionsOf(context.system)) {
      const { restriction, list, at } = found;
      const { fault, argument, ignoredAfter } = restriction;
      if (!at || ignoredAfter !== undefined) continue;
      const what = describe(found);
      if (what === undefined) continue;
      const place = fault === "bad-endpoint" && argument ? list.locate(argument.start, argument.end) : at;
      context.report({
        at: place ?? at,
        message: what,
        severity: fault === "argument-ignored" ? "warning" : "error",
        fixes: () =>
          fault === "bad-endpoint" && place && argument && /^[\w.[\]-]+:\d+$/.test(argument.text)
            ? [
                {
                  title: `Write inet:${argument.text}`,
                  edits: [{ ...place, newText: `inet:${argument.text}` }],
                  preferred: true,
                },
              ]
            : [],
      });
    }
  },
};

function describe({ restriction, parameter }: FoundRestriction): string | undefined {
  const { name, fault, argument, facts, item } = restriction;
  const later = `smtpd gives every client that gets this far in ${parameter} "451 4.3.5 Server configuration error"`;
  switch (fault) {
    case "argument-missing":
      if (facts?.argument === "seconds")
        return `A whole number of seconds has to follow ${item.text}: ${later}.`;
      if (facts?.argument === "map") return `A table, type:name, has to follow ${item.text}: ${later}.`;
      return `An endpoint such as unix:private/policy has to follow ${item.text}: ${later}.`;
    case "argument-ignored":
      return `${item.text} has no domain behind it: smtpd passes over it with a warning in the log at each mail.`;
    case "argument-is-restriction":
      return `${item.text} has no domain behind it and takes "${argument?.text}" for one: that restriction is never run.`;
    case "bad-endpoint":
      return argument
        ? `"${argument.text}" is no endpoint of the form inet:host:port or unix:path: smtpd stops with a fatal error at its first connection, and no mail gets in.`
        : `No endpoint follows ${name}: smtpd stops with a fatal error at its first connection, and no mail gets in.`;
    default:
      return undefined;
  }
}
