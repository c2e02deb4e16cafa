import { replace } from "../edits.js";
import type { Rule } from "../rule.js";

export const mainMyhostnameRelayhost: Rule = {
  code: "main-myhostname-relayhost",
  severity: "error",
  summary: `relayhost is the host's own name.`,
  why: `Mail for the world would go to this host again. Postfix sees it and no program starts:

    postfix/smtpd[124]: fatal: myhostname and relayhost parameter settings must not be identical: mx.example.org`,
  remedy: `Name the relay, or leave relayhost empty so that mail goes straight to its destination.`,
  wrong: [
    {
      title: `the same name`,
      text: `-- main.cf --
myhostname = mx.example.org
relayhost = MX.example.org
#           ^^^^^^^^^^^^^^ error
-- master.cf --
smtp inet n - n - - smtpd`,
    },
  ],
  right: [
    {
      title: `another host; brackets`,
      text: `-- main.cf --
myhostname = mx.example.org
relayhost = [relay.example.net]
-- master.cf --
smtp inet n - n - - smtpd`,
    },
  ],
  check(context) {
    for (const setting of context.system.settings) {
      if (setting.name !== "relayhost") continue;
      const { value, environment, valueLocation } = setting;
      const own = environment.value("myhostname");
      if (value.unknown !== undefined || own.unknown !== undefined || own.text === "") continue;
      if (value.text.toLowerCase() !== own.text.toLowerCase()) continue;
      const origin = own.definition?.origin;
      context.report({
        at: valueLocation,
        message: `relayhost is this host's own name: every program of Postfix stops with "fatal: myhostname and relayhost parameter settings must not be identical: ${own.text}".`,
        related: origin ? [{ ...origin, message: "the host's own name" }] : [],
        fixes: () => [{ title: "Leave relayhost empty", edits: [replace(valueLocation, "")] }],
      });
    }
  },
};
