import type { FilterStep } from "../../flow/flow.js";
import type { Service } from "../../semantics/postfix/services.js";
import { overrideOptions } from "../../system/feeds.js";
import { reinjectionCandidates, setOption } from "../edits.js";
import type { Fix } from "../finding.js";
import { requestPlace, showRequest } from "../flow/places.js";
import type { Rule, RuleContext } from "../rule.js";

export const pipeFilterNoG: Rule = {
  code: "pipe-filter-no-g",
  severity: "error",
  summary: "A filter that gives mail back by the sendmail command is asked for by pickup too: a loop.",
  why: `What a pipe filter hands to sendmail(1) is taken in by pickup(8). With \`content_filter\` in main.cf pickup asks for the filter like every other service, so the filter gets its own output, again and again. Neither \`-G\` nor any other option of sendmail changes that. After about fifty passes the message is thrown back to its sender:

    postfix/pipe[230]: 561B3: to=<user@example.com>, relay=scan, ... status=sent (delivered via scan service)
    postfix/cleanup[226]: warning: 66A34: message rejected: hopcount exceeded`,
  remedy:
    "Set `content_filter` by `-o` on the smtpd entries that need it, not in main.cf, or set `-o content_filter=` on pickup.",
  wrong: [
    {
      title: "SpamAssassin's client hands over to sendmail",
      text: `-- main.cf --
compatibility_level = 3.6
content_filter = spamassassin
#                ^^^^^^^^^^^^ error
-- master.cf --
smtp inet n - n - - smtpd
pickup unix n - n 60 1 pickup
spamassassin unix - n n - - pipe
  user=debian-spamd argv=/usr/bin/spamc -f -e /usr/sbin/sendmail -oi -f \${sender} \${recipient}`,
    },
    {
      title: "a script, of which nobody knows how it hands mail back",
      text: `-- main.cf --
compatibility_level = 3.6
content_filter = scan:dummy
#                ^^^^^^^^^^ warning
-- master.cf --
smtp inet n - n - - smtpd
pickup unix n - n 60 1 pickup
scan unix - n n - 10 pipe flags=Rq user=filter argv=/usr/local/bin/scan \${sender} \${recipient}`,
    },
  ],
  right: [
    {
      title: "pickup asks for no filter",
      text: `-- main.cf --
compatibility_level = 3.6
content_filter = scan
-- master.cf --
smtp inet n - n - - smtpd
pickup unix n - n 60 1 pickup
  -o content_filter=
scan unix - n n - 10 pipe flags=Rq user=filter argv=/usr/sbin/sendmail -G -i -f \${sender} \${recipient}`,
    },
    {
      title: "only port 25 asks",
      text: `-- main.cf --
compatibility_level = 3.6
-- master.cf --
smtp inet n - n - - smtpd
  -o content_filter=scan
pickup unix n - n 60 1 pickup
scan unix - n n - 10 pipe flags=Rq user=filter argv=/usr/local/bin/scan \${sender} \${recipient}`,
    },
    {
      title: "the script has a port to hand mail back to",
      text: `-- main.cf --
compatibility_level = 3.6
content_filter = scan
-- master.cf --
smtp inet n - n - - smtpd
pickup unix n - n 60 1 pickup
scan unix - n n - 10 pipe flags=Rq user=filter argv=/usr/local/bin/scan \${sender} \${recipient}
127.0.0.1:10026 inet n - n - - smtpd
  -o content_filter=`,
    },
  ],
  check(context) {
    for (const step of context.flow.requests) {
      const { service, target } = step;
      if (service.program !== "pickup" || target.kind !== "program") continue;
      const filter = target.service;
      if (filter.program !== "pipe" || filter.uncertain) continue;
      const sends = callsSendmail(context, filter);
      // What a script does is in the script; a port without a filter is there for something.
      if (!sends && reinjectionCandidates(context).length > 0) continue;
      const how = sends
        ? `${filter.name} hands mail to sendmail(1)`
        : `if ${filter.name} hands mail back by sendmail(1), as such filters do`;
      context.report({
        at: requestPlace(step),
        severity: sends ? "error" : "warning",
        message: `${showRequest(step)} is asked for by pickup too (${context.place(service.nameLocation)}), and ${how}: ${sends ? "its output comes" : "then its output comes"} back to it until the message bounces with "too many hops".`,
        related: [
          { ...filter.nameLocation, message: `${filter.name} runs the filter` },
          { ...service.nameLocation, message: "what sendmail(1) gets is taken in here" },
        ],
        fixes: () => mend(context, step),
      });
    }
  },
};

function callsSendmail(context: RuleContext, { location, entry }: Service): boolean {
  const text = context.text(location.file).slice(entry.range.start, entry.range.end);
  return text.split("\n").some((line) => !/^\s*#/.test(line) && /\bsendmail\b/.test(line));
}

function mend(context: RuleContext, { service, request }: FilterStep): Fix[] {
  const isCheck = request.kind === "checks";
  const name = isCheck ? "receive_override_options" : "content_filter";
  const value = isCheck ? [...overrideOptions(service.environment), "no_header_body_checks"].join(",") : "";
  return [
    {
      title: `Set -o ${name}=${value} on pickup`,
      edits: [setOption(context, service, name, value)],
      preferred: true,
    },
  ];
}
