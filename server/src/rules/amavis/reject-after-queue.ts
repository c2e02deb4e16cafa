import { amavisConstant } from "../../knowledge/amavisVariables.js";
import { relatedStep } from "../flow/places.js";
import type { Rule } from "../rule.js";

const DESTINIES = ["virus", "banned", "unchecked", "spam", "bad_header"].map(
  (what) => `$final_${what}_destiny`,
);

export const rejectAfterQueue: Rule = {
  code: "reject-after-queue",
  severity: "warning",
  summary: "amavisd rejects mail that Postfix has accepted already.",
  why: `With content_filter Postfix takes the message first and feeds it to amavisd afterwards. D_REJECT then makes amavisd answer 5xx to Postfix, and Postfix sends a bounce to the envelope sender, which spam and viruses forge: bystanders get it, and the host ends up on block lists.

    status=bounced (host 127.0.0.1[127.0.0.1] said: 554 5.7.0 Reject, id=... - spam (in reply to end of DATA command))

D_REJECT is right before the queue: behind smtpd_proxy_filter or a milter.`,
  remedy:
    "Use D_DISCARD with a quarantine, D_PASS, or D_BOUNCE, by which amavisd decides itself whether a bounce is safe.",
  wrong: [
    {
      title: "spam is rejected after the queue",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;
$final_spam_destiny = D_REJECT;
#                     ^^^^^^^^ warning`,
    },
  ],
  right: [
    {
      title: "before the queue",
      text: `-- master.cf --
smtp inet n - n - - smtpd
  -o smtpd_proxy_filter=127.0.0.1:10024
127.0.0.1:10025 inet n - n - - smtpd
-- amavisd.conf --
$inet_socket_port = 10024;
$final_spam_destiny = D_REJECT;`,
    },
    {
      title: "amavisd bounces itself",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;
$final_spam_destiny = D_BOUNCE;`,
    },
  ],
  check(context) {
    const { amavis } = context.system;
    if (!amavis) return;
    const feeds = context.flow.requests.filter(({ target }) => target.kind === "amavis");
    const feed = feeds.find(({ request }) => request.kind !== "proxy");
    // One configuration may serve both ways.
    if (!feed || feeds.some(({ request }) => request.kind === "proxy")) return;
    const reject = String(amavisConstant("D_REJECT"));
    for (const name of DESTINIES) {
      const value = amavis.value(name);
      const at = value?.origins[0];
      if (value?.display !== reject || !at) continue;
      context.report({
        at,
        message: `${name} is D_REJECT, but Postfix feeds amavisd after it has accepted the mail: each rejection becomes a bounce to a sender that may be forged.`,
        related: relatedStep(context, feed),
        fixes: () =>
          ["D_DISCARD", "D_BOUNCE"].map((constant) => ({
            title: `Write ${constant}`,
            edits: [{ ...at, newText: constant }],
          })),
      });
    }
  },
};
