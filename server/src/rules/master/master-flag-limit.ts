import { readCommand } from "../../semantics/postfix/commands.js";
import type { Service } from "../../semantics/postfix/services.js";
import type { Range } from "../../syntax/text.js";
import { lineEnd } from "../edits.js";
import type { Fix } from "../finding.js";
import type { Rule, RuleContext } from "../rule.js";

export const masterFlagLimit: Rule = {
  code: "master-flag-limit",
  severity: "warning",
  summary: "A flag that works for one recipient at a time, on a transport that gets several.",
  why: `The flags D and O add a header with the recipient, so a delivery may have only one. The queue manager hands over up to 50 recipients of a message, and such a message is deferred; a message to one recipient passes:

    postfix/pipe[363]: warning: pipe flag \`D' requires maildrop_destination_recipient_limit = 1
    postfix/pipe[363]: ... status=deferred (mail system configuration error)`,
  remedy:
    "Set `NAME_destination_recipient_limit = 1` in main.cf, with the name of the service letter by letter.",
  wrong: [
    {
      title: "a delivery agent for whole domains",
      text: `-- main.cf --
virtual_transport = maildrop
-- master.cf --
maildrop unix - n n - - pipe flags=DRhu user=vmail argv=/usr/bin/maildrop -d \${recipient}
#                                  ^ warning`,
    },
    {
      title: "underscores in the name of the service",
      text: `-- main.cf --
mailbox_transport = lmtp-dovecot:unix:private/dovecot-lmtp
lmtp_dovecot_destination_recipient_limit = 1
-- master.cf --
lmtp-dovecot unix - - n - - lmtp flags=O
#                                      ^ warning`,
    },
  ],
  right: [
    {
      title: "one recipient at a time",
      text: `-- main.cf --
virtual_transport = maildrop
maildrop_destination_recipient_limit = 1
-- master.cf --
maildrop unix - n n - - pipe flags=DRhu user=vmail argv=/usr/bin/maildrop -d \${recipient}`,
    },
    {
      title: "a shipped entry that nothing uses, and flags that do not mind",
      text: `-- main.cf --
virtual_transport = archive:
-- master.cf --
maildrop unix - n n - - pipe flags=DRXhu user=vmail argv=/usr/bin/maildrop -d \${recipient}
archive unix - n n - - pipe flags=RXhu user=vmail argv=/usr/bin/archive \${recipient}`,
    },
  ],
  check(context) {
    const { services, environment } = context.system;
    for (const service of services) {
      const at = flagAt(service);
      if (!at || service.overriddenBy || service.uncertain) continue;
      const name = `${service.name}_destination_recipient_limit`;
      const own = environment.definition(name) !== undefined;
      const limit = environment.value(own ? name : "default_destination_recipient_limit");
      if (limit.unknown !== undefined || limit.text === "1" || !isUsed(context, service)) continue;
      context.report({
        at: { file: service.location.file, range: at.range },
        message: `The flag ${at.letter} needs ${name} = 1 in main.cf, and the limit is ${limit.text}: a message to several recipients is deferred with "flag \`${at.letter}' requires ${name} = 1".`,
        fixes: () => mend(context, name, own),
      });
    }
  },
};

/** The first D or O in the flags of a client that takes flags. */
function flagAt(service: Service): { letter: string; range: Range } | undefined {
  const { program } = service;
  const flags =
    program === "pipe"
      ? readCommand(service)?.attributes.findLast(({ name }) => name === "flags")
      : program === "smtp" || program === "lmtp"
        ? smtpFlags(service)
        : undefined;
  const index = flags?.value.search(/[DO]/) ?? -1;
  if (!flags || index < 0 || /[{<%]/.test(flags.value)) return undefined;
  const start = flags.valueRange.start + index;
  return { letter: flags.value[index] ?? "", range: { start, end: start + 1 } };
}

function smtpFlags({ entry }: Service): { value: string; valueRange: Range } | undefined {
  const word = entry.operands.findLast(({ text }) => /^flags=/i.test(text));
  if (!word) return undefined;
  const start = word.range.start + "flags=".length;
  return { value: word.text.slice("flags=".length), valueRange: { start, end: word.range.end } };
}

/** Whether a value or a table that is here sends mail to the transport; entries that nothing uses do no harm. */
function isUsed(context: RuleContext, { name }: Service): boolean {
  const names = (text: string) =>
    text.split(/[\s,{}=]+/).some((word) => word === name || word.startsWith(`${name}:`));
  const { settings, source } = context.system;
  if (settings.some(({ name: parameter, definition }) => TRANSPORTS.test(parameter) && names(definition.raw)))
    return true;
  return [...source.tables.values()].some(({ text }) => text.includes(`${name}:`) && names(text));
}

/** Parameters whose value names a transport, or holds a table of such in line. */
const TRANSPORTS = /_transport$|_transport_maps$|^transport_maps$|content_filter$|^mailbox_command_maps$/;

function mend(context: RuleContext, name: string, own: boolean): Fix[] {
  const { source, environment } = context.system;
  const { main } = source;
  const origin = own ? environment.definition(name)?.origin : undefined;
  if (origin) return [{ title: `Set ${name} = 1`, edits: [{ ...origin, newText: "1" }], preferred: true }];
  if (!main) return [];
  const newLine = lineEnd(main.text);
  const before = main.text === "" || main.text.endsWith("\n") ? "" : newLine;
  const range = { start: main.text.length, end: main.text.length };
  return [
    {
      title: `Add ${name} = 1 to main.cf`,
      edits: [{ file: main.path, range, newText: `${before}${name} = 1${newLine}` }],
      preferred: true,
    },
  ];
}
