import { mapTypeFacts } from "../../knowledge/mapTypes.js";
import type { Rule } from "../rule.js";
import { tablesOf } from "./settings.js";

export const mainMapIndexedName: Rule = {
  code: "main-map-indexed-name",
  severity: "warning",
  summary: "An indexed table is named with the ending that Postfix adds by itself.",
  why: `\`hash:/etc/postfix/virtual.db\` opens \`virtual.db.db\`:

    postfix/trivial-rewrite[124]: error: open database /etc/postfix/virtual.db.db: No such file or directory
    451 4.3.0 <x@example.org>: Temporary lookup failure

It is right only where the text file itself is called so.`,
  remedy: "Name the table without the ending.",
  wrong: [
    {
      title: "the made file instead of its source",
      text: `-- main.cf --
virtual_alias_maps = hash:/etc/postfix/virtual.db
#                                             ^^^ warning`,
    },
  ],
  right: [
    {
      title: "without",
      text: `-- main.cf --
virtual_alias_maps = hash:/etc/postfix/virtual, sqlite:/etc/postfix/virtual.db, hash:/etc/postfix/v.lmdb`,
    },
  ],
  check(context) {
    const { source } = context.system;
    for (const { reference, locate } of tablesOf(context.system)) {
      const ending = mapTypeFacts(reference.type)?.indexedFile;
      const { name, end } = reference;
      if (!ending?.startsWith(".") || ending.includes(" ") || !name.endsWith(ending)) continue;
      const at = source.tables.has(name) ? undefined : locate(end - ending.length, end);
      if (!at) continue;
      context.report({
        at,
        message: `Postfix adds the ending itself and opens ${name}${ending}: where that is not there every look-up fails with a temporary error.`,
        fixes: () => [{ title: `Remove ${ending}`, edits: [{ ...at, newText: "" }], preferred: true }],
      });
    }
  },
};
