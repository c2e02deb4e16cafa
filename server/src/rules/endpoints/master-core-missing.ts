import { defaultEntries } from "../../knowledge/services.js";
import { looksWhole } from "../../system/completeness.js";
import type { MailSystem } from "../../system/system.js";
import { insertEntry } from "../edits.js";
import type { Severity } from "../finding.js";
import type { Rule } from "../rule.js";
import { isServiceFor } from "./serviceNames.js";

/** What was seen when the entry was taken out of a working master.cf (3.7.11), worst first. */
const CORE: readonly (readonly [service: string, severity: Severity, effect: string])[] = [
  ["cleanup", "error", "smtpd hangs at the first recipient"],
  ["rewrite", "error", "smtpd hangs at MAIL FROM"],
  ["qmgr", "error", "mail is taken and stays in the queue for ever"],
  ["bounce", "error", "what can not be delivered is neither returned nor given up"],
  ["pickup", "warning", "mail that programs on this host send stays in the maildrop queue"],
  [
    "proxymap",
    "error",
    "smtpd hangs when it looks into a proxy: table, as the default of local_recipient_maps has it",
  ],
  ["defer", "warning", "the reason of a delay is not kept"],
  ["error", "warning", "mail for a transport that is not there has no way to fail"],
  ["retry", "information", "the log lacks why a transport was skipped"],
  ["flush", "information", "postqueue -s and ETRN do not work"],
  ["showq", "information", "postqueue -p reads the queue by itself, or fails for users"],
];

/** Those whose sockets are in public/. */
const PUBLIC: ReadonlySet<string> = new Set(["cleanup", "qmgr", "pickup", "flush", "showq"]);

export const masterCoreMissing: Rule = {
  code: "master-core-missing",
  severity: "error",
  summary: "master.cf lacks a service that Postfix itself needs.",
  why: `The programs of Postfix talk to each other through sockets that the entries of master.cf make. Where one is not there, whoever needs it waits and tries again:

    postfix/smtpd[123]: warning: connect #1 to subsystem public/cleanup: No such file or directory
    postfix/cleanup[124]: warning: unable to look up public/qmgr: No such file or directory
    postfix/virtual[125]: warning: connect to private/bounce: No such file or directory

The port is open and \`postfix check\` is silent. A file with only a few entries is taken for a part of a master.cf, and nothing is said of it.`,
  remedy: "Put back the entry that Postfix was installed with.",
  wrong: [
    {
      title: "no cleanup",
      text: `-- master.cf --
smtp inet n - n - - smtpd
#^^^ error
pickup unix n - n 60 1 pickup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
showq unix n - n - - showq`,
    },
    {
      title: "no queue listing",
      text: `-- master.cf --
smtp inet n - n - - smtpd
#^^^ information
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp`,
    },
  ],
  right: [
    {
      title: "other names for the services, as parameters say",
      text: `-- main.cf --
cleanup_service_name = clean
-- master.cf --
pickup unix n - n 60 1 pickup
clean unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
showq unix n - n - - showq`,
    },
    {
      title: "a few entries that another program appends",
      text: `-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp`,
    },
  ],
  check(context) {
    const { system } = context;
    const first = system.services[0];
    if (!first || !looksWhole(system)) return;
    const missing = CORE.filter(([name]) => {
      const parameter = `${name === "qmgr" ? "queue" : name}_service_name`;
      if (name === "proxymap" && !usesProxy(system)) return false;
      // Another name is master-service-ref-missing's business.
      if (system.parameters.entry(parameter)) return false;
      return !system.services.some((service) => isServiceFor(service, name, PUBLIC.has(name)));
    });
    const [worst] = missing;
    if (!worst) return;
    const severity = missing.some(([, level]) => level === "error") ? "error" : worst[1];
    context.report({
      at: first.nameLocation,
      severity,
      message: `master.cf has no entry for ${missing.map(([name, , effect]) => `${name} (${effect})`).join(", ")}.`,
      fixes: () => {
        const lines = defaultEntries("upstream")
          .filter(({ service, type }) => type !== "inet" && missing.some(([name]) => name === service))
          .map(
            (entry) =>
              `${entry.service} ${entry.type} ${entry.private} ${entry.unprivileged} ${entry.chroot} ${entry.wakeup} ${entry.processLimit} ${entry.command}`,
          );
        const file = first.location.file;
        return [
          {
            title: lines.length > 1 ? "Add the missing services" : `Add ${worst[0]}`,
            edits: [insertEntry(context, file, undefined, lines)],
            preferred: true,
          },
        ];
      },
    });
  },
};

/** Whether smtpd is known to look into a proxy: table. */
function usesProxy({ environment, parameters }: MailSystem): boolean {
  const users = [...parameters.names, "local_recipient_maps"];
  return users.some((name) => {
    if (!/_(?:maps|domains|restrictions)$/.test(name)) return false;
    const { text, unknown } = environment.value(name);
    return unknown === undefined && /(?:^|[\s,])proxy:/.test(text);
  });
}
