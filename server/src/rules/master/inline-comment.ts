import { parameterFacts } from "../../knowledge/parameters.js";
import { hasReached } from "../../knowledge/version.js";
import { argumentFaults } from "../../semantics/postfix/arguments.js";
import type { Service } from "../../semantics/postfix/services.js";
import type { Range } from "../../syntax/text.js";
import { lineEnd } from "../edits.js";
import type { Fix } from "../finding.js";
import type { Rule, RuleContext } from "../rule.js";

export const inlineComment: Rule = {
  code: "inline-comment",
  severity: "error",
  summary: "A comment stands behind text on the same line.",
  why: `Postfix knows comments only at the start of a line. In master.cf \`#\` and the words behind it are passed to the daemon, which dies at the first connection while its port stays open:

    postfix/smtpd[124]: fatal: unexpected command-line argument: #
    postfix/master[101]: warning: /usr/lib/postfix/sbin/smtpd: bad command startup -- throttling

In main.cf the comment becomes part of the value: a path, number or transport is then wrong, and each word of the comment an item of a list. Postfix 3.8 and later stop reading a list at the \`#\` and say so:

    postfix/smtpd[124]: warning: /etc/postfix/main.cf: #comment after other text is not allowed: # our own...`,
  remedy: "Put the comment on a line of its own, with `#` as its first character.",
  wrong: [
    {
      title: "behind an entry of master.cf",
      text: `-- master.cf --
127.0.0.1:10025 inet n - n - - smtpd # back from the filter
#                                    ^^^^^^^^^^^^^^^^^^^^^^ error`,
    },
    {
      title: "in the place of a value",
      text: `-- main.cf --
relayhost = # none
#           ^^^^^^ error`,
    },
    {
      title: "behind a value of main.cf",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024 # scan everything
#                                              ^^^^^^^^^^^^^^^^^ error`,
    },
  ],
  right: [
    {
      title: "a line of its own, even inside an entry",
      text: `-- master.cf --
127.0.0.1:10025 inet n - n - - smtpd
# no second scan
  -o content_filter=`,
    },
  ],
  check(context) {
    checkMaster(context);
    checkMain(context);
  },
};

function checkMaster(context: RuleContext): void {
  const template = context.system.source.master?.template ?? false;
  for (const service of context.system.services)
    for (const fault of argumentFaults(service, template)) {
      if (fault.kind !== "comment") continue;
      context.report({
        at: { file: service.location.file, range: fault.range },
        message: `master.cf has no comments behind text: ${service.program || "the daemon"} gets "${fault.text}" as an argument and stops with "fatal: unexpected command-line argument: ${fault.text}".`,
        fixes: () => moveUp(context, service.location.file, service.entry.range.start, fault.range, service),
      });
    }
}

/** Values in which ` #` cannot be meant: where it starts a word, and what it is in is no free text. */
const FREE_TEXT =
  /(?:_banner|_message|_template|_reply|_filter_command|_text|_comment|_command|_code_text)$|^mail_name$|^import_environment$/;

/** `#` as the first character of a value or of an item. */
const COMMENT = /(?:^|[\s,])#/g;

/** `##HOSTNAME##`: a place that another program fills in. */
const PLACEHOLDER = /^(#{1,3})[A-Z][A-Z0-9_]*\1/;

function checkMain(context: RuleContext): void {
  const { main, source } = context.system;
  if (!main || !source.main) return;
  const file = source.main.path;
  for (const entry of main.entries) {
    if (
      !entry.valid ||
      entry.value === "#" ||
      FREE_TEXT.test(entry.name) ||
      (source.main.template && entry.value.includes("{#"))
    )
      continue;
    let covered = 0;
    for (const match of entry.value.matchAll(COMMENT)) {
      const hash = match.index + match[0].length - 1;
      const { start } = entry.valuePart(hash, hash + 1);
      if (start < covered || insideBraces(entry.value, hash) || PLACEHOLDER.test(entry.value.slice(hash)))
        continue;
      const line = entry.pieces.find((piece) => piece.start <= start && start < piece.end);
      covered = line?.end ?? start + 1;
      const comment = { start, end: start + context.text(file).slice(start, covered).trimEnd().length };
      context.report({
        at: { file, range: comment },
        message: describe(context, entry.name),
        fixes: () => moveUp(context, file, entry.range.start, comment, undefined),
      });
    }
  }
}

const LIST = /list|map|restriction|networks|nexthop/;

function describe(context: RuleContext, name: string): string {
  const start = 'main.cf has no comments behind a value: the text from "#" on';
  const { profile } = context.system;
  if (!LIST.test(parameterFacts(name)?.class ?? "") || !hasReached(profile.version, "3.8"))
    return `${start} becomes part of ${name}.`;
  return `${start} is an item of ${name}, where Postfix before 3.8 takes each word for an item, and later releases stop reading and warn "#comment after other text is not allowed".`;
}

function insideBraces(value: string, at: number): boolean {
  const before = value.slice(0, at);
  return before.split("{").length > before.split("}").length;
}

function moveUp(
  context: RuleContext,
  file: string,
  entryStart: number,
  range: Range,
  service: Service | undefined,
): Fix[] {
  const text = context.text(file);
  const end = text.indexOf("\n", range.start);
  const comment = text.slice(range.start, end < 0 ? text.length : Math.min(end, range.end)).trimEnd();
  let from = range.start;
  while (from > 0 && /[ \t]/.test(text[from - 1] ?? "")) from--;
  const above = {
    file,
    range: { start: entryStart, end: entryStart },
    newText: `${comment}${lineEnd(text)}`,
  };
  const title = service
    ? "Move the comment to a line of its own above the service"
    : "Move the comment to a line of its own above";
  return [
    {
      title,
      edits: [above, { file, range: { start: from, end: range.start + comment.length }, newText: "" }],
      preferred: true,
    },
  ];
}
