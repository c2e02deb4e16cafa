import { replace } from "../edits.js";
import type { Rule } from "../rule.js";

export const mainMinfree: Rule = {
  code: "main-minfree",
  severity: "warning",
  summary: `There may be room for less than one and a half messages when mail is still taken.`,
  why: `smtpd stops taking mail when less than queue_minfree bytes are free. Below one and a half times message_size_limit a large message can fill the disk all the same:

    postfix/smtpd[124]: warning: queue_minfree(1000000) should be at least 1.5*message_size_limit(10240000)`,
  remedy: `Raise queue_minfree to one and a half times message_size_limit, or leave it 0.`,
  wrong: [
    {
      title: `too little`,
      text: `-- main.cf --
queue_minfree = 1000000
#               ^^^^^^^ warning
-- master.cf --
smtp inet n - n - - smtpd`,
    },
  ],
  right: [
    {
      title: `enough, or no check`,
      text: `-- main.cf --
queue_minfree = 15360000
-- master.cf --
smtp inet n - n - - smtpd`,
    },
    {
      title: `no check`,
      text: `-- main.cf --
queue_minfree = 0
-- master.cf --
smtp inet n - n - - smtpd`,
    },
  ],
  check(context) {
    const seen = new Set<string>();
    for (const service of context.system.services) {
      if (service.program !== "smtpd" || service.overriddenBy) continue;
      const free = service.environment.value("queue_minfree");
      const size = service.environment.value("message_size_limit");
      const origin = free.definition?.origin;
      if (!origin || free.unknown !== undefined || size.unknown !== undefined) continue;
      if (!/^[1-9]\d*$/.test(free.text) || !/^\d+$/.test(size.text)) continue;
      const least = Math.ceil(Number(size.text) * 1.5);
      // smtpd divides as whole numbers are divided in C, and compares.
      if (Number(free.text) / 1.5 >= Number(size.text)) continue;
      const place = `${origin.file} ${origin.range.start} ${least}`;
      if (seen.has(place)) continue;
      seen.add(place);
      context.report({
        at: origin,
        message: `queue_minfree is less than 1.5 times message_size_limit (${size.text}): smtpd logs "warning: queue_minfree(${free.text}) should be at least 1.5*message_size_limit(${size.text})", and a large message can fill the disk.`,
        fixes: () => [{ title: `Write ${least}`, edits: [replace(origin, String(least))], preferred: true }],
      });
    }
  },
};
