import type { Rule } from "../rule.js";
import { removeSetting, reportFaults } from "./found-faults.js";

export const mainBadLength: Rule = {
  code: "main-bad-length",
  severity: "error",
  summary: `A text is too short, too long, or has a character that is not taken.`,
  why: `A few texts have a length: the delimiters of VERP are two characters, and each has to be in verp_delimiter_filter. The program that reads the parameter stops when it starts:

    postfix/smtpd[124]: fatal: bad string length 1 < 2: default_verp_delimiters = +
    postfix/master[101]: warning: process /usr/lib/postfix/sbin/smtpd pid 124 exit status 1
    postfix/master[101]: warning: /usr/lib/postfix/sbin/smtpd: bad command startup -- throttling`,
  remedy: `Write as many characters as it takes, and only such as it takes.`,
  wrong: [
    {
      title: `one delimiter`,
      text: `-- main.cf --
default_verp_delimiters = +
#                         ^ error
-- master.cf --
smtp inet n - n - - smtpd`,
    },
    {
      title: `a letter as a delimiter`,
      text: `-- main.cf --
default_verp_delimiters = x=
#                         ^^ error
-- master.cf --
smtp inet n - n - - smtpd`,
    },
  ],
  right: [
    {
      title: `two delimiters`,
      text: `-- main.cf --
default_verp_delimiters = +=
-- master.cf --
smtp inet n - n - - smtpd`,
    },
    {
      title: `another filter`,
      text: `-- main.cf --
default_verp_delimiters = #=
verp_delimiter_filter = #=
-- master.cf --
smtp inet n - n - - smtpd`,
    },
  ],
  check(context) {
    reportFaults(context, ["length"]);
    for (const setting of context.system.settings) {
      const { name, environment, valueLocation } = setting;
      if (name !== "default_verp_delimiters" && name !== "verp_delimiter_filter") continue;
      const delimiters = environment.value("default_verp_delimiters");
      const filter = environment.value("verp_delimiter_filter");
      if (delimiters.unknown !== undefined || filter.unknown !== undefined || filter.text === "") continue;
      const at =
        delimiters.text.length === 2
          ? [...delimiters.text].findIndex((one) => !filter.text.includes(one))
          : -1;
      // Where both are set, the delimiters are what is wrong.
      if (at < 0 || (name === "verp_delimiter_filter" && delimiters.definition?.source !== "default"))
        continue;
      context.report({
        at: valueLocation,
        message: `The VERP delimiter "${delimiters.text[at]}" is not in verp_delimiter_filter (${filter.text}): every program of Postfix stops with "fatal: ... parameters default_verp_delimiters and verp_delimiter_filter: bad ${at === 0 ? "first" : "second"} VERP delimiter character".`,
        fixes: () => [removeSetting(context, setting, false)],
      });
    }
  },
};
