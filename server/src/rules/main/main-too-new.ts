import { parameterFacts } from "../../knowledge/parameters.js";
import { includesFeature } from "../../knowledge/version.js";
import type { Rule } from "../rule.js";
import { deleteLines, deleteOption } from "./edits.js";
import { unusedNames } from "./unknownNames.js";

export const mainTooNew: Rule = {
  code: "main-too-new",
  severity: "warning",
  summary: "The parameter, or its value, came with a later Postfix than the one that was named.",
  why: `An older Postfix does not know the name and takes the setting for a name of your own that nothing uses:

    postconf: warning: /etc/postfix/main.cf: unused parameter: smtpd_forbid_bare_newline=normalize

It has no effect. Said only when the release is given (\`--postfix-version\`, or \`postfixVersion\` in mailflow.json).`,
  remedy: "Delete the line, or name the release that is installed.",
  wrong: [],
  right: [
    {
      title: "no release was named",
      text: `-- main.cf --
smtpd_forbid_bare_newline = normalize`,
    },
  ],
  check(context) {
    const { profile } = context.system;
    if (profile.source !== "given") return;
    for (const { name, at, entry, option } of unusedNames(context, "new"))
      context.report({
        at,
        message: `${name} came with Postfix ${parameterFacts(name)?.since ?? "a later release"}: Postfix ${profile.version} does not know it, and the setting has no effect.`,
        fixes: () => [
          ...(entry ? [{ title: "Delete the setting", edits: deleteLines(context, at.file, entry) }] : []),
          ...(option
            ? [{ title: "Delete the option", edits: [deleteOption(context, at.file, option)] }]
            : []),
        ],
      });
    for (const { name, value, valueLocation } of context.system.settings) {
      const since = NEW_WORDS[name]?.[value.text.toLowerCase()];
      if (!since || includesFeature(profile.version, since.branch, since.backports)) continue;
      context.report({
        at: valueLocation,
        message: `${name} takes "${value.text}" from Postfix ${since.branch} on: Postfix ${profile.version} does not know the word and ${since.otherwise}.`,
      });
    }
  },
};

/** Words that came later than the parameter (measured with 3.7.11; release notes of the branches). */
const NEW_WORDS: Readonly<
  Record<
    string,
    Readonly<Record<string, { branch: string; backports: readonly string[]; otherwise: string }>>
  >
> = {
  milter_default_action: {
    shutdown: {
      branch: "3.11",
      backports: ["3.10.8", "3.9.9", "3.8.15", "3.7.20"],
      otherwise: 'answers "451 4.3.5 Server configuration problem" when a milter fails',
    },
  },
};
