import type { Range } from "../../syntax/text.js";
import type { Rule } from "../rule.js";

export const mainNul: Rule = {
  code: "main-nul",
  severity: "error",
  summary: "A NUL character stands in an entry, and what follows it is lost.",
  why: `For Postfix a text ends at NUL. The rest of the entry, with its continuation lines, is not read; only Postfix 3.9 and later say so:

    postconf: warning: /etc/postfix/main.cf, line 3: text after null byte may be ignored

A NUL before the \`=\` stops every program with \`missing '=' after attribute name\`. Such characters come from files in UTF-16 and from disks that were not unmounted.`,
  remedy: "Delete the characters, or save the file as UTF-8.",
  wrong: [
    {
      title: "inside a value",
      text: `-- main.cf --
myhostname = mail\0.example.org
#                ^ error`,
    },
  ],
  right: [
    {
      title: "in a comment it does no harm",
      text: `-- main.cf --
# a\0b
myhostname = mail.example.org`,
    },
  ],
  check(context) {
    const { main, master, source } = context.system;
    for (const [file, tree] of [
      [source.main, main],
      [source.master, master],
    ] as const) {
      if (!file?.text.includes("\0") || !tree) continue;
      const places: Range[] = [];
      for (const { range } of tree.entries)
        for (
          let at = file.text.indexOf("\0", range.start);
          at >= 0 && at < range.end;
          at = file.text.indexOf("\0", at + 1)
        )
          places.push({ start: at, end: at + 1 });
      const first = places[0];
      if (!first) continue;
      const more = places.length > 1 ? ` The file has ${places.length} of them.` : "";
      context.report({
        at: { file: file.path, range: first },
        message: `For Postfix the entry ends at this NUL character, and the rest of it is lost.${more}`,
        fixes: () => [
          {
            title: places.length > 1 ? "Delete the NUL characters" : "Delete the NUL character",
            edits: places.map((range) => ({ file: file.path, range, newText: "" })),
          },
        ],
      });
    }
  },
};
