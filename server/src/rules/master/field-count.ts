import { programNames } from "../../knowledge/services.js";
import { columnFaults } from "../../semantics/postfix/columns.js";
import { COLUMNS, type MasterEntry } from "../../syntax/postfix/master.js";
import { hasPlaceholder } from "../../syntax/postfix/words.js";
import type { Fix } from "../finding.js";
import { alsoCutLoop } from "../flow/cutFilter.js";
import type { Rule, RuleContext } from "../rule.js";

export const fieldCount: Rule = {
  code: "field-count",
  severity: "error",
  summary: "An entry of master.cf has fewer than eight columns.",
  why: `Every Postfix command reads master.cf first and gives up:

    postconf: fatal: file master.cf: line 12: bad field count

Postfix does not start, and \`postfix reload\` is refused while the old configuration goes on. \`postfix stop\` and \`postfix status\` fail as well until the line is mended. A frequent cause is an \`-o\` line that lost its indentation: it then counts as an entry of its own.`,
  remedy:
    "Write all eight columns (service, type, private, unprivileged, chroot, wakeup, maxproc, command), `-` where the default will do, and begin every `-o` line with a blank.",
  wrong: [
    {
      title: "a column is missing before the command",
      text: `-- master.cf --
127.0.0.1:10025 inet n - n - smtpd
#^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error`,
    },
    {
      title: "an option that is not indented",
      text: `-- master.cf --
127.0.0.1:10025 inet n - n - - smtpd
-o content_filter=
#^^^^^^^^^^^^^^^^^ error`,
    },
  ],
  right: [
    {
      title: "eight columns, options indented",
      text: `-- master.cf --
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=`,
    },
  ],
  check(context) {
    const { master, source } = context.system;
    if (!master || !source.master) return;
    const file = source.master.path;
    for (const entry of master.entries) {
      if (source.master.template && entry.words.some((word) => hasPlaceholder(word.text))) continue;
      if (!columnFaults(entry).some((fault) => fault.kind === "field-count")) continue;
      // A byte order mark before a comment is what has to go (main-bom-or-nbsp).
      if (entry.words[0]?.text.startsWith("\ufeff#")) continue;
      const lost = entry.lostOptions.length > 0;
      context.report({
        at: { file, range: firstLine(entry) },
        message: lost
          ? `This option is not indented, so Postfix takes it for a service of its own: "bad field count", and nothing starts.`
          : `A service needs ${COLUMNS.length} columns, this one has ${entry.words.length}: every Postfix command stops with "bad field count".`,
        fixes: () => (lost ? [indent(file, entry)] : complete(context, file, entry)),
      });
    }
  },
};

function firstLine(entry: MasterEntry) {
  const first = entry.words[0]?.range ?? entry.range;
  const last = entry.words
    .filter((word) => word.range.end <= (entry.pieces[0]?.end ?? entry.range.end))
    .pop();
  return { start: first.start, end: last?.range.end ?? first.end };
}

function indent(file: string, entry: MasterEntry): Fix {
  const { start } = entry.range;
  return {
    title: "Indent the option, so that it belongs to the service above",
    edits: [{ file, range: { start, end: start }, newText: "  " }],
    preferred: true,
  };
}

/** Fills the gap before the command with `-`, when the command can be told by its name. */
function complete(context: RuleContext, file: string, entry: MasterEntry): Fix[] {
  const names = new Set(programNames());
  const index = entry.words.findIndex((word, at) => at >= 2 && names.has(word.text.split("/").pop() ?? ""));
  const command = entry.words[index];
  if (!command || index >= COLUMNS.length - 1) return [];
  const known = context.text(file).slice(entry.words[0]?.range.start, command.range.start).trim();
  const missing = COLUMNS.length - 1 - index;
  const also = alsoCutLoop(context, file, entry.range.start);
  const dashes = Array.from({ length: missing }, (_, at) => defaultOf(entry, index + at)).join(" ");
  return [
    {
      title: `Add the missing ${missing === 1 ? "column" : `${missing} columns`}: ${known} ${dashes} ${command.text}${also.title}`,
      edits: [
        { file, range: { start: command.range.start, end: command.range.start }, newText: `${dashes} ` },
        ...also.edits,
      ],
      preferred: missing === 1,
    },
  ];
}

/** `-` is the default everywhere, but an inet service must not be private. */
function defaultOf(entry: MasterEntry, column: number): string {
  return COLUMNS[column] === "private" && entry.columns.type?.text === "inet" ? "n" : "-";
}
