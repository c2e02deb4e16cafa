import { isKnownParameter } from "../../knowledge/parameters.js";
import type { MainEntry } from "../../syntax/postfix/main.js";
import { hasPlaceholder } from "../../syntax/postfix/words.js";
import type { Fix } from "../finding.js";
import type { Rule, RuleContext } from "../rule.js";
import { hasForeignBlank } from "./foreignCharacters.js";

export const mainMissingEquals: Rule = {
  code: "main-missing-equals",
  severity: "error",
  summary: "A line of main.cf has no `=` behind the parameter name.",
  why: `Nothing can read main.cf any more: every daemon and every Postfix command stops at this line.

    postconf: fatal: /etc/postfix/main.cf, line 12: missing '=' after attribute name: "relayhost [192.0.2.1]"

Postfix does not start, and a running one fails as soon as it starts its next process. Lines in between that were meant as the rest of the value above count too: only a blank at their start makes them a continuation.`,
  remedy:
    "Write `name = value`, indent a line that continues the value above, or make it a comment with `#`.",
  wrong: [
    {
      title: "the sign is missing",
      text: `-- main.cf --
relayhost [192.0.2.1]
#^^^^^^^^ error`,
    },
    {
      title: "a colon instead",
      text: `-- main.cf --
myhostname: mail.example.org
#^^^^^^^^^^ error`,
    },
    {
      title: "a continuation that is not indented",
      text: `-- main.cf --
mydestination = example.org,
example.net
#^^^^^^^^^^ error`,
    },
  ],
  right: [
    {
      title: "an empty value, and a continuation",
      text: `-- main.cf --
relayhost =
mydestination = example.org,
  example.net`,
    },
  ],
  check(context) {
    const { main, source } = context.system;
    if (!main || !source.main) return;
    const file = source.main.path;
    main.entries.forEach((entry, index) => {
      if (entry.stray || entry.equals !== undefined || entry.name === "") return;
      if (isFilledIn(entry, source.main?.template ?? false) || hasForeignBlank(entry.name)) return;
      const text = `${entry.name} ${entry.value}`.trimEnd();
      context.report({
        at: { file, range: entry.nameRange },
        message: `This line has no "=": every Postfix program stops with 'missing '=' after attribute name: "${text.slice(0, 60)}"', nothing starts and no mail passes.`,
        fixes: () => mend(context, file, entry, main.entries[index - 1]),
      });
    });
  },
};

/** A template may put whole settings in the place of a line. */
function isFilledIn(entry: MainEntry, template: boolean): boolean {
  if (hasPlaceholder(entry.name) || hasPlaceholder(entry.value)) return true;
  return template && !isKnownParameter(entry.name.replace(/:$/, ""));
}

function mend(context: RuleContext, file: string, entry: MainEntry, above: MainEntry | undefined): Fix[] {
  const { start, end } = entry.nameRange;
  const name = entry.name.replace(/:$/, "");
  const fixes: Fix[] = [];
  const goesOn = above?.equals !== undefined && /[,\\]$/.test(above.value);
  if (isKnownParameter(name))
    fixes.push({
      title: `Write ${name} = ${entry.value}`.trimEnd(),
      edits: [{ file, range: { start: start + name.length, end }, newText: " =" }],
      preferred: true,
    });
  else if (goesOn)
    fixes.push({
      title: `Indent the line, so that it continues ${above.name}`,
      edits: [{ file, range: { start, end: start }, newText: "  " }],
      preferred: true,
    });
  fixes.push({
    title: "Make it a comment",
    edits: entry.pieces.map((piece) => ({
      file,
      range: { start: piece.start, end: piece.start },
      newText: context.text(file)[piece.start] === " " ? "#" : "# ",
    })),
  });
  return fixes;
}
