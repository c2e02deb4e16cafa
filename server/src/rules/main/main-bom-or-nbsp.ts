import { parameterFacts } from "../../knowledge/parameters.js";
import type { Location } from "../../semantics/located.js";
import type { Rule, RuleContext } from "../rule.js";
import { foreignRuns, hasForeignBlank, nameOfForeign } from "./foreignCharacters.js";

/** Kinds of value in which such a character may be meant. */
const FREE = new Set(["string", "raw-string", "command", "character-set", undefined]);

export const mainBomOrNbsp: Rule = {
  code: "main-bom-or-nbsp",
  severity: "error",
  summary: "A character that looks like a blank or a quote is none to Postfix.",
  why: `Postfix knows the blanks and quotes of ASCII only. A no-break space, as web pages have it, or the mark that some editors put at the start of a file becomes a part of the name or word beside it:

    postconf: warning: /etc/postfix/main.cf: unused parameter: ???myhostname=mail.example.org

The setting is lost. In front of a comment or of a continuation line such a character makes an entry that stops every program: \`missing '=' after attribute name\`, or \`bad field count\` in master.cf.`,
  remedy: "Write an ordinary blank, or none.",
  wrong: [
    {
      title: "a no-break space behind the name",
      text: `-- main.cf --
myhostname\u00a0= mail.example.org
#         ^ error`,
    },
    {
      title: "a no-break space as indentation",
      text: `-- main.cf --
mydestination = example.org,
\u00a0\u00a0example.net
#^ error`,
    },
    {
      title: "typographic quotes in a list",
      text: `-- main.cf --
mydestination = \u201cexample.org\u201d
#               ^ error`,
    },
  ],
  right: [
    {
      title: "a text may hold anything",
      text: `-- main.cf --
smtpd_banner = $myhostname \u201cESMTP\u201d`,
    },
  ],
  check(context) {
    const { main, source, services, parameters } = context.system;
    const file = source.main?.path;
    // The whole text once: most files have no such character.
    if (main && file !== undefined && hasForeignBlank(context.text(file)))
      for (const entry of main.entries) {
        if (entry.stray) continue;
        const named = report(context, file, entry.nameRange.start, entry.name, entry.equals === undefined);
        if (named || !entry.valid || parameters.entry(entry.name) !== entry) continue;
        if (FREE.has(parameterFacts(entry.name)?.class)) continue;
        const { start } = entry.valueRange;
        // What stands in a comment behind the value is the comment's fault (inline-comment).
        const text = context.text(file).slice(start, entry.valueRange.end).split(/\s#/, 1)[0] ?? "";
        if (hasForeignBlank(text)) report(context, file, start, text, false);
      }
    for (const service of services)
      for (const option of service.options)
        if (hasForeignBlank(option.name))
          report(context, service.location.file, option.nameRange.start, option.name, false);
    reportStartOfMaster(context);
  },
};

/** One finding for a name or value, at its first such character; true when there was one. */
function report(context: RuleContext, file: string, start: number, text: string, fatal: boolean): boolean {
  const runs = foreignRuns(text);
  const first = runs[0];
  if (!first) return false;
  // An editor shows no byte order mark: the word behind it is marked too.
  const mark = text[first.start] === "\ufeff";
  const at: Location = {
    file,
    range: { start: start + first.start, end: start + (mark ? text.length : first.end) },
  };
  const what = nameOfForeign(text.slice(first.start, first.end));
  context.report({
    at,
    message: fatal
      ? `Here stands ${what}, which begins an entry for Postfix: every program stops with "missing '=' after attribute name".`
      : `Here stands ${what}, which Postfix takes for a letter of the word.`,
    fixes: () => [
      {
        title: runs.length > 1 ? "Replace the characters" : "Replace the character",
        edits: runs.map((run) => ({
          file,
          range: { start: start + run.start, end: start + run.end },
          newText: replacement(text, run),
        })),
        preferred: true,
      },
    ],
  });
  return true;
}

/** Quotes and marks go; a blank stays one where it parts words or indents a line. */
function replacement(text: string, { start, end }: { start: number; end: number }): string {
  if (/[\ufeff\u200b\u2060\u2018-\u201e]/.test(text.slice(start, end))) return "";
  return end === text.length ? "" : " ".repeat(end - start);
}

function reportStartOfMaster(context: RuleContext): void {
  const file = context.system.source.master?.path;
  if (file === undefined || !context.text(file).startsWith("\ufeff")) return;
  const end = context.system.master?.entries[0]?.words[0]?.range.end ?? 1;
  context.report({
    at: { file, range: { start: 0, end } },
    message: `The file begins with ${nameOfForeign("\ufeff")}, which Postfix takes for a letter: a comment in the first line becomes an entry ("bad field count", nothing starts), a service gets another name.`,
    fixes: () => [
      {
        title: "Delete the byte order mark",
        edits: [{ file, range: { start: 0, end: 1 }, newText: "" }],
        preferred: true,
      },
    ],
  });
}
