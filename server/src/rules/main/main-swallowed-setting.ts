import { isKnownParameter } from "../../knowledge/parameters.js";
import type { MainEntry } from "../../syntax/postfix/main.js";
import type { MasterEntry } from "../../syntax/postfix/master.js";
import type { Range } from "../../syntax/text.js";
import type { Rule, RuleContext } from "../rule.js";
import { indentation } from "./edits.js";

const SETTING = /^\s+([A-Za-z][A-Za-z0-9_.-]*)\s*=(?!=)/;
/** Service, type, five columns and a command: what nobody writes as arguments. */
const ENTRY = /^\s+(\S+)\s+(?:inet|unix|fifo|pass|unix-dgram)(?:\s+[yn-]){3}\s+[\d?-]+\s+[\d-]+\s+\S/;

export const mainSwallowedSetting: Rule = {
  code: "main-swallowed-setting",
  severity: "warning",
  summary: "An indented line was meant as an entry of its own, but continues the one above.",
  why: `A blank at the start of a line makes it a part of the entry above, whatever it says. The parameter on the indented line is not set, the value above is longer than it was meant to be, and no program says a word. With \`postconf -n\` both stand on one line:

    myhostname = mail.example.org mydomain = example.org

In master.cf an indented entry becomes arguments of the service above, and its own service does not exist.`,
  remedy: "Remove the blanks in front of the line.",
  wrong: [
    {
      title: "two settings become one value",
      text: `-- main.cf --
myhostname = mail.example.org
  mydomain = example.org
# ^^^^^^^^ warning`,
    },
    {
      title: "behind a comment or an empty line as well",
      text: `-- main.cf --
smtpd_helo_required = yes

# spam
  content_filter = smtp-amavis:[127.0.0.1]:10024
# ^^^^^^^^^^^^^^ warning`,
    },
    {
      title: "an entry of master.cf behind a pipe",
      text: `-- master.cf --
maildrop unix - n n - - pipe flags=DRhu user=vmail argv=/usr/bin/maildrop
  smtp-amavis unix - - n - 2 smtp
# ^^^^^^^^^^^ warning`,
    },
  ],
  right: [
    {
      title: "a continuation with equals signs that belong to the value",
      text: `-- main.cf --
import_environment = MAIL_CONFIG
  TZ=UTC
postscreen_dnsbl_sites =
  zen.example.org=127.0.0.2`,
    },
    {
      title: "the arguments of a pipe",
      text: `-- master.cf --
maildrop unix - n n - - pipe
  flags=DRhu user=vmail
  argv=/usr/bin/maildrop`,
    },
  ],
  check(context) {
    const { main, master, source } = context.system;
    for (const entry of main?.entries ?? [])
      if (entry.valid && entry.pieces.length > 1 && source.main) checkEntry(context, source.main.path, entry);
    for (const entry of master?.entries ?? [])
      if (entry.complete && !entry.stray && entry.pieces.length > 1 && source.master)
        checkService(context, source.master.path, entry);
  },
};

function checkEntry(context: RuleContext, file: string, entry: MainEntry): void {
  const text = context.text(file);
  for (const [index, piece] of entry.pieces.entries()) {
    const name = index === 0 ? undefined : SETTING.exec(text.slice(piece.start, piece.end))?.[1];
    if (name === undefined || !isKnownParameter(name)) continue;
    // What stands in braces is the text of a table or of a parameter list.
    if (bracesBefore(text, entry.pieces.slice(0, index)) > 0) continue;
    report(
      context,
      file,
      piece,
      name,
      `The blank before ${name} makes this line a part of ${entry.name} (line ${context.lines(file).lineAt(entry.range.start) + 1}): ${name} is not set, and ${entry.name} gets the text instead.`,
    );
  }
}

/** How many braces are open after some lines. */
function bracesBefore(text: string, pieces: readonly Range[]): number {
  const lines = pieces.map((piece) => text.slice(piece.start, piece.end)).join("\n");
  return lines.split("{").length - lines.split("}").length;
}

/** Where the program takes any words; the others die of them, which is `option-syntax`. */
function checkService(context: RuleContext, file: string, entry: MasterEntry): void {
  const program = entry.columns.command?.text.split("/").pop();
  if (program !== "pipe" && program !== "spawn") return;
  const text = context.text(file);
  for (const piece of entry.pieces.slice(1)) {
    const name = ENTRY.exec(text.slice(piece.start, piece.end))?.[1];
    if (name !== undefined)
      report(
        context,
        file,
        piece,
        name,
        `The blank before ${name} makes this line arguments of "${entry.columns.service?.text}" (line ${context.lines(file).lineAt(entry.range.start) + 1}): the service "${name}" does not exist.`,
      );
  }
}

function report(context: RuleContext, file: string, piece: Range, name: string, message: string): void {
  const blanks = indentation(context.text(file), piece);
  context.report({
    at: { file, range: { start: blanks.end, end: blanks.end + name.length } },
    message,
    fixes: () => [
      { title: "Remove the indentation", edits: [{ file, range: blanks, newText: "" }], preferred: true },
    ],
  });
}
