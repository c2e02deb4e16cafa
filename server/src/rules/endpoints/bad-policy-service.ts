import { replace } from "../edits.js";
import type { Fix } from "../finding.js";
import type { Rule } from "../rule.js";
import { reportAttributes } from "./attributes.js";
import { type SocketUse, socketUses } from "./sockets.js";

export const badPolicyService: Rule = {
  code: "bad-policy-service",
  severity: "error",
  summary: "A policy service is not written as inet:host:port or unix:path.",
  why: `smtpd reads the endpoint when a client connects, before it says a word, and dies:

    postfix/smtpd[123]: fatal: invalid transport name: 127.0.0.1 in service: 127.0.0.1:10031
    postfix/smtpd[123]: fatal: need service transport:endpoint instead of "private/policy"
    postfix/smtpd[123]: fatal: 127.0.0.1: garbage after numerical service

Nobody can bring mail through that service any more; the start and \`postfix check\` said nothing.`,
  remedy: "Write `check_policy_service inet:127.0.0.1:10031` or `check_policy_service unix:private/policy`.",
  wrong: [
    {
      title: "no prefix",
      text: `-- main.cf --
smtpd_recipient_restrictions = permit_mynetworks, check_policy_service 127.0.0.1:10031, reject_unauth_destination
#                                                                      ^^^^^^^^^^^^^^^ error`,
    },
    {
      title: "a path without unix:",
      text: `-- main.cf --
smtpd_restriction_classes = greylist
greylist = check_policy_service private/postgrey
#                               ^^^^^^^^^^^^^^^^ error`,
    },
    {
      title: "Sendmail's way",
      text: `-- main.cf --
smtpd_recipient_restrictions = check_policy_service inet:10031@127.0.0.1, reject_unauth_destination
#                                                   ^^^^^^^^^^^^^^^^^^^^ error`,
    },
    {
      title: "a misspelt attribute",
      text: `-- main.cf --
smtpd_recipient_restrictions = check_policy_service { inet:127.0.0.1:10031, timout=3s }, reject_unauth_destination
#                                                                           ^^^^^^ error`,
    },
  ],
  right: [
    {
      title: "every form",
      text: `-- main.cf --
smtpd_recipient_restrictions = reject_unauth_destination check_policy_service unix:private/policy
    check_policy_service inet:127.0.0.1:10031 check_policy_service { inet:[::1]:10031, timeout=3s, default_action = DUNNO }
    check_policy_service inet:10032`,
    },
  ],
  check(context) {
    for (const use of socketUses(context)) {
      if (use.form !== "policy") continue;
      reportAttributes(context, use);
      const { fault, fatal } = use.endpoint;
      if (fault === undefined) continue;
      context.report({
        at: use.at(0, use.text.length),
        message: `"${use.text}" is no policy service, which is inet:host:port or unix:path: smtpd dies with "fatal: ${fault}" ${fatal ? "when it asks" : "at every connection"}, and no mail comes in.`,
        fixes: () => mend(use),
      });
    }
  },
};

function mend(use: SocketUse): Fix[] {
  const { text } = use;
  const sendmail = /^inet:(\d+)@(\S+)$/.exec(text);
  const newText = sendmail
    ? `inet:${sendmail[2]}:${sendmail[1]}`
    : /^\/?[\w.-]+\/[^:]*$/.test(text)
      ? `unix:${text}`
      : /^(?:tcp:|INET:)?(\[[\da-f:.]+\]|[\w.-]+):\d+$/i.test(text)
        ? `inet:${text.replace(/^(?:tcp|inet):/i, "")}`
        : text.replace(/^UNIX:/i, "unix:").replace(/(\d);$/, "$1");
  if (newText === text) return [];
  return [{ title: `Write ${newText}`, edits: [replace(use.at(0, text.length), newText)], preferred: true }];
}
