import type { Rule } from "../rule.js";
import { masterOptions } from "./edits.js";

export const style: Rule = {
  code: "style",
  severity: "information",
  summary: "An entry of master.cf works, but is written in a form that misleads.",
  why: `\`:10025\` is \`10025\`: it listens on the addresses of inet_interfaces, which is all of them by default, and not on the loopback address only. An option without a blank behind \`-o\` works, but postconf reads another name and warns of a parameter that nobody wrote:

    postconf: warning: /etc/postfix/master.cf: unused parameter: ntent_filter=`,
  remedy: "Write the port alone, or the address in front of it; write a blank behind `-o`.",
  wrong: [
    {
      title: "a colon without an address",
      text: `-- master.cf --
:10025 inet n - n - - smtpd
#^^^^^ information`,
    },
    {
      title: "no blank behind -o",
      text: `-- master.cf --
127.0.0.1:10025 inet n - n - - smtpd
  -ocontent_filter=
# ^^^^^^^^^^^^^^^^^ information`,
    },
  ],
  right: [
    {
      title: "the usual forms",
      text: `-- master.cf --
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
10026 inet n - n - - smtpd -v`,
    },
  ],
  check(context) {
    for (const service of context.system.services) {
      if (service.type !== "inet" || !/^:[^:]+$/.test(service.name)) continue;
      const { file, range } = service.nameLocation;
      context.report({
        at: { file, range },
        message: `"${service.name}" means "${service.name.slice(1)}": it listens on every address of inet_interfaces.`,
        fixes: () => [
          {
            title: `Write ${service.name.slice(1)}`,
            edits: [{ file, range: { start: range.start, end: range.start + 1 }, newText: "" }],
            preferred: true,
          },
        ],
      });
    }
    for (const { option, at } of masterOptions(context)) {
      if (option.form !== "glued" || !option.valid) continue;
      const before = context.text(at.file).slice(option.range.start, option.nameRange.start);
      // A character that is no blank stands there (main-bom-or-nbsp), or letters of several options.
      if (before !== "-o") continue;
      context.report({
        at,
        message: `This works, but postconf reads another name from an option that has no blank behind -o, and warns of it before every Postfix command.`,
        fixes: () => [
          {
            title: "Put a blank behind -o",
            edits: [
              {
                file: at.file,
                range: { start: option.nameRange.start, end: option.nameRange.start },
                newText: " ",
              },
            ],
            preferred: true,
          },
        ],
      });
    }
  },
};
