import type { Rule } from "../rule.js";
import { reportFaults } from "./found-faults.js";

export const mainTimeTrailing: Rule = {
  code: "main-time-trailing",
  severity: "warning",
  summary: `A time has more than one unit letter.`,
  why: `Postfix reads the digits and the one letter behind them, and never looks at the rest: \`1h30m\` is one hour, \`1month\` one minute. No program says a word.`,
  remedy: `Write one number with one unit letter, in the smaller unit: 90m.`,
  wrong: [
    {
      title: `two units`,
      text: `-- main.cf --
maximal_queue_lifetime = 1d12h
#                          ^^^ warning
-- master.cf --
smtp inet n - n - - smtpd
qmgr unix n - n 300 1 qmgr`,
    },
    {
      title: `a unit in full`,
      text: `-- main.cf --
smtpd_timeout = 300sec
#                   ^^ warning
-- master.cf --
smtp inet n - n - - smtpd`,
    },
  ],
  right: [
    {
      title: `one unit`,
      text: `-- main.cf --
maximal_queue_lifetime = 36h
smtpd_timeout = 300s
-- master.cf --
smtp inet n - n - - smtpd`,
    },
  ],
  check(context) {
    reportFaults(context, ["time-trailing"]);
  },
};
