import { parameterFacts } from "../../knowledge/parameters.js";
import { hasReached } from "../../knowledge/version.js";
import { describeProfile } from "../../semantics/postfix/profile.js";
import type { Service } from "../../semantics/postfix/services.js";
import type { MasterOption } from "../../syntax/postfix/master.js";
import type { Fix } from "../finding.js";
import type { Rule, RuleContext } from "../rule.js";
import { translate } from "./deprecation.js";
import { deleteLines, deleteOption, lastOptions } from "./edits.js";

export const mainDeprecatedParameter: Rule = {
  code: "main-deprecated-parameter",
  severity: "information",
  summary: "The parameter still works, but Postfix has another one for it.",
  why: `Postfix 3.9 and later announce that the parameter will be taken out (some names from 3.11 on):

    postconf: warning: /etc/postfix/main.cf: support for parameter "smtpd_use_tls" will be removed; instead, specify "smtpd_tls_security_level"

Once it is gone the setting has no effect, and mail is sent without TLS, or looked up in the DNS, without a word from any daemon.`,
  remedy: "Write the parameter that came in its place.",
  wrong: [
    {
      title: "TLS with the words of before",
      text: `-- main.cf --
smtpd_use_tls = yes
#^^^^^^^^^^^^ information`,
    },
    {
      title: "in an option",
      text: `-- master.cf --
smtp-amavis unix - - n - 2 smtp
  -o disable_dns_lookups=yes
#    ^^^^^^^^^^^^^^^^^^^ information`,
    },
    {
      title: "a new name for the same value",
      text: `-- main.cf --
virtual_maps = hash:/etc/postfix/virtual
#^^^^^^^^^^^ information`,
    },
  ],
  right: [
    {
      title: "the words of today",
      text: `-- main.cf --
smtpd_tls_security_level = may
-- master.cf --
smtp-amavis unix - - n - 2 smtp
  -o smtp_dns_support_level=disabled`,
    },
  ],
  check(context) {
    const { parameters, services, environment } = context.system;
    const hasOption = (name: string) =>
      services.some(({ options }) => options.some((option) => option.name === name));
    for (const name of parameters.names) {
      const entry = parameters.entry(name);
      const old = entry && deprecation(context, name);
      if (!old) continue;
      const { file } = parameters;
      context.report({
        at: { file, range: entry.nameRange },
        message: describe(context, name, old.instead),
        fixes: () => {
          const to = translate(name, environment, undefined, hasOption);
          if (to === undefined) return [];
          if (to === "delete")
            return [
              { title: `Delete ${name}, which has no effect`, edits: deleteLines(context, file, entry) },
            ];
          const range = {
            start: entry.nameRange.start,
            end: Math.max(entry.valueRange.end, entry.nameRange.end),
          };
          return [written(`${to.name} = ${to.value ?? ""}`.trimEnd(), to, file, range, entry.nameRange)];
        },
      });
    }
    for (const service of services)
      for (const option of lastOptions(service)) {
        const old = deprecation(context, option.name);
        if (!old) continue;
        context.report({
          at: { file: service.location.file, range: option.nameRange },
          message: describe(context, option.name, old.instead),
          fixes: () => mendOption(context, service, option),
        });
      }
  },
};

/** Why the name is on its way out in this release; undefined when it is not. */
function deprecation(
  context: RuleContext,
  name: string,
): { readonly instead: string | undefined } | undefined {
  const facts = parameterFacts(name);
  const since =
    facts?.deprecatedSince ?? (facts?.removed?.readThrough.length ? facts.removed.warnedSince : undefined);
  if (!facts || since === undefined || !hasReached(context.system.profile.version, since)) return undefined;
  return { instead: facts.replacement };
}

function describe(context: RuleContext, name: string, instead: string | undefined): string {
  const advice = instead ? `write ${instead}` : "leave it at its default";
  return `${name} still works, but Postfix will lose it: ${advice} (so says postconf of ${describeProfile(context.system.profile)}).`;
}

function mendOption(context: RuleContext, service: Service, option: MasterOption): Fix[] {
  const { file } = service.location;
  const to = translate(option.name, service.environment, service.program, () => false);
  if (to === undefined) return [];
  if (to === "delete")
    return [
      { title: `Delete ${option.name}, which has no effect`, edits: [deleteOption(context, file, option)] },
    ];
  const range = { start: option.nameRange.start, end: Math.max(option.valueRange.end, option.nameRange.end) };
  const sign = option.form === "braces" ? " = " : "=";
  return [written(`${to.name}${sign}${to.value ?? ""}`, to, file, range, option.nameRange)];
}

function written(
  text: string,
  to: { readonly name: string; readonly value: string | undefined },
  file: string,
  range: { start: number; end: number },
  nameRange: { start: number; end: number },
): Fix {
  const edit =
    to.value === undefined ? { file, range: nameRange, newText: to.name } : { file, range, newText: text };
  return {
    title: `Write ${(to.value === undefined ? to.name : text).replace("\n", " and ")}`,
    edits: [edit],
    preferred: true,
  };
}
