import type { Service } from "../../semantics/postfix/services.js";
import { type SkippedAction, skippedFilterActions } from "../../system/feeds.js";
import { setOption } from "../edits.js";
import type { Fix } from "../finding.js";
import type { Rule, RuleContext } from "../rule.js";

export const filterActionSkipped: Rule = {
  code: "filter-action-skipped",
  severity: "error",
  summary: "A FILTER action stands where smtpd skips it.",
  why: `With \`smtpd_delay_reject = no\` the client and helo restrictions are asked before there is a message that a filter could be noted for. The action is passed over, and only the log tells:

    postfix/smtpd[124]: warning: access table static:{FILTER smtp-amavis:[127.0.0.1]:10024}: with smtpd_delay_reject=no, action FILTER is always skipped in Client host or Helo command restrictions

At an entry that has no other filter, mail is delivered unfiltered (error). A service that takes mail back from the filter is better off so: without the skipping, mail would go round (information).`,
  remedy:
    "Leave `smtpd_delay_reject` at yes where the filter is wanted, or move the table into the sender or recipient restrictions. Where it is not wanted, give the service empty client and helo restrictions.",
  wrong: [
    {
      title: "no mail is filtered",
      text: `-- main.cf --
smtpd_delay_reject = no
smtpd_client_restrictions = check_client_access static:{FILTER smtp-amavis:[127.0.0.1]:10024}
#                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o smtpd_client_restrictions=permit_mynetworks,reject
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "the reinjection inherits the action, and is lucky",
      text: `-- main.cf --
mynetworks = 127.0.0.0/8
smtpd_client_restrictions = check_client_access static:{FILTER smtp-amavis:[127.0.0.1]:10024}
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
#^^^^^^^^^^^^^^ information
  -o content_filter=
  -o smtpd_delay_reject=no
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "another filter is there, but not this one",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
smtpd_delay_reject = no
smtpd_helo_restrictions = check_helo_access static:{FILTER smtp-amavis:[127.0.0.1]:10026}
#                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
  -o smtpd_helo_restrictions=
-- amavisd.conf --
$inet_socket_port = [10024, 10026];`,
    },
  ],
  right: [
    {
      title: "rejections wait for the recipient, as they do by default",
      text: `-- main.cf --
smtpd_client_restrictions = check_client_access static:{FILTER smtp-amavis:[127.0.0.1]:10024}
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o smtpd_client_restrictions=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "the sender is known",
      text: `-- main.cf --
smtpd_delay_reject = no
smtpd_sender_restrictions = check_client_access static:{FILTER smtp-amavis:[127.0.0.1]:10024}
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o smtpd_sender_restrictions=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
  ],
  check(context) {
    const { system, flow } = context;
    const back = new Map(flow.waysBack.map(({ service, client }) => [service, client]));
    for (const service of system.services) {
      if (service.program !== "smtpd" || service.overriddenBy || service.uncertain) continue;
      const client = back.has(service) ? (back.get(service) ?? "any") : "any";
      const [skipped] = skippedFilterActions(service.environment, system.tables, client);
      if (!skipped) continue;
      if (back.has(service)) reportBack(context, service, skipped);
      else reportEntry(context, service, skipped);
    }
  },
};

const LOG = "with smtpd_delay_reject=no, action FILTER is always skipped";

function reportEntry({ system, flow, report }: RuleContext, service: Service, skipped: SkippedAction): void {
  const unfiltered = flow.requestsOf(service, "any").length === 0;
  const delay = service.environment.definition("smtpd_delay_reject")?.origin;
  // Where a table of other actions stands, nobody can tell whether all mail was meant.
  const always = unfiltered && system.source.complete;
  report({
    at: skipped.location ?? service.nameLocation,
    severity: always ? "error" : "warning",
    message: `${service.name} never carries out FILTER ${skipped.text} in ${skipped.parameter}: "${LOG}"${unfiltered ? ", so that its mail is delivered unfiltered" : ""}.`,
    related: [
      { ...service.nameLocation, message: `${service.name} skips it` },
      ...(delay ? [{ ...delay, message: "smtpd_delay_reject is off" }] : []),
    ],
    fixes: () =>
      delay ? [{ title: "Set smtpd_delay_reject to yes", edits: [{ ...delay, newText: "yes" }] }] : [],
  });
}

function reportBack(
  context: RuleContext,
  service: Service,
  { text, parameter, location }: SkippedAction,
): void {
  const edit = (): Fix[] => [
    {
      title: `Give ${service.name} -o ${parameter}=`,
      edits: [setOption(context, service, parameter, "")],
      preferred: true,
    },
  ];
  context.report({
    at: service.nameLocation,
    severity: "information",
    message: `${service.name}, which takes mail back from the filter, comes to FILTER ${text} in ${parameter} and skips it with a warning ("${LOG}"): without smtpd_delay_reject=no, mail would go round in circles.`,
    related: location ? [{ ...location, message: "the action" }] : [],
    fixes: edit,
  });
}
