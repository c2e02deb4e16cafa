import { mapTypeFacts } from "../../knowledge/mapTypes.js";
import type { Rule } from "../rule.js";
import { tablesOf } from "./settings.js";

export const mapTypeNotBuiltIn: Rule = {
  code: "map-type-not-built-in",
  severity: "information",
  summary:
    "A table is of a Berkeley DB type, while the default type says that this Postfix has another database.",
  why: `\`hash\` and \`btree\` need Berkeley DB, which several systems no longer have (Alpine, newer releases of RHEL and SUSE). Their Postfix has lmdb or cdb instead, and that is what \`default_database_type\` is set to there. Every look-up in a table of the old type fails, and mail is put off:

    postfix/smtpd[120]: error: unsupported dictionary type: hash
    451 4.3.0 <user@example.com>: Temporary lookup failure

Where both databases are built in, as with Debian's package postfix-lmdb, the table works; \`postconf -m\` tells. Since Postfix 3.11 \`non_bdb_migration_level\` can have the old types read as the new ones; where it is set, nothing is said.`,
  remedy: "Write the type that `postconf -m` lists, and run `postmap` on each file anew.",
  wrong: [
    {
      title: "lmdb by default, and hash in one table",
      text: `-- main.cf --
compatibility_level = 3.6
default_database_type = lmdb
virtual_alias_maps = lmdb:/etc/postfix/virtual
transport_maps = hash:/etc/postfix/transport
#                ^^^^ information`,
    },
  ],
  right: [
    {
      title: "one type, and a default that is Berkeley DB's",
      text: `-- main.cf --
compatibility_level = 3.6
default_database_type = hash
transport_maps = btree:/etc/postfix/transport
virtual_alias_maps = lmdb:/etc/postfix/virtual`,
    },
    {
      title: "the old types are read as new ones",
      text: `-- main.cf --
compatibility_level = 3.6
default_database_type = lmdb
non_bdb_migration_level = enable-redirect
transport_maps = hash:/etc/postfix/transport`,
    },
  ],
  check(context) {
    const { environment } = context.system;
    const { definition, text, unknown } = environment.value("default_database_type");
    if (definition?.source !== "main" || !definition.origin || unknown !== undefined) return;
    // Only another indexed database tells that Berkeley DB may be missing.
    if (isBerkeley(text) || mapTypeFacts(text)?.nameKind !== "file-base") return;
    const migration = environment.value("non_bdb_migration_level");
    if (migration.definition?.source === "main" && !/^disable$/i.test(migration.text)) return;
    const { origin } = definition;
    for (const { reference, parameter, locate } of tablesOf(context.system)) {
      if (!isBerkeley(reference.type)) continue;
      const at = locate(reference.start, reference.typeEnd);
      if (!at) continue;
      context.report({
        at,
        message: `${parameter} has a table of type ${reference.type}, which needs Berkeley DB, and default_database_type = ${text} is what a Postfix without it has: if postconf -m does not list ${reference.type}, each look-up fails with "unsupported dictionary type: ${reference.type}".`,
        related: [{ ...origin, message: "the default type is set here" }],
        fixes: () => [{ title: `Write ${text}`, edits: [{ ...at, newText: text }] }],
      });
    }
  },
};

function isBerkeley(type: string): boolean {
  return type === "hash" || type === "btree";
}
