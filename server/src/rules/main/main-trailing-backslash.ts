import { hasPlaceholder } from "../../syntax/postfix/words.js";
import type { Rule } from "../rule.js";

export const mainTrailingBackslash: Rule = {
  code: "main-trailing-backslash",
  severity: "warning",
  summary: "A line of main.cf ends with a backslash.",
  why: "Postfix continues a value on a line that begins with a blank. A backslash at the end of a line has no meaning: it becomes a part of the value, as an item of a list or behind its last word, and no program says a word until that item is looked up. A next line that is not indented is an entry of its own; without `=` it stops every program.",
  remedy: "Delete the backslash, and indent the next line.",
  wrong: [
    {
      title: "as in a shell",
      text: `-- main.cf --
mydestination = example.org, \\
#                            ^ warning
  example.net`,
    },
  ],
  right: [
    {
      title: "indentation alone",
      text: `-- main.cf --
mydestination = example.org,
  example.net`,
    },
  ],
  check(context) {
    const { main, source } = context.system;
    if (!main || !source.main?.text.includes("\\")) return;
    const { path: file, text } = source.main;
    for (const entry of main.entries) {
      if (!entry.valid) continue;
      for (const piece of entry.pieces) {
        const line = text.slice(piece.start, piece.end).trimEnd();
        if (!line.endsWith("\\") || line.endsWith("\\\\") || hasPlaceholder(line)) continue;
        const end = piece.start + line.length;
        // `name = \` alone is the value of a parameter that takes any character.
        const next = text.slice(piece.end + 1, piece.end + 2);
        const goesOn = next === " " || next === "\t" || next === "#";
        const before = /[ \t]*\\$/.exec(line)?.[0].length ?? 1;
        context.report({
          at: { file, range: { start: end - 1, end } },
          message: `A backslash continues nothing here: it becomes a part of ${entry.name}${goesOn ? "" : ", and the next line is an entry of its own unless it is indented"}.`,
          fixes: () => [
            {
              title: "Delete the backslash",
              edits: [{ file, range: { start: end - before, end }, newText: "" }],
              preferred: true,
            },
          ],
        });
      }
    }
  },
};
