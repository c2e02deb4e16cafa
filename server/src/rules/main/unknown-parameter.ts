import type { Fix } from "../finding.js";
import type { Rule, RuleContext } from "../rule.js";
import { deleteLines, deleteOption } from "./edits.js";
import {
  mayBeUsedElsewhere,
  meantParameter,
  misspeltOverride,
  type UnusedName,
  unusedNames,
} from "./unknownNames.js";

/** Parameters of the quota patch (VDA), which distributions do not build. */
const QUOTA_PATCH =
  /^virtual_(?:mailbox_limit_(?:maps|override|inbox)|mailbox_extended|maildir_(?:extended|limit_message|limit_message_maps|suffix|filter|filter_maps)|overquota_bounce|trash_(?:count|name))$/;

export const unknownParameter: Rule = {
  code: "unknown-parameter",
  severity: "warning",
  summary: "Postfix has no parameter of this name, and nothing refers to it.",
  why: `The setting has no effect. No daemon complains; only postconf says so, before every Postfix command:

    postconf: warning: /etc/postfix/master.cf: unused parameter: contentfilter=

A name of your own is fine as long as some value uses it as \`$name\`, or \`smtpd_restriction_classes\` lists it. Where the misspelt name was to switch the filter off for the service that takes mail back, mail goes round until \`554 5.4.0 Error: too many hops\`: that is an error.`,
  remedy: "Correct the name, or delete the line.",
  wrong: [
    {
      title: "a letter is missing",
      text: `-- main.cf --
mydestinaton = example.org
#^^^^^^^^^^^ warning`,
    },
    {
      title: "misspelt in master.cf, and mail loops through the filter",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o contentfilter=
#    ^^^^^^^^^^^^^ error
-- amavisd.conf --
$inet_socket_port = 10024;
$forward_method = $notify_method = 'smtp:[127.0.0.1]:10025';`,
    },
  ],
  right: [
    {
      title: "a name of your own that a value uses, and a restriction class",
      text: `-- main.cf --
my_filter = smtp-amavis:[127.0.0.1]:10024
content_filter = $my_filter
smtpd_restriction_classes = greylisted
greylisted = permit
-- master.cf --
smtp-amavis unix - - n - 2 smtp`,
    },
    {
      title: "settings of a table that is named without a path",
      text: `-- main.cf --
virtual_alias_maps = ldap:aliases
aliases_server_host = ldap.example.org
aliases_query_filter = (mail=%s)`,
    },
  ],
  check(context) {
    if (mayBeUsedElsewhere(context)) return;
    for (const unused of unusedNames(context, "unknown")) {
      const { name, at, service } = unused;
      const meant = meantParameter(name);
      const loops = service !== undefined && misspeltOverride(context, service) === name;
      context.report({
        at,
        severity: loops ? "error" : "warning",
        message: describe(name, meant, loops),
        fixes: () => mend(context, unused, meant, loops),
      });
    }
  },
};

function describe(name: string, meant: string | undefined, loops: boolean): string {
  const advice = meant ? `; did you mean ${meant}?` : "";
  if (loops)
    return `Postfix has no parameter "${name}"${advice} The service keeps the filter of main.cf, and mail that comes back from the filter goes to it again until "too many hops".`;
  const patch = QUOTA_PATCH.test(name) ? " (a Postfix with the VDA quota patch has it)" : "";
  return `Postfix has no parameter "${name}"${patch}, and no value uses $${name}: the setting has no effect${advice || "."}`;
}

function mend(
  context: RuleContext,
  { name, at, entry, option }: UnusedName,
  meant: string | undefined,
  loops: boolean,
): Fix[] {
  const { file } = at;
  const fixes: Fix[] = [];
  if (meant !== undefined && !isSet(context, meant, option !== undefined))
    fixes.push({
      title: `Write ${meant}`,
      edits: [{ file, range: at.range, newText: meant }],
      // smtp_ and smtpd_ are one letter apart, and worlds.
      preferred: meant.startsWith("smtpd_") === name.startsWith("smtpd_"),
    });
  if (entry) fixes.push({ title: "Delete the setting", edits: deleteLines(context, file, entry) });
  // Without it the loop would still be there.
  if (option && !loops)
    fixes.push({ title: "Delete the option", edits: [deleteOption(context, file, option)] });
  return fixes;
}

/** Whether the right name is there already, so that a second one would override it. */
function isSet(context: RuleContext, name: string, inMaster: boolean): boolean {
  return !inMaster && context.system.parameters.entry(name) !== undefined;
}
