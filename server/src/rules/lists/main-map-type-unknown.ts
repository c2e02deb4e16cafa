import { mapTypeFacts, mapTypeNames } from "../../knowledge/mapTypes.js";
import { hasReached } from "../../knowledge/version.js";
import type { TableReference } from "../../semantics/postfix/lists/tableReference.js";
import type { MailSystem } from "../../system/system.js";
import { nearest } from "../nearest.js";
import type { Rule } from "../rule.js";
import { tablesOf } from "./settings.js";

export const mainMapTypeUnknown: Rule = {
  code: "main-map-type-unknown",
  severity: "error",
  summary: "A lookup table has a type that Postfix does not know.",
  why: `Daemons start, and the look-up fails each time:

    postfix/trivial-rewrite[124]: error: unsupported dictionary type: hsah
    postfix/trivial-rewrite[124]: warning: transport_maps lookup failure
    451 4.3.0 <x@example.org>: Temporary lookup failure

Mail stays with the senders or in the queue. Types are written in lower case. The types of databases (mysql, pgsql, ldap, sqlite, pcre, lmdb, cdb) come in packages of their own in Debian; without the package the log says the same.`,
  remedy: "Write a type that `postconf -m` lists.",
  wrong: [
    {
      title: "a typing slip, capital letters, and a table inside another",
      text: `-- main.cf --
transport_maps = hsah:/etc/postfix/transport
#                ^^^^ error
virtual_alias_maps = proxy:MYSQL:/etc/postfix/aliases.cf
#                          ^^^^^ error
smtpd_client_restrictions = check_client_access unionmap:{cdir:/etc/postfix/nets, static:DUNNO}
#                                                         ^^^^ error`,
    },
    {
      title: "a negation, which only lists of patterns know",
      text: `-- main.cf --
virtual_alias_maps = !static:x
#                    ^^^^^^^ error`,
    },
  ],
  right: [
    {
      title: "every kind of table",
      text: `-- main.cf --
transport_maps = hash:/etc/postfix/transport, {{ transport_type }}:/etc/postfix/transport2
virtual_alias_maps = proxy:mysql:/etc/postfix/aliases.cf, inline:{a=b, {c = d e}}, pcre:/etc/postfix/v
mydestination = localhost, !hash:/etc/postfix/none, texthash:/etc/postfix/domains
smtpd_client_restrictions = check_policy_service inet:127.0.0.1:10023, check_client_access { unionmap:{static:a, cidr:/x} }`,
    },
  ],
  check(context) {
    for (const { reference, parameter, locate } of tablesOf(context.system)) {
      const why = problem(reference, context.system);
      const at = why && locate(reference.start, reference.typeEnd);
      if (!why || !at) continue;
      context.report({
        at,
        message: `${why}: whoever looks up in ${parameter} logs "unsupported dictionary type: ${reference.type}", and mail is put off with a temporary error.`,
        fixes: () => {
          const lower = reference.type.toLowerCase().replace(/^!+/, "");
          const known = mapTypeFacts(lower) ? lower : nearest(lower, mapTypeNames());
          if (!known || known === reference.type) return [];
          return [
            {
              title: `Write ${known}`,
              edits: [{ ...at, newText: known }],
              preferred: !reference.type.startsWith("!"),
            },
          ];
        },
      });
    }
  },
};

function problem({ fault, type }: TableReference, { profile }: MailSystem): string | undefined {
  if (fault?.kind === "unknown-type") return `Postfix has no table type "${type}"`;
  const facts = mapTypeFacts(type);
  if (!facts || profile.source !== "given" || hasReached(profile.version, facts.since.replace(/^<=/, "")))
    return undefined;
  return `The table type ${type} came with Postfix ${facts.since}, and this is ${profile.version}`;
}
