import { looksWhole } from "../../system/completeness.js";
import { insertEntry } from "../edits.js";
import type { Rule } from "../rule.js";

export const mainMaillogNoPostlog: Rule = {
  code: "main-maillog-no-postlog",
  severity: "error",
  summary: "Postfix is to write its log itself, but master.cf has no postlog service.",
  why: `With \`maillog_file\` set, \`postfix start\`, \`check\` and \`reload\` look for the service that writes it and refuse to go on without it:

    postfix/postfix-script[123]: fatal: missing 'postlog' service in master.cf - run 'postfix upgrade-configuration'
    postfix/postfix-script[124]: fatal: Postfix integrity check failed!`,
  remedy: "Add `postlog unix-dgram n - n - 1 postlogd`, as `postfix upgrade-configuration` does.",
  wrong: [
    {
      title: "no entry",
      text: `-- main.cf --
maillog_file = /dev/stdout
#              ^^^^^^^^^^^ error
-- master.cf --
smtp inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
smtp unix - - n - - smtp`,
    },
    {
      title: "of the wrong type",
      text: `-- main.cf --
maillog_file = /var/log/postfix.log
#              ^^^^^^^^^^^^^^^^^^^^ error
-- master.cf --
smtp inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
postlog unix n - n - 1 postlogd`,
    },
  ],
  right: [
    {
      title: "the service is there",
      text: `-- main.cf --
maillog_file = /dev/stdout
-- master.cf --
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
postlog unix-dgram n - n - 1 postlogd`,
    },
    {
      title: "a few entries that are no whole master.cf",
      text: `-- main.cf --
maillog_file = /dev/stdout
-- master.cf --
smtp inet n - n - - smtpd`,
    },
  ],
  check(context) {
    const { system } = context;
    const value = system.environment.value("maillog_file");
    const origin = value.definition?.origin;
    if (!origin || value.unknown !== undefined || value.text === "" || !looksWhole(system)) return;
    const found = system.services.find(({ name }) => name === "postlog");
    if (found?.type === "unix-dgram" || found?.uncertain) return;
    const { master } = system.source;
    if (!master) return;
    context.report({
      at: origin,
      message: `maillog_file is set, and master.cf has no service postlog of type unix-dgram: postfix start, check and reload refuse to go on.`,
      related: found ? [{ ...found.nameLocation, message: `this postlog is of type ${found.type}` }] : [],
      fixes: () => {
        const type = found?.entry.columns.type;
        const edit = type
          ? { file: master.path, range: type.range, newText: "unix-dgram" }
          : insertEntry(context, master.path, undefined, ["postlog unix-dgram n - n - 1 postlogd"]);
        return [{ title: "Add the postlog service", edits: [edit], preferred: true }];
      },
    });
  },
};
