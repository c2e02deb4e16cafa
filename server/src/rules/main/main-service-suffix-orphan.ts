import { transportPattern } from "../../knowledge/servicePatterns.js";
import { nearest } from "../nearest.js";
import type { Rule, RuleContext } from "../rule.js";
import { deleteLines } from "./edits.js";
import { mayBeUsedElsewhere, unusedNames } from "./unknownNames.js";

export const mainServiceSuffixOrphan: Rule = {
  code: "main-service-suffix-orphan",
  severity: "warning",
  summary: "A limit is set for a transport that master.cf does not have.",
  why: `Names such as \`smtp-amavis_destination_concurrency_limit\` begin with the service's name, letter by letter: \`smtp_amavis\` is not \`smtp-amavis\`. The queue manager looks for its own transports only, so the line has no effect and the default holds:

    postconf: warning: /etc/postfix/main.cf: unused parameter: smtp_amavis_destination_concurrency_limit=2`,
  remedy: "Write the service's name as it stands in master.cf, or delete the line.",
  wrong: [
    {
      title: "underscore instead of hyphen",
      text: `-- main.cf --
smtp_amavis_destination_concurrency_limit = 2
#^^^^^^^^^^ warning
-- master.cf --
smtp-amavis unix - - n - 2 smtp`,
    },
    {
      title: "a service that does not deliver",
      text: `-- main.cf --
submission_destination_recipient_limit = 1
#^^^^^^^^^ warning
-- master.cf --
submission inet n - n - - smtpd`,
    },
  ],
  right: [
    {
      title: "the service's own name",
      text: `-- main.cf --
smtp-amavis_destination_concurrency_limit = 2
-- master.cf --
smtp-amavis unix - - n - 2 smtp`,
    },
  ],
  check(context) {
    if (mayBeUsedElsewhere(context)) return;
    for (const { name, at, entry } of unusedNames(context, "orphan")) {
      const pattern = transportPattern(name);
      if (!entry || !pattern || pattern.suffix === "_time_limit") continue;
      const { service, suffix, programs } = pattern;
      const there = context.system.services.find((other) => other.name === service);
      const meant = there ? undefined : meantService(context, service, programs);
      const range = { start: at.range.start, end: at.range.start + service.length };
      context.report({
        at: { file: at.file, range },
        message: there
          ? `The service "${service}" runs ${there.program}, which delivers no mail: ${name} has no effect.`
          : `master.cf has no transport "${service}": ${name} has no effect${meant ? `; did you mean ${meant}${suffix}?` : "."}`,
        related: there ? [{ ...there.nameLocation, message: `the service "${service}"` }] : [],
        fixes: () => [
          ...(meant
            ? [
                {
                  title: `Write ${meant}${suffix}`,
                  edits: [{ file: at.file, range, newText: meant }],
                  preferred: true,
                },
              ]
            : []),
          { title: "Delete the setting", edits: deleteLines(context, at.file, entry) },
        ],
      });
    }
  },
};

/** The delivering service whose name is nearest; hyphen and underscore are taken for one another. */
export function meantService(
  context: RuleContext,
  name: string,
  programs: readonly string[],
): string | undefined {
  const names = context.system.services
    .filter(({ program }) => programs.includes(program))
    .map((service) => service.name);
  const plain = (text: string) => text.replace(/-/g, "_").toLowerCase();
  return names.find((other) => plain(other) === plain(name)) ?? nearest(name, names);
}
