import { programNames, serviceNameParameters } from "../../knowledge/services.js";
import { columnFaults } from "../../semantics/postfix/columns.js";
import { editDistance } from "../../syntax/editDistance.js";
import { hasPlaceholder } from "../../syntax/postfix/words.js";
import type { Fix } from "../finding.js";
import { nearest } from "../nearest.js";
import type { Rule } from "../rule.js";

export const unknownCommand: Rule = {
  code: "unknown-command",
  severity: "error",
  summary: "The command of a service is no program of Postfix.",
  why: `master(8) puts the daemon directory in front of the command, whatever it is, and looks for the program only when the service is first needed. \`postfix check\` is silent and the port is open:

    postfix/master[101]: fatal: master_spawn: exec /usr/lib/postfix/sbin/smtpdd: No such file or directory
    postfix/master[101]: warning: /usr/lib/postfix/sbin/smtpdd: bad command startup -- throttling

Connections hang, and mail for the service waits in the queue.`,
  remedy:
    "Write the name of a program in Postfix's daemon directory. A program of another kind is started by pipe(8) (for mail) or spawn(8) (for connections).",
  wrong: [
    {
      title: "a letter too many",
      text: `-- master.cf --
127.0.0.1:10025 inet n - n - - smtpdd
#                              ^^^^^^ error
  -o content_filter=`,
    },
    {
      title: "a path does not lead out of the daemon directory",
      text: `-- master.cf --
smtp inet n - n - - /usr/lib/postfix/sbin/smtpd
#                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^ error`,
    },
    {
      title: "the name of a service in place of its program",
      text: `-- master.cf --
rewrite unix - - n - - rewrite
#                      ^^^^^^^ error`,
    },
  ],
  right: [
    {
      title: "programs of Postfix, also under an old name",
      text: `-- master.cf --
smtp inet n - n - - smtpd
rewrite unix - - n - - trivial-rewrite
qmgr unix n - n 300 1 nqmgr`,
    },
  ],
  check(context) {
    const names = new Set(programNames());
    for (const service of context.system.services) {
      const word = service.entry.columns.command;
      if (!word || names.has(word.text) || OTHER_NAMES.has(word.text)) continue;
      if (service.overriddenBy || service.uncertain || columnFaults(service.entry).length > 0) continue;
      if (hasPlaceholder(word.text) || word.text.startsWith("-")) continue;
      const found = judge(word.text);
      if (!found) continue;
      const at = { file: service.location.file, range: word.range };
      context.report({
        at,
        severity: found.severity,
        message: found.message,
        fixes: () =>
          found.programs.map(
            (program): Fix => ({
              title: `Write ${program}`,
              edits: [{ ...at, newText: program }],
              preferred: found.programs.length === 1,
            }),
          ),
      });
    }
  },
};

/** Links that installations keep for old configurations. */
const OTHER_NAMES: ReadonlySet<string> = new Set(["nqmgr"]);

const WHEN = "master starts, and fails to execute it when the service is first needed";

function judge(
  text: string,
): { message: string; severity: "error" | "warning"; programs: string[] } | undefined {
  const base = text.split("/").pop() ?? "";
  const own = programNames().includes(base);
  if (text.startsWith("/")) {
    const message = `master looks for ".../sbin/${text}", because it puts the daemon directory in front of every command: it starts, and fails to execute that when the service is first needed.`;
    return { message, severity: "error", programs: own ? [base] : [] };
  }
  // What lies in a folder of the daemon directory, nobody knows here.
  if (text.includes("/")) return undefined;
  const programs = candidates(text);
  const close = programs.length > 0;
  return {
    message: close
      ? `Postfix has no program "${text}": ${WHEN}.`
      : `"${text}" is no program of Postfix: unless it was put into Postfix's daemon directory, ${WHEN}.`,
    severity: close ? "error" : "warning",
    programs,
  };
}

/** What was probably meant: the program behind a service's name, or one that is spelt alike. */
function candidates(text: string): string[] {
  const name = text.toLowerCase();
  const known = programNames();
  if (known.includes(name)) return [name];
  const byService =
    BY_SERVICE[name] ?? serviceNameParameters().find((one) => one.defaultService === name)?.program;
  if (byService) return [byService];
  const alike = known.filter((program) => program.length > 3 && editDistance(name, program, 2) < 2);
  if (alike.length > 0) return alike;
  const one = nearest(name, known);
  return one ? [one] : [];
}

/** Services whose name people write in place of the program. */
const BY_SERVICE: Readonly<Record<string, string>> = {
  submission: "smtpd",
  submissions: "smtpd",
  smtps: "smtpd",
  relay: "smtp",
  retry: "error",
  proxywrite: "proxymap",
  postlog: "postlogd",
};
