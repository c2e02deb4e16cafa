import type { Rule } from "../rule.js";
import { tablesOf } from "./settings.js";

/**
 * That default_database_type would stand in for a missing type is true of postmap and postalias only: smtpd,
 * trivial-rewrite and cleanup 3.7.11 stop.
 */
export const mainMapNoType: Rule = {
  code: "main-map-no-type",
  severity: "error",
  summary: "A lookup table has no type before its name, or no name behind its type.",
  why: `default_database_type helps postmap and postalias only. A daemon that opens such a table stops, and is started anew each minute:

    postfix/smtpd[124]: fatal: open dictionary: expecting "type:name" form instead of "/etc/postfix/virtual"
    postfix/master[101]: warning: /usr/lib/postfix/sbin/smtpd: bad command startup -- throttling

A blank behind the colon has the same effect: it makes two items of one.`,
  remedy: "Write type:name in one word, such as `hash:/etc/postfix/virtual`.",
  wrong: [
    {
      title: "a path alone",
      text: `-- main.cf --
virtual_alias_maps = /etc/postfix/virtual
#                    ^^^^^^^^^^^^^^^^^^^^ error`,
    },
    {
      title: "a blank behind the colon",
      text: `-- main.cf --
transport_maps = hash: /etc/postfix/transport
#                ^^^^^ error`,
    },
  ],
  right: [
    {
      title: "type and name; lists of domains take paths",
      text: `-- main.cf --
virtual_alias_maps = hash:/etc/postfix/virtual, $virtual_maps
mydestination = /etc/postfix/domains localhost
alias_maps = $alias_database
local_recipient_maps =
smtpd_tls_session_cache_database = btree:\${data_directory}/smtpd_scache`,
    },
    {
      title: "the type that Postfix was built with",
      text: `-- main.cf --
compatibility_level = 3.6
alias_maps = $default_database_type:/etc/aliases
canonical_maps = \${default_database_type}:/etc/postfix/canonical`,
    },
  ],
  check(context) {
    const said = new Set<string>();
    for (const { reference, parameter, locate } of tablesOf(context.system)) {
      const { fault, start, end, type, text: name } = reference;
      if (fault?.kind !== "no-type" && fault?.kind !== "no-name") continue;
      const at = locate(start, end);
      // "hash: /path" is one slip: the path behind it is not said again.
      if (!at || said.has(`${at.file}:${at.range.start}`)) continue;
      const text = context.text(at.file);
      const path =
        fault.kind === "no-name" ? /^[ \t]+\/[^\s,]+/.exec(text.slice(at.range.end))?.[0] : undefined;
      if (path) said.add(`${at.file}:${at.range.end + path.length - path.trim().length}`);
      const written = text.slice(at.range.start, at.range.end);
      // $default_database_type is what the build made it.
      if (name.startsWith(":") && !written.startsWith(":")) continue;
      // Behind a $name stands what it expands to.
      const shown = type === "" ? written.replace(/^\$.*$/s, name) : `${type}:`;
      context.report({
        at,
        message: `"${shown}" in ${parameter} is not of the form type:name: the daemon that opens the table stops with "expecting type:name form", and mail waits.`,
        fixes: () => {
          if (path)
            return [
              {
                title: `Write ${type}:${path.trim()} in one word`,
                edits: [
                  {
                    file: at.file,
                    range: { start: at.range.start, end: at.range.end + path.length },
                    newText: `${type}:${path.trim()}`,
                  },
                ],
                preferred: true,
              },
            ];
          if (fault.kind !== "no-type" || !written.startsWith("/")) return [];
          const start = { file: at.file, range: { start: at.range.start, end: at.range.start } };
          return ["hash", "lmdb"].map((word) => ({
            title: `Write ${word}:${written}`,
            edits: [{ ...start, newText: `${word}:` }],
          }));
        },
      });
    }
  },
};
