import type { Rule } from "../rule.js";

const LEVEL = /^\s*\+?(\d{1,6})(?:\.(\d{1,4}))?(?:\.(\d{1,4}))?$/;

export const mainCompatBad: Rule = {
  code: "main-compat-bad",
  severity: "error",
  summary: "compatibility_level is no level.",
  why: `A level is one number, or up to three with dots between them. Anything else stops every program of Postfix, since defaults depend on it:

    postconf: warning: malformed compatibility level syntax: "3.6.x"
    postconf: fatal: macro processing error

Postfix does not start.`,
  remedy: "Write the level of the release whose defaults are meant: 0, 1, 2, 3.6, 3.11.",
  wrong: [
    {
      title: "a full release number with a letter",
      text: `-- main.cf --
compatibility_level = 3.6-debian
#                     ^^^^^^^^^^ error`,
    },
    {
      title: "empty",
      text: `-- main.cf --
compatibility_level =
#                   ^ error`,
    },
  ],
  right: [
    {
      title: "one, two or three numbers",
      text: `-- main.cf --
compatibility_level = 3.6`,
    },
  ],
  check(context) {
    for (const setting of context.system.settings) {
      if (setting.name !== "compatibility_level" || setting.value.unknown !== undefined) continue;
      const { text } = setting.value;
      const match = LEVEL.exec(text);
      const small = (part: string | undefined) => part === undefined || Number(part) < 1024;
      if (match && small(match[2]) && small(match[3])) continue;
      const { file, range } = setting.valueLocation;
      const guess = /\d+(?:\.\d{1,3}){0,2}/.exec(text)?.[0];
      // An empty value has no characters to mark: the sign before it is marked.
      const at = range.end > range.start ? range : { start: Math.max(0, range.start - 1), end: range.end };
      context.report({
        at: { file, range: at },
        message: `"${text}" is no compatibility level: every Postfix program stops with "malformed compatibility level syntax", and nothing starts.`,
        fixes: () => {
          const level = guess ?? "3.6";
          const newText = range.end > range.start ? level : ` ${level}`;
          return [
            { title: `Write ${level}`, edits: [{ file, range, newText }], preferred: guess !== undefined },
          ];
        },
      });
    }
  },
};
