import type { Location } from "../../semantics/located.js";
import { isChrooted } from "../../semantics/postfix/chroot.js";
import type { Service } from "../../semantics/postfix/services.js";
import { replace } from "../edits.js";
import type { Rule, RuleContext } from "../rule.js";
import { nexthopUses } from "./nexthops.js";
import { socketUses } from "./sockets.js";

export const chrootSocketPath: Rule = {
  code: "chroot-socket-path",
  severity: "information",
  summary: "A daemon in a chroot looks for a socket by its path from the real root.",
  why: `With \`y\` in the chroot column (\`-\` means the same while compatibility_level is below 1) the queue directory is the daemon's root. A path that begins with \`/run\` or \`/var\` means a folder below the queue directory, where a socket is only if somebody mounts or makes it there:

    postfix/smtpd[123]: warning: connect to Milter service unix:/run/opendkim/opendkim.sock: No such file or directory

A path that begins with the queue directory itself can not be right there.`,
  remedy:
    "Write the path as seen from the queue directory (`private/auth`, `opendkim/opendkim.sock`), or `n` in the chroot column.",
  wrong: [
    {
      title: "the whole path of a socket in the queue directory",
      text: `-- main.cf --
compatibility_level = 3.6
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = /var/spool/postfix/private/auth
#                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning
-- master.cf --
smtp inet n - y - - smtpd`,
    },
    {
      title: "a socket elsewhere",
      text: `-- main.cf --
compatibility_level = 3.6
smtpd_milters = unix:/run/opendkim/opendkim.sock
#                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^ information
virtual_transport = lmtp:unix:/var/run/dovecot/lmtp
#                             ^^^^^^^^^^^^^^^^^^^^^ information
-- master.cf --
smtp inet n - y - - smtpd
lmtp unix - - y - - lmtp`,
    },
  ],
  right: [
    {
      title: "paths below the queue directory, and no chroot",
      text: `-- main.cf --
compatibility_level = 3.6
smtpd_milters = unix:/opendkim/opendkim.sock, unix:private/milter
virtual_transport = lmtp:unix:/var/run/dovecot/lmtp
-- master.cf --
smtp inet n - y - - smtpd
lmtp unix - - n - - lmtp`,
    },
    {
      title: "the same value with Cyrus is no path",
      text: `-- main.cf --
compatibility_level = 3.6
smtpd_sasl_path = /var/lib/smtpd
-- master.cf --
smtp inet n - y - - smtpd`,
    },
  ],
  check(context) {
    for (const use of socketUses(context)) {
      const { path, kind, fault } = use.endpoint;
      if (kind !== "unix" || fault !== undefined || !path.startsWith("/")) continue;
      const from = use.text.length - path.length;
      const readers = use.form === "sasl" ? use.readers().filter(asksDovecot) : use.readers();
      report(context, path, use.at(from, use.text.length), readers);
    }
    for (const use of nexthopUses(context))
      for (const { kind, path, range } of use.destinations)
        if (kind === "unix" && path.startsWith("/") && use.client)
          report(context, path, use.at(range.end - path.length, range.end), [use.client]);
  },
};

function asksDovecot({ environment }: Service): boolean {
  return (
    environment.value("smtpd_sasl_type").text === "dovecot" &&
    /^yes$/i.test(environment.value("smtpd_sasl_auth_enable").text)
  );
}

/** Folders that every host has, and a queue directory only where somebody made them there. */
const OF_THE_HOST = /^\/(?:run|tmp|srv|home|opt|usr|root|var)\//;

function report(context: RuleContext, path: string, at: Location, readers: readonly Service[]): void {
  const { system } = context;
  const queue = system.environment.value("queue_directory").text.replace(/\/+$/, "");
  const inQueue = queue !== "" && path.startsWith(`${queue}/`);
  // Other paths from / are how a socket below the queue directory is often written, and right so.
  if (!inQueue && !OF_THE_HOST.test(path)) return;
  const reader = readers.find(
    (service) =>
      !service.uncertain && isChrooted(service, system.profile, system.source.main !== undefined) === true,
  );
  const column = reader?.entry.columns.chroot;
  if (!reader || !column) return;
  const inside = path.slice(queue.length + 1);
  context.report({
    at,
    severity: inQueue ? "warning" : "information",
    message: `${reader.name} (${context.place(reader.nameLocation)}) runs in a chroot and looks for ${queue}${path}${inQueue ? `: seen from there the socket is ${inside}` : ", which is there only if the socket was put there for it"}.`,
    related: [
      { file: reader.location.file, range: column.range, message: `${reader.name} is chrooted here` },
    ],
    fixes: () => [
      ...(inQueue ? [{ title: `Write ${inside}`, edits: [replace(at, inside)], preferred: true }] : []),
      {
        title: `Take ${reader.name} out of the chroot`,
        edits: [{ file: reader.location.file, range: column.range, newText: "n" }],
      },
    ],
  });
}
