import type { Rule } from "../rule.js";
import { deleteOptionFix, pairOf, unreadOptions } from "./unreadOptions.js";

export const masterOLmtpPrefix: Rule = {
  code: "master-o-lmtp-prefix",
  severity: "warning",
  summary: "An option for the SMTP client is given to the LMTP client, or the other way round.",
  why: `smtp(8) and lmtp(8) are one program, which under the name \`lmtp\` reads the parameters that begin with lmtp_ and under the name \`smtp\` those with smtp_. The last column decides, not the name of the service. An option with the other prefix is ignored, without a word in the log.`,
  remedy: "Change the prefix of the option.",
  wrong: [
    {
      title: "smtp_ for lmtp",
      text: `-- master.cf --
dovecot-lmtp unix - - n - - lmtp
  -o smtp_data_done_timeout=1200s
#    ^^^^^^^^^^^^^^^^^^^^^^ warning`,
    },
    {
      title: "lmtp_ for smtp",
      text: `-- master.cf --
lmtp-amavis unix - - n - 2 smtp
  -o lmtp_send_xforward_command=yes
#    ^^^^^^^^^^^^^^^^^^^^^^^^^^ warning`,
    },
  ],
  right: [
    {
      title: "the prefix of the program, and both for an entry that was once the other",
      text: `-- master.cf --
lmtp-amavis unix - - n - 2 lmtp
  -o lmtp_data_done_timeout=1200s
  -o lmtp_send_xforward_command=yes
  -o disable_dns_lookups=yes
smtp-amavis unix - - n - 2 smtp
  -o smtp_data_done_timeout=1200s
  -o smtp_send_xforward_command=yes`,
    },
  ],
  check(context) {
    for (const { kind, setting, service } of unreadOptions(context)) {
      const { name } = setting;
      const pair = kind === "wrong-client" ? pairOf(service.program, name) : undefined;
      if (!pair) continue;
      const there = service.options.some((option) => option.name === pair);
      context.report({
        at: setting.nameLocation,
        message: `The entry ${service.name} runs ${service.program}(8), which reads ${pair} and not ${name}: this option changes nothing.`,
        fixes: () =>
          there
            ? [deleteOptionFix(context, service, name)]
            : [
                {
                  title: `Write ${pair}`,
                  edits: [{ ...setting.nameLocation, newText: pair }],
                  preferred: true,
                },
              ],
      });
    }
  },
};
