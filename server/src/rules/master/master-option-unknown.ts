import { argumentFaults } from "../../semantics/postfix/arguments.js";
import type { Rule } from "../rule.js";

export const masterOptionUnknown: Rule = {
  code: "master-option-unknown",
  severity: "error",
  summary: "A service has an option letter that its daemon does not know.",
  why: `The daemons of Postfix share a small set of option letters, of which \`-o\` and \`-v\` are for people. Any other letter ends the daemon at its first connection, while its port is open:

    postfix/smtpd[124]: fatal: invalid option: Q
    postfix/master[101]: warning: /usr/lib/postfix/sbin/smtpd: bad command startup -- throttling`,
  remedy: "Delete the option. Parameters are set by `-o name=value`.",
  wrong: [
    {
      title: "a letter of another program",
      text: `-- master.cf --
smtp inet n - n - - smtpd -Q
#                          ^ error`,
    },
    {
      title: "a parameter without its -o",
      text: `-- master.cf --
127.0.0.1:10025 inet n - n - - smtpd -vx
#                                      ^ error`,
    },
  ],
  right: [
    {
      title: "more words in the log",
      text: `-- master.cf --
smtp inet n - n - - smtpd -v -o content_filter=`,
    },
    {
      title: "letters of the command that pipe starts",
      text: `-- master.cf --
uucp unix - n n - - pipe flags=Fqhu user=uucp argv=uux -r -n -z -a$sender - $nexthop!rmail ($recipient)`,
    },
  ],
  check(context) {
    const template = context.system.source.master?.template ?? false;
    for (const service of context.system.services) {
      if (service.entry.letters.length === 0) continue;
      const { file } = service.location;
      for (const { kind, range, text } of argumentFaults(service, template)) {
        if (kind !== "unknown-letter") continue;
        const word = service.entry.arguments.find(
          (one) => one.range.start < range.start && range.end <= one.range.end,
        );
        context.report({
          at: { file, range },
          message: `${service.program} has no option "-${text}": it stops with "fatal: invalid option: ${text}" at its first connection, the port is open but no mail passes.`,
          fixes: () => {
            // The letter alone, or the word where nothing but the hyphen would be left.
            const whole = word !== undefined && word.text.length === 2;
            const from = whole ? context.text(file).slice(0, word.range.start).trimEnd().length : range.start;
            return [
              {
                title: `Remove -${text}`,
                edits: [{ file, range: { start: from, end: range.end }, newText: "" }],
                preferred: false,
              },
            ];
          },
        });
      }
    }
  },
};
