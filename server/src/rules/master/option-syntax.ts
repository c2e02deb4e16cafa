import { type ArgumentFault, argumentFaults } from "../../semantics/postfix/arguments.js";
import type { Service } from "../../semantics/postfix/services.js";
import type { MasterOption } from "../../syntax/postfix/master.js";
import type { Fix } from "../finding.js";
import type { Rule, RuleContext } from "../rule.js";

export const optionSyntax: Rule = {
  code: "option-syntax",
  severity: "error",
  summary: "An argument of a service is not what its daemon can read.",
  why: `Words in master.cf are split at blanks; there are no quotes, and \`-o\` wants NAME=VALUE in one word. Postfix starts and the port is open, but the daemon dies at the first connection:

    postfix/smtpd[124]: fatal: unexpected command-line argument: reject
    postfix/master[101]: warning: process /usr/lib/postfix/sbin/smtpd pid 124 exit status 1
    postfix/master[101]: warning: /usr/lib/postfix/sbin/smtpd: bad command startup -- throttling

Quotes do not stop the daemon. They become part of the value: \`-o content_filter=""\` asks for a transport that is called \`""\`, and mail is deferred.`,
  remedy:
    "Write `-o name=value` without blanks (commas alone separate list items), or `-o { name = value with blanks }`.",
  wrong: [
    {
      title: "a blank inside the value",
      text: `-- master.cf --
127.0.0.1:10025 inet n - n - - smtpd
  -o smtpd_client_restrictions=permit_mynetworks, reject
#                                                 ^^^^^^ error`,
    },
    {
      title: "no equals sign",
      text: `-- master.cf --
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter
# ^^^^^^^^^^^^^^^^^ error`,
    },
    {
      title: "blanks round the equals sign",
      text: `-- master.cf --
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter =
# ^^^^^^^^^^^^^^^^^ error`,
    },
    {
      title: "a brace that is not closed",
      text: `-- master.cf --
127.0.0.1:10025 inet n - n - - smtpd
  -o { smtpd_client_restrictions = permit_mynetworks, reject
#    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error`,
    },
    {
      title: "a dash that a text program made longer",
      text: `-- master.cf --
127.0.0.1:10025 inet n - n - - smtpd
  –o content_filter=
# ^^^^^^^^^^^^^^^^^^ error`,
    },
    {
      title: "smtp takes nothing but flags= behind its options",
      text: `-- master.cf --
relay unix - - n - - smtp flags=D fallback
#                                 ^^^^^^^^ error`,
    },
    {
      title: "quotes are taken literally",
      text: `-- master.cf --
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=""
#                   ^^ error`,
    },
  ],
  right: [
    {
      title: "one word, or braces",
      text: `-- master.cf --
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
  -o { smtpd_client_restrictions = permit_mynetworks, reject }`,
    },
  ],
  check(context) {
    const template = context.system.source.master?.template ?? false;
    for (const service of context.system.services)
      for (const fault of argumentFaults(service, template)) {
        if (OTHERS.has(fault.kind)) continue;
        context.report({
          at: { file: service.location.file, range: fault.range },
          message: describe(fault, service),
          fixes: () => mend(context, service, fault),
        });
      }
  },
};

/** Faults of arguments that have a rule of their own. */
const OTHERS: ReadonlySet<ArgumentFault["kind"]> = new Set(["comment", "late-option", "unknown-letter"]);

function describe({ kind, text }: ArgumentFault, service: Service): string {
  const program = service.program || "the daemon";
  switch (kind) {
    case "no-equals":
      return `"-o ${text}" has no "=": ${program} stops with 'invalid "-o ${text}" option value', the port is open but no mail passes.`;
    case "missing-option":
      return `Nothing stands behind this "-o": ${program} stops with "fatal: invalid option: o" at its first connection.`;
    case "quoted":
      return `master.cf knows no quotes: they become part of the value, ${text}.`;
    case "unclosed-brace":
      return `This "{" has no "}": postconf and \`postfix check\` only warn, but master stops with "missing '}'" at its start, and at a reload while it runs.`;
    case "text-after-brace":
      return `Text follows the closing brace: postconf and \`postfix check\` only warn, but master stops with "syntax error after '}'" at its start, and at a reload while it runs.`;
    case "dash":
      return `"${text}" begins with a long dash, not with a hyphen: ${program} takes it for a word and stops with "fatal: unexpected command-line argument: ${text}", the port is open but no mail passes.`;
    default:
      if (program === "smtp" || program === "lmtp")
        return `${program} takes no other word than flags= behind its options: it stops with "fatal: unknown attribute name: ${text}" when it is first needed, and mail is deferred.`;
      return `A blank ends the value before it, so "${text}" stands alone: ${program} stops with "fatal: unexpected command-line argument: ${text}", the port is open but no mail passes.`;
  }
}

function mend(context: RuleContext, service: Service, fault: ArgumentFault): Fix[] {
  const { file } = service.location;
  const option = fault.option;
  if (fault.kind === "quoted" && option) return unquote(file, option);
  if (fault.kind === "no-equals" && option) return addEquals(context, service, option);
  if (fault.kind === "dash")
    return [
      {
        title: `Write ${fault.text.replace(/^./u, "-")} with a hyphen`,
        edits: [{ file, range: { start: fault.range.start, end: fault.range.start + 1 }, newText: "-" }],
        preferred: true,
      },
    ];
  if (fault.kind === "text-after-brace") return splitOff(file, fault);
  if (fault.kind === "stray-word")
    return fault.before ? [join(context, service, fault.before)] : [remove(context, service, fault)];
  if (fault.kind === "unclosed-brace")
    return [
      {
        title: "Close the brace",
        edits: [{ file, range: { start: fault.range.end, end: fault.range.end }, newText: " }" }],
        preferred: true,
      },
    ];
  return [];
}

function remove(context: RuleContext, service: Service, { range }: ArgumentFault): Fix {
  const { file } = service.location;
  const text = context.text(file);
  const start = text.slice(0, range.start).trimEnd().length;
  return {
    title: `Remove "${text.slice(range.start, range.end)}"`,
    edits: [{ file, range: { start, end: range.end }, newText: "" }],
  };
}

/** Parts the text behind the closing brace from it, so that it becomes a word of its own where it is an option. */
function splitOff(file: string, fault: ArgumentFault): Fix[] {
  const close = fault.text.lastIndexOf("}");
  const rest = fault.text.slice(close + 1);
  const at = fault.range.end - rest.length;
  return rest.startsWith("-o")
    ? [
        {
          title: "Insert a blank behind the brace",
          edits: [{ file, range: { start: at, end: at }, newText: " " }],
          preferred: true,
        },
      ]
    : [
        {
          title: `Remove "${rest}" behind the brace`,
          edits: [{ file, range: { start: at, end: fault.range.end }, newText: "" }],
        },
      ];
}

function unquote(file: string, option: MasterOption): Fix[] {
  const plain = option.value.replace(/^["']|["']$/g, "");
  const needsBraces = /\s/.test(plain);
  if (needsBraces || /^["']/.test(option.name)) return [];
  return [
    {
      title: "Remove the quotes",
      edits: [{ file, range: option.valueRange, newText: plain }],
      preferred: true,
    },
  ];
}

/** `-o name` gets its `=`; in `-o name = value` the words become one. */
function addEquals(context: RuleContext, service: Service, option: MasterOption): Fix[] {
  const { file } = service.location;
  const index = service.entry.operands.findIndex((word) => word.range.start > option.range.end);
  const next = index === 0 ? service.entry.operands[0] : undefined;
  const sameLine = next && !context.text(file).slice(option.range.end, next.range.start).includes("\n");
  if (next?.text.startsWith("=") && sameLine) {
    const words = service.entry.operands.filter(
      (word) => !/\n/.test(context.text(file).slice(option.range.end, word.range.start)),
    );
    const last = words[words.length - 1] ?? next;
    const value = words
      .map((word) => word.text)
      .join(" ")
      .replace(/^=\s*/, "");
    return [
      {
        title: `Write -o ${option.name}=${value}`,
        edits: [
          {
            file,
            range: { start: option.range.start, end: last.range.end },
            newText: pair(option.name, value),
          },
        ],
        preferred: true,
      },
    ];
  }
  return [
    {
      title: `Write -o ${option.name}= (empty)`,
      edits: [{ file, range: { start: option.range.end, end: option.range.end }, newText: "=" }],
      preferred: true,
    },
  ];
}

/** Takes the words behind a value into the value, in braces. */
function join(context: RuleContext, service: Service, option: MasterOption): Fix {
  const { file } = service.location;
  const text = context.text(file);
  const words = service.entry.operands.filter(
    (word) => !text.slice(option.range.end, word.range.start).includes("\n"),
  );
  const taken = words.length > 0 ? words : service.entry.operands.slice(0, 1);
  const last = taken[taken.length - 1];
  const value = [option.value, ...taken.map((word) => word.text)].join(" ");
  return {
    title: `Put the value in braces: -o { ${option.name} = ${value} }`,
    edits: [
      {
        file,
        range: { start: option.range.start, end: last?.range.end ?? option.range.end },
        newText: `-o { ${option.name} = ${value} }`,
      },
    ],
    preferred: true,
  };
}

function pair(name: string, value: string): string {
  return /\s/.test(value) ? `-o { ${name} = ${value} }` : `-o ${name}=${value}`;
}
