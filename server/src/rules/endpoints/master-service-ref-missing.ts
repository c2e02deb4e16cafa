import type { serviceNameParameters } from "../../knowledge/services.js";
import { locateInSetting, readsParameter } from "../../semantics/postfix/settings.js";
import { hasPlaceholder } from "../../syntax/postfix/words.js";
import { looksWhole } from "../../system/completeness.js";
import { insertEntry, replace } from "../edits.js";
import type { Fix } from "../finding.js";
import { nearest } from "../nearest.js";
import type { Rule, RuleContext } from "../rule.js";
import { isServiceFor, serviceNameParameter } from "./serviceNames.js";

/** Whose absence stops mail; without the others something is only not written down or not listed (tried with 3.7.11). */
const STOPS_MAIL: ReadonlySet<string> = new Set([
  "cleanup_service_name",
  "rewrite_service_name",
  "queue_service_name",
  "proxymap_service_name",
  "bounce_service_name",
]);

export const masterServiceRefMissing: Rule = {
  code: "master-service-ref-missing",
  severity: "error",
  summary: "A service is named that master.cf does not have.",
  why: `The parameters \`*_service_name\` say which socket another program of Postfix is looked for at. If no entry makes it, whoever needs it waits and tries again:

    postfix/smtpd[123]: warning: connect #1 to subsystem public/pre-cleanup: No such file or directory

The client hangs at the first recipient. Some of these sockets are in public/, some in private/: \`cleanup\`, \`pickup\`, \`qmgr\`, \`flush\`, \`showq\` and \`postlog\` need \`n\` in the private column, the others \`y\` or \`-\`.`,
  remedy: "Define the service in master.cf, or correct its name or its private column.",
  wrong: [
    {
      title: "no such entry",
      text: `-- master.cf --
smtp inet n - n - - smtpd
  -o cleanup_service_name=pre-cleanup
#                         ^^^^^^^^^^^ error
cleanup unix n - n - 0 cleanup
pickup unix n - n 60 1 pickup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce`,
    },
    {
      title: "the entry is private",
      text: `-- master.cf --
smtp inet n - n - - smtpd
  -o cleanup_service_name=pre-cleanup
#                         ^^^^^^^^^^^ error
pre-cleanup unix - - n - 0 cleanup
cleanup unix n - n - 0 cleanup
pickup unix n - n 60 1 pickup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce`,
    },
  ],
  right: [
    {
      title: "the service is there",
      text: `-- master.cf --
smtp inet n - n - - smtpd
  -o cleanup_service_name=pre-cleanup
pre-cleanup unix n - n - 0 cleanup
cleanup unix n - n - 0 cleanup`,
    },
    {
      title: "the program never looks for it",
      text: `-- main.cf --
dnsblog_service_name = none
-- master.cf --
smtp inet n - n - - smtpd
cleanup unix n - n - 0 cleanup`,
    },
  ],
  check(context) {
    const { system } = context;
    if (system.masterOpen !== undefined) return;
    for (const setting of system.settings) {
      if (!setting.name.endsWith("_service_name")) continue;
      const row = serviceNameParameter(setting.name);
      // The pair of postscreen and smtpd is master-postscreen-pair's business.
      if (!row || setting.name === "smtpd_service_name" || !isUsed(setting.name, context)) continue;
      const { service, facts } = setting;
      if (service && facts && !readsParameter(service.program, facts)) continue;
      const { text, unknown } = setting.value;
      if (unknown !== undefined || text === "" || hasPlaceholder(text)) continue;
      const isPublic = row.socket === "public";
      if (system.services.some((other) => isServiceFor(other, text, isPublic))) continue;
      const at = locateInSetting(setting, 0, text.length);
      const other = system.services.find((candidate) => isServiceFor(candidate, text, !isPublic));
      // A piece of a master.cf may go with a file that has the service.
      const certain = looksWhole(system) && STOPS_MAIL.has(setting.name);
      context.report({
        at,
        severity: certain ? "error" : "warning",
        message: `${setting.name} names "${text}", but no entry of master.cf makes the socket ${row.socket}/${text}${other ? ": the one of that name has the other private column" : ""}. ${STOPS_MAIL.has(setting.name) ? "Whoever needs it hangs, and mail with it." : "What it does is left undone, with a warning in the log at most."}`,
        related: other ? [{ ...other.nameLocation, message: "this one is in the other folder" }] : [],
        fixes: () => mend(context, at, text, row),
      });
    }
  },
};

/** Only where a program that asks for it is there. */
function isUsed(parameter: string, { system }: RuleContext): boolean {
  const only: Readonly<Record<string, string>> = { dnsblog_service_name: "postscreen" };
  const program = only[parameter];
  return program === undefined || system.services.some((service) => service.program === program);
}

function mend(
  context: RuleContext,
  at: { file: string; range: { start: number; end: number } },
  name: string,
  row: ReturnType<typeof serviceNameParameters>[number],
): Fix[] {
  const { services, source } = context.system;
  const isPublic = row.socket === "public";
  const other = services.find((candidate) => isServiceFor(candidate, name, !isPublic));
  const column = other?.entry.columns.private;
  if (other && column)
    return [
      {
        title: `Make ${name} ${row.socket}`,
        edits: [{ file: other.location.file, range: column.range, newText: isPublic ? "n" : "-" }],
        preferred: true,
      },
    ];
  const fixes: Fix[] = [];
  const near = nearest(
    name,
    services
      .filter((service) => isServiceFor(service, service.name, isPublic))
      .map((service) => service.name),
  );
  if (near) fixes.push({ title: `Write ${near}`, edits: [replace(at, near)], preferred: true });
  if (source.master && /^[\w-]+$/.test(name) && row.program !== "qmgr")
    fixes.push({
      title: `Define the service ${name}`,
      edits: [
        insertEntry(context, source.master.path, undefined, [
          `${name} unix ${isPublic ? "n" : "-"} - n - ${row.program === "proxymap" || row.program === "verify" ? "1" : "0"} ${row.program}`,
        ]),
      ],
    });
  return fixes;
}
