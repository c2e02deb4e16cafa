import { isKnownParameter, parameterFacts } from "../../knowledge/parameters.js";
import { lastOptions } from "../../semantics/postfix/parameterNames.js";
import type { Rule } from "../rule.js";
import { deleteLines, deleteOption } from "./edits.js";

export const mainTooNew: Rule = {
  code: "main-too-new",
  severity: "warning",
  summary: "The parameter came with a later Postfix than the one that was named.",
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
    const { profile, parameters, services } = context.system;
    if (profile.source !== "given") return;
    const { version } = profile;
    const isTooNew = (name: string) =>
      isKnownParameter(name, { transports: [] }) && !isKnownParameter(name, { transports: [], version });
    const message = (name: string) =>
      `${name} came with Postfix ${parameterFacts(name)?.since ?? "a later release"}: Postfix ${version} does not know it, and the setting has no effect.`;
    for (const name of parameters.names) {
      const entry = parameters.entry(name);
      if (!entry || !isTooNew(name) || context.system.names.used.has(name)) continue;
      context.report({
        at: { file: parameters.file, range: entry.nameRange },
        message: message(name),
        fixes: () => [{ title: "Delete the setting", edits: deleteLines(context, parameters.file, entry) }],
      });
    }
    for (const service of services)
      for (const option of lastOptions(service)) {
        if (!isTooNew(option.name) || context.system.names.used.has(option.name)) continue;
        const { file } = service.location;
        context.report({
          at: { file, range: option.nameRange },
          message: message(option.name),
          fixes: () => [{ title: "Delete the option", edits: [deleteOption(context, file, option)] }],
        });
      }
  },
};
