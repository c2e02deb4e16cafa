import { programFacts } from "../../knowledge/services.js";
import type { Location } from "../../semantics/located.js";
import type { Service } from "../../semantics/postfix/services.js";
import { showEndpoint } from "../../system/listeners.js";
import { replace, setOption } from "../edits.js";
import type { Fix } from "../finding.js";
import { forwardPlace } from "../flow/places.js";
import type { Rule, RuleContext } from "../rule.js";

export const reinjectionNotSmtpd: Rule = {
  code: "reinjection-not-smtpd",
  severity: "error",
  summary: "The filter hands mail back to a program of Postfix that takes no SMTP.",
  why: `Only smtpd speaks SMTP to whoever connects (and postscreen, which lets smtpd go on). Another program on that port gives no greeting: smtp, the client, waits for a request of the queue manager, qmqpd for another protocol; cleanup and pickup stop because of their process limit. Mail is deferred or stuck in the active queue:

    status=deferred (host 127.0.0.1[127.0.0.1] said: 451 4.5.0 ... Temporary MTA failure on relaying, From MTA() during fwd-connect (No greeting, dt: 1.024 s))`,
  remedy: "Write `smtpd` as the command of the entry: `smtp` is the client.",
  wrong: [
    {
      title: "the client instead of the server",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtp
#                              ^^^^ error
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
  ],
  right: [
    {
      title: "smtpd, and a program that is not Postfix's own",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
127.0.0.1:10027 inet n n n - - spawn
  user=nobody argv=/usr/local/bin/smtp-proxy
-- amavisd.conf --
$inet_socket_port = [10024, 10026];
$interface_policy{'10026'} = 'SECOND';
$policy_bank{'SECOND'} = { forward_method => 'smtp:[127.0.0.1]:10027' };`,
    },
  ],
  check(context) {
    const seen = new Set<Service>();
    for (const step of context.flow.forwards) {
      if (step.target.kind !== "postfix") continue;
      const { endpoint, sockets } = step.target;
      for (const { service } of sockets) {
        if (seen.has(service) || service.uncertain || TAKES_SMTP.has(service.program)) continue;
        seen.add(service);
        // A program that is not known may be anything; one that does not exist is unknown-command's.
        if (!programFacts(service.program)) continue;
        const { command } = service.entry.columns;
        const at = command ? { file: service.location.file, range: command.range } : service.nameLocation;
        const from = forwardPlace(step);
        context.report({
          at,
          message: `amavisd hands ${step.role === "notify" ? "its notices" : "mail back"} to ${showEndpoint(endpoint.address, endpoint.port)}, but ${service.name} runs ${service.program}, which takes no SMTP: no greeting comes, and mail is deferred or stuck.`,
          related: from ? [{ ...from, message: "amavisd hands mail over by this method" }] : [],
          fixes: () => (command ? mend(context, service, at) : []),
        });
      }
    }
  },
};

/** An smtpd asks for the filter of main.cf, which the program before did not read. */
function mend(context: RuleContext, service: Service, command: Location): Fix[] {
  const edits = [replace(command, "smtpd")];
  const filter = service.environment.value("content_filter");
  if (filter.text !== "" && filter.unknown === undefined)
    edits.push(setOption(context, service, "content_filter", ""));
  const [first, second] = edits;
  const joined =
    first && second && second.range.start === first.range.end
      ? [{ ...first, newText: first.newText + second.newText }]
      : edits;
  return [{ title: `Run smtpd${second ? " without a filter" : ""}`, edits: joined, preferred: true }];
}

/** spawn(8) runs a program of its own that may speak SMTP. */
const TAKES_SMTP: ReadonlySet<string> = new Set(["smtpd", "postscreen", "spawn"]);
