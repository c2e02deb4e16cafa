import { type SkippedLine, skippedLines } from "../../semantics/postfix/lists/patternTable.js";
import { Memo } from "../../syntax/memo.js";
import type { SourceFile } from "../../system/source.js";
import type { Rule } from "../rule.js";
import { tablesOf } from "./settings.js";

export const mainTableLine: Rule = {
  code: "main-table-line",
  severity: "warning",
  summary: "A line of a cidr, regexp or pcre table cannot be read and is skipped.",
  why: `The rest of the table works, so nothing seems to be wrong until the client that the line was about comes:

    postfix/smtpd[124]: warning: cidr map /etc/postfix/nets, line 1: non-null host address bits in "203.0.113.9/24", perhaps you should use "203.0.113.0/24" instead: skipping this rule
    postfix/smtpd[124]: warning: regexp map /etc/postfix/checks, line 2: no closing regexp delimiter "/": skipping this rule

\`postmap -q\` says the same.`,
  remedy: "Correct the line.",
  unfixable: "Only the address of a network can be worked out.",
  wrong: [
    {
      title: "cidr",
      text: `-- main.cf --
smtpd_client_restrictions = check_client_access cidr:/etc/postfix/nets
-- nets --
203.0.113.9/24 REJECT
#^^^^^^^^^^^^^ warning
10.0.0.0/33 REJECT
#^^^^^^^^^^ warning
2001:db8::1/32 REJECT
#^^^^^^^^^^^^^ warning
mail.example.org REJECT
#^^^^^^^^^^^^^^^ warning
192.0.2.0/24
#^^^^^^^^^^^ warning`,
    },
    {
      title: "regexp",
      text: `-- main.cf --
header_checks = regexp:/etc/postfix/checks
-- checks --
/^Subject: spam REJECT
#^^^^^^^^^^^^^^^^^^^^^ warning
Subject REJECT
#^^^^^^ warning
/x/q REJECT
#  ^ warning`,
    },
  ],
  right: [
    {
      title: "conditions, negations, IPv6 with and without brackets, any delimiter",
      text: `-- main.cf --
smtpd_client_restrictions = check_client_access cidr:/etc/postfix/nets
header_checks = pcre:/etc/postfix/checks
-- nets --
# ours
192.0.2.0/24 OK
2001:db8::/32 OK
[2001:db8::1] OK
if !10.0.0.0/8
!192.168.0.0/16 REJECT
endif
-- checks --
if /^Subject:/
!/a\\/b/i REJECT
|^Subject: (.*)/|x   WARN
  $1
endif`,
    },
  ],
  check(context) {
    const { source } = context.system;
    for (const { reference, wrapped } of tablesOf(context.system)) {
      const { type, name } = reference;
      const file = wrapped || !PATTERNS.has(type) ? undefined : source.tables.get(name);
      if (!file || file.template) continue;
      for (const { range, log, replacement } of linesOf(file, type)) {
        const at = { file: file.path, range };
        context.report({
          at,
          message: `Postfix skips this line: ${log}.`,
          fixes: () =>
            replacement === undefined
              ? []
              : [
                  {
                    title: `Write ${replacement}`,
                    edits: [{ ...at, newText: replacement }],
                    preferred: true,
                  },
                ],
        });
      }
    }
  },
};

const PATTERNS: ReadonlySet<string> = new Set(["cidr", "regexp", "pcre"]);
/** A table may be large and does not change while main.cf is being edited. */
const cache = new Memo<SourceFile, { type: string; lines: readonly SkippedLine[] }>();

function linesOf(file: SourceFile, type: string): readonly SkippedLine[] {
  const known = cache.get(file);
  if (known?.type === type) return known.lines;
  const lines = skippedLines(file.text, type);
  cache.set(file, { type, lines });
  return lines;
}
