/**
 * Comments that silence rules: `# mailflow-disable-next-line CODE ...`, `# mailflow-disable CODE ...` to
 * the end of the file or to `# mailflow-enable CODE ...`. Without codes they mean every rule. A comment
 * that silences nothing is reported itself, so that it does not outlive its reason.
 */
import type { Range } from "../syntax/text.js";
import type { Finding } from "./finding.js";
import type { Rule, RuleContext } from "./rule.js";

export const unusedDisable: Rule = {
  code: "unused-disable",
  severity: "hint",
  summary: "A comment silences a rule that has nothing to say there.",
  why: "The comment was written for a finding that is no longer there, or its code is misspelt. It would hide the next mistake at this place.",
  remedy: "Remove the comment, or correct the code in it.",
  wrong: [
    {
      title: "nothing to silence",
      text: `-- master.cf --
# mailflow-disable-next-line inet-private
# ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ hint
smtp inet n - n - - smtpd`,
    },
  ],
  right: [
    {
      title: "the finding is there, and silenced",
      text: `-- master.cf --
# mailflow-disable-next-line port-out-of-range
70025 inet n - n - - smtpd`,
    },
  ],
  // Whether a comment is used shows only when all rules have spoken: `suppress` reports it.
  check() {},
};

interface Directive {
  readonly file: string;
  readonly range: Range;
  readonly kind: "disable-next-line" | "disable" | "enable";
  /** Empty = every rule. */
  readonly codes: ReadonlySet<string>;
  readonly line: number;
  used: boolean;
}

const COMMENT = /^[ \t]*#[ \t]*(mailflow-(disable-next-line|disable|enable)\b([^\n]*))$/gm;

/** Takes away what comments silence and adds what is to be said about the comments. */
export function suppress(
  findings: readonly Finding[],
  files: readonly string[],
  context: Omit<RuleContext, "report">,
): readonly Finding[] {
  const directives = files.flatMap((file) => readDirectives(file, context));
  if (directives.length === 0) return findings;
  const shown = findings.filter((finding) => !isSilenced(finding, directives, context));
  for (const { file, range, kind, used } of directives)
    if (!used && kind !== "enable")
      shown.push({
        code: unusedDisable.code,
        severity: unusedDisable.severity,
        message: "This comment silences nothing.",
        file,
        range,
        related: [],
        fixes: () => [
          {
            title: "Remove the comment",
            edits: [{ file, range: wholeLine(context.text(file), range), newText: "" }],
          },
        ],
      });
  return shown;
}

function readDirectives(file: string, context: Omit<RuleContext, "report">): Directive[] {
  const text = context.text(file);
  if (!text.includes("mailflow-")) return [];
  return [...text.matchAll(COMMENT)].map((match): Directive => {
    const words = match[1]?.trimEnd() ?? "";
    const start = match.index + match[0].indexOf(words);
    const line = context.lines(file).lineAt(start);
    const kind = match[2] === "disable" || match[2] === "enable" ? match[2] : "disable-next-line";
    // What stands behind `--` is the reason, for people.
    const codes = new Set(
      (match[3] ?? "")
        .split("--")[0]
        ?.split(/[\s,]+/)
        .filter(Boolean),
    );
    const target = kind === "disable-next-line" ? nextLine(text, context, file, line) : line;
    return { file, range: { start, end: start + words.length }, kind, codes, line: target, used: false };
  });
}

/** The next line that is no comment. */
function nextLine(text: string, context: Omit<RuleContext, "report">, file: string, from: number): number {
  const lines = context.lines(file);
  let line = from + 1;
  while (
    line < lines.lineCount &&
    /^[ \t]*(?:#|$)/.test(text.slice(lines.lineStart(line), lines.lineStart(line + 1)).trimEnd())
  )
    line++;
  return line;
}

function isSilenced(
  finding: Finding,
  directives: readonly Directive[],
  context: Omit<RuleContext, "report">,
): boolean {
  const line = context.lines(finding.file).lineAt(finding.range.start);
  let open: Directive | undefined;
  for (const directive of directives) {
    const meant =
      directive.file === finding.file && (directive.codes.size === 0 || directive.codes.has(finding.code));
    if (!meant) continue;
    if (directive.kind === "disable-next-line" && directive.line === line) {
      directive.used = true;
      return true;
    }
    if (directive.kind === "disable" && directive.line < line) open = directive;
    if (directive.kind === "enable" && directive.line < line) open = undefined;
  }
  if (open) open.used = true;
  return open !== undefined;
}

function wholeLine(text: string, range: Range): Range {
  const start = text.lastIndexOf("\n", range.start - 1) + 1;
  const end = text.indexOf("\n", range.end);
  return { start, end: end < 0 ? text.length : end + 1 };
}
