import { transportPattern } from "../../knowledge/servicePatterns.js";
import type { Rule } from "../rule.js";
import { deleteLines, deleteOption } from "./edits.js";
import { meantService } from "./main-service-suffix-orphan.js";
import { mayBeUsedElsewhere, unusedNames } from "./unknownNames.js";

export const mainTimeLimitOrphan: Rule = {
  code: "main-time-limit-orphan",
  severity: "warning",
  summary: "A time limit is set for a service that runs no external command.",
  why: `\`<service>_time_limit\` is read by pipe(8) and spawn(8) under the name of their service, letter by letter. For any other name the line has no effect, and \`command_time_limit\` holds:

    postconf: warning: /etc/postfix/main.cf: unused parameter: policy_spf_time_limit=3600

A policy service that needs longer is then killed after 1000 seconds.`,
  remedy: "Write the service's name as it stands in master.cf, or delete the line.",
  wrong: [
    {
      title: "underscore instead of hyphen",
      text: `-- main.cf --
policy_spf_time_limit = 3600
#^^^^^^^^^ warning
-- master.cf --
policy-spf unix - n n - 0 spawn user=nobody argv=/usr/bin/policyd-spf`,
    },
  ],
  right: [
    {
      title: "a service that spawn runs",
      text: `-- main.cf --
policy-spf_time_limit = 3600
-- master.cf --
policy-spf unix - n n - 0 spawn user=nobody argv=/usr/bin/policyd-spf`,
    },
  ],
  check(context) {
    if (mayBeUsedElsewhere(context)) return;
    for (const { name, at, entry, option } of unusedNames(context, "orphan")) {
      const pattern = transportPattern(name);
      if (pattern?.suffix !== "_time_limit") continue;
      const { service, suffix, programs } = pattern;
      const { file } = at;
      const there = context.system.services.find((other) => other.name === service);
      const meant = there ? undefined : meantService(context, service, programs);
      const range = { start: at.range.start, end: at.range.start + service.length };
      context.report({
        at: { file, range },
        message: there
          ? `The service "${service}" runs ${there.program}, and only pipe and spawn have a time limit of this form: ${name} has no effect.`
          : `master.cf has no service "${service}" that runs pipe or spawn: ${name} has no effect${meant ? `; did you mean ${meant}${suffix}?` : "."}`,
        related: there ? [{ ...there.nameLocation, message: `the service "${service}"` }] : [],
        fixes: () => [
          ...(meant
            ? [
                {
                  title: `Write ${meant}${suffix}`,
                  edits: [{ file, range, newText: meant }],
                  preferred: true,
                },
              ]
            : []),
          ...(entry ? [{ title: "Delete the setting", edits: deleteLines(context, file, entry) }] : []),
          ...(option ? [{ title: "Delete the option", edits: [deleteOption(context, file, option)] }] : []),
        ],
      });
    }
  },
};
