import { parameterFacts } from "../../knowledge/parameters.js";
import { ASSUMED_POSTFIX_VERSION, hasReached } from "../../knowledge/version.js";
import type { Fix } from "../finding.js";
import type { Rule, RuleContext } from "../rule.js";
import { deleteLines, deleteOption } from "./edits.js";
import { type UnusedName, unusedNames } from "./unknownNames.js";

/** New names that take the old value as it is; the others want another kind of value. */
const SAME_VALUE: ReadonlySet<string> = new Set(["smtpd_sasl_application_name"]);

export const mainRemovedParameter: Rule = {
  code: "main-removed-parameter",
  severity: "warning",
  summary: "The parameter was taken out of Postfix.",
  why: `The setting has no effect any more. No daemon complains, only postconf:

    postconf: warning: /etc/postfix/main.cf: unused parameter: smtpd_sasl_application_name=smtpd

Postfix 3.9 and later name the parameter to use instead.`,
  remedy: "Use the parameter that came in its place, or delete the line.",
  wrong: [
    {
      title: "renamed long ago",
      text: `-- main.cf --
smtpd_sasl_application_name = smtpd
#^^^^^^^^^^^^^^^^^^^^^^^^^^ warning`,
    },
  ],
  right: [
    {
      title: "an old name that a default still reads",
      text: `-- main.cf --
virtual_maps = hash:/etc/postfix/virtual`,
    },
  ],
  check(context) {
    const { version, source } = context.system.profile;
    for (const unused of unusedNames(context, "removed")) {
      const facts = parameterFacts(unused.name);
      const goneIn = facts?.removed?.goneIn;
      if (goneIn !== undefined && !hasReached(version, goneIn)) continue;
      const recent =
        source !== "given" && goneIn !== undefined && !hasReached(ASSUMED_POSTFIX_VERSION, goneIn);
      const instead = facts?.replacement ? `; ${facts.replacement} came in its place` : "";
      context.report({
        at: unused.at,
        severity: recent ? "information" : "warning",
        message: `Postfix${goneIn ? ` ${goneIn} and later have` : " has"} no parameter ${unused.name}: the setting has no effect${instead}.`,
        fixes: () => mend(context, unused, facts?.replacement),
      });
    }
  },
};

function mend(
  context: RuleContext,
  { name, at, entry, option }: UnusedName,
  instead: string | undefined,
): Fix[] {
  const { file } = at;
  const fixes: Fix[] = [];
  if (instead && SAME_VALUE.has(name) && context.system.parameters.entry(instead) === undefined)
    fixes.push({ title: `Write ${instead}`, edits: [{ file, range: at.range, newText: instead }] });
  if (entry)
    fixes.push({ title: "Delete the setting", edits: deleteLines(context, file, entry), preferred: true });
  if (option)
    fixes.push({
      title: "Delete the option",
      edits: [deleteOption(context, file, option)],
      preferred: true,
    });
  return fixes;
}
