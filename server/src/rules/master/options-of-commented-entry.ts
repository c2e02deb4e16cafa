import { parameterFacts } from "../../knowledge/parameters.js";
import { programFacts } from "../../knowledge/services.js";
import { mayUse } from "../../semantics/postfix/readers.js";
import type { Service } from "../../semantics/postfix/services.js";
import { readsParameter } from "../../semantics/postfix/settings.js";
import type { MasterOption } from "../../syntax/postfix/master.js";
import type { Range } from "../../syntax/text.js";
import type { MailSystem } from "../../system/system.js";
import type { Rule } from "../rule.js";

export const optionsOfCommentedEntry: Rule = {
  code: "options-of-commented-entry",
  severity: "warning",
  summary:
    "The first line of an entry is commented out and its options are not: they belong to the entry above.",
  why: `A line that begins with blanks continues the entry before it, and comment lines between the two do not end that entry (scenario n14). When only the first line of \`submission\` is commented out, its options are options of \`smtp\` from then on: port 25 demands TLS or a login, or takes the filter of another port. Postfix starts and logs nothing; \`postconf -M\` shows the options at the wrong service.`,
  remedy: "Comment the options out as well, or put the first line of their entry back.",
  wrong: [
    {
      title: "submission is switched off, and its options are port 25's now",
      text: `-- master.cf --
smtp inet n - n - - smtpd
#submission inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
# ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning
  -o smtpd_sasl_auth_enable=yes`,
    },
    {
      title: "options of the entry itself come first",
      text: `-- master.cf --
submission inet n - n - - smtpd
  -o syslog_name=postfix/submission
# TLS from the first byte
#smtps inet n - n - - smtpd
#  -o syslog_name=postfix/smtps
  -o smtpd_tls_wrappermode=yes
# ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning`,
    },
  ],
  right: [
    {
      title: "another form of the same entry",
      text: `-- master.cf --
smtp inet n - n - - smtpd
#smtp inet n - n - 1 postscreen
#25 inet n - y - - smtpd
  -o content_filter=`,
    },
    {
      title: "options that the program of the comment does not read",
      text: `-- master.cf --
smtp inet n - n - - smtpd
#tlsproxy unix - - y - 0 tlsproxy
  -o content_filter=`,
    },
    {
      title: "everything is commented out; a remark that is no entry",
      text: `-- master.cf --
smtp inet n - n - - smtpd
# mail for submission inet goes here
  -o smtpd_banner=hello
#submission inet n - n - - smtpd
#  -o smtpd_tls_security_level=encrypt
pickup unix n - n 60 1 pickup`,
    },
  ],
  check(context) {
    const { system } = context;
    const { master } = system;
    if (!master?.trivia.some(({ kind }) => kind === "comment")) return;
    for (const service of system.services)
      for (const { comment, name, program, options } of leftBehind(system, service)) {
        const { file } = service.location;
        const [first] = options;
        if (!first || !options.every(({ name: option }) => isReadBy(program, option))) continue;
        const many = options.length > 1 ? `These ${options.length} options belong` : "This option belongs";
        context.report({
          at: { file, range: first.range },
          message: `${many} to ${service.name} (${context.place(service.nameLocation)}): the first line of ${name} above is a comment, and a line that begins with blanks continues the entry before it.`,
          related: [{ file, range: comment, message: `${name} is commented out here` }],
          fixes: () => [
            {
              title:
                options.length > 1
                  ? `Comment out the options of ${name}`
                  : `Comment out the option of ${name}`,
              edits: startsOfLines(context.text(file), options).map((start) => ({
                file,
                range: { start, end: start },
                newText: "#",
              })),
            },
            {
              title: `Put the entry ${name} back`,
              edits: [
                {
                  file,
                  range: { start: comment.start, end: signEnd(context.text(file), comment) },
                  newText: "",
                },
              ],
            },
          ],
        });
      }
  },
};

interface LeftBehind {
  readonly comment: Range;
  readonly name: string;
  readonly program: string;
  readonly options: readonly MasterOption[];
}

/** A commented line of eight columns; blanks may stand before and behind the sign. */
const HEADER =
  /^[ \t]*#+[ \t]*(\S+)[ \t]+(inet|unix|fifo|pass|unix-dgram)[ \t]+[-yn][ \t]+[-yn][ \t]+[-yn][ \t]+\S+[ \t]+[-\d]+[ \t]+(\S+)[^\n]*$/;

/** Comments inside an entry that were entries once, each with the options between it and the next of them. */
function leftBehind({ master, services }: MailSystem, { entry, type, name }: Service): LeftBehind[] {
  if (!master || entry.pieces.length < 2) return [];
  const headers = master.trivia.flatMap(({ kind, range }) => {
    if (kind !== "comment" || range.start < entry.range.start || range.end > entry.range.end) return [];
    const match = HEADER.exec(master.text.slice(range.start, range.end).trimEnd());
    if (!match || !programFacts(match[3] ?? "")) return [];
    return [{ comment: range, name: match[1] ?? "", type: match[2] ?? "", program: match[3] ?? "" }];
  });
  return headers.flatMap((header, index) => {
    const end = headers[index + 1]?.comment.start ?? entry.range.end;
    // The same entry in another form: its options were meant to stay.
    if (header.type === type && samePort(header.name, name)) return [];
    // The entry is there a second time, with options of its own.
    if (services.some((other) => other.name === header.name && other.type === header.type)) return [];
    const options = entry.options.filter(
      ({ range, valid }) => valid && range.start > header.comment.start && range.start < end,
    );
    return [{ ...header, options }];
  });
}

const PORTS: Readonly<Record<string, string>> = {
  smtp: "25",
  smtps: "465",
  submissions: "465",
  submission: "587",
};
const samePort = (a: string, b: string) => (PORTS[a] ?? a) === (PORTS[b] ?? b);

function isReadBy(program: string, name: string): boolean {
  const facts = parameterFacts(name);
  return facts === undefined || (readsParameter(program, facts) && mayUse(program, facts));
}

/** Where the lines begin that the options stand in, behind their blanks. */
function startsOfLines(text: string, options: readonly MasterOption[]): number[] {
  const starts = options.map(({ range }) => {
    let at = text.lastIndexOf("\n", range.start - 1) + 1;
    while (at < range.start && /[ \t]/.test(text[at] ?? "")) at++;
    return at;
  });
  return [...new Set(starts)];
}

function signEnd(text: string, { start, end }: Range): number {
  return start + (/^[ \t]*#+[ \t]*/.exec(text.slice(start, end))?.[0].length ?? 0);
}
