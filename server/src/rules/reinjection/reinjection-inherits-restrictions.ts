import { type Reached, restrictionsReached } from "../../flow/reached.js";
import type { WayBack } from "../../flow/returns.js";
import type { Service } from "../../semantics/postfix/services.js";
import { isPublicEntry, isReachable } from "../../system/entries.js";
import { trusts } from "../../system/feeds.js";
import { addOption, setOptions, showOptions } from "../edits.js";
import type { Fix } from "../finding.js";
import type { Rule, RuleContext } from "../rule.js";
import { enumerate } from "./mappings.js";
import { smtpdWays } from "./ways.js";

export const reinjectionInheritsRestrictions: Rule = {
  code: "reinjection-inherits-restrictions",
  severity: "warning",
  summary: "The checks of port 25 are made again on mail that the filter hands back.",
  why: `Restriction lists that the service does not set itself are those of main.cf. Asked again, they look at the filter instead of the client: DNS lists are asked about 127.0.0.1, a greylist makes the filter wait, a check of the HELO name sees \`localhost\`. What they refuse has been accepted before and becomes a bounce, or waits in the queue:

    postfix/smtpd[124]: NOQUEUE: reject: RCPT from localhost[127.0.0.1]: 450 4.2.0 <user@example.com>: Recipient address rejected: Greylisted

Lists that begin with \`permit_mynetworks\` do no harm as long as mynetworks holds the filter (information): whoever takes 127.0.0.0/8 out of main.cf stops outbound mail.`,
  remedy:
    "Give the service lists of its own: `-o smtpd_client_restrictions=permit_mynetworks,reject`, `-o smtpd_recipient_restrictions=permit_mynetworks,reject`, the helo and sender restrictions empty, and `-o mynetworks=127.0.0.0/8,[::1]/128`.",
  wrong: [
    {
      title: "a policy service and a DNS list are asked again",
      text: `-- main.cf --
mynetworks = 127.0.0.0/8
content_filter = smtp-amavis:[127.0.0.1]:10024
smtpd_client_restrictions = reject_rbl_client zen.example.org
smtpd_recipient_restrictions = reject_unauth_destination, check_policy_service inet:127.0.0.1:10023
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
#^^^^^^^^^^^^^^ warning
  -o content_filter=
  -o smtpd_recipient_restrictions=permit_mynetworks,reject
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "it works because main.cf trusts the filter",
      text: `-- main.cf --
mynetworks = 127.0.0.0/8
content_filter = smtp-amavis:[127.0.0.1]:10024
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
#^^^^^^^^^^^^^^ information
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
  ],
  right: [
    {
      title: "lists of its own",
      text: `-- main.cf --
mynetworks = 127.0.0.0/8
content_filter = smtp-amavis:[127.0.0.1]:10024
smtpd_recipient_restrictions = permit_mynetworks, reject_unauth_destination, check_policy_service inet:127.0.0.1:10023
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
  -o smtpd_client_restrictions=permit_mynetworks,reject
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "the filter is let pass before the checks",
      text: `-- main.cf --
mynetworks = 127.0.0.0/8
content_filter = smtp-amavis:[127.0.0.1]:10024
smtpd_helo_restrictions = permit_mynetworks, reject_unknown_helo_hostname
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
  -o mynetworks=127.0.0.0/8
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
  ],
  check(context) {
    for (const way of smtpdWays(context)) {
      const { service, client, forward } = way;
      // What comes back to port 25 meets everything that is there (forward-to-25).
      if (client === undefined || isPublicEntry(context.system, service)) continue;
      const again = askedAgain(service, client, forward !== undefined);
      if (again.length > 0) reportChecks(context, way, client, again);
      // A port that strangers reach is the greater worry (unfiltered-entry).
      else if (forward && !isReachable(context.system, service) && inheritsTrust(service, client))
        reportTrust(context, way, client);
    }
  },
};

/** Checks of the client, of its name, and those that another program answers. Those of sender and recipient come to the same as before. */
const ABOUT_CLIENT =
  /^(?:reject_(?:rbl_client|rhsbl_client|rhsbl_reverse_client|rhsbl_helo|unknown_(?:reverse_)?client_hostname|unknown_helo_hostname|invalid_helo_hostname|non_fqdn_helo_hostname|unknown_client|unknown_hostname|invalid_hostname|non_fqdn_hostname|maps_rbl|unverified_sender|unverified_recipient|(?:unauthenticated_)?sender_login_mismatch)|check_policy_service)$/;

function askedAgain(service: Service, client: string, known: boolean): Reached[] {
  const { environment } = service;
  return restrictionsReached(environment, client).filter(({ restriction, gate }) => {
    if (restriction.warnOnly || restriction.fault !== undefined) return false;
    // What amavisd's name has to be is known: it passes, or reinjection-rejects-filter says so.
    if (known && restriction.name.startsWith("reject_non_fqdn_")) return false;
    if (environment.definition(gate)?.source !== "main" || !ABOUT_CLIENT.test(restriction.name)) return false;
    const needsLogin = restriction.name.endsWith("sender_login_mismatch");
    return !needsLogin || environment.value("smtpd_sender_login_maps").text !== "";
  });
}

function reportChecks(
  context: RuleContext,
  { service }: WayBack,
  client: string,
  again: readonly Reached[],
): void {
  const names = [...new Set(again.map(({ restriction }) => restriction.item.text))];
  context.report({
    at: service.nameLocation,
    message: `${service.name} takes mail back from the filter and inherits ${enumerate(names)} from main.cf, which ${names.length === 1 ? "is" : "are"} asked about the filter at ${client}: what is refused there was accepted before, and bounces or waits.`,
    related: again.flatMap(({ at, gate }) => (at ? [{ ...at, message: `asked again, in ${gate}` }] : [])),
    fixes: () => cut(context, service, [...new Set(again.map(({ gate }) => gate))]),
  });
}

/** Lists whose end decides whether smtpd runs at all keep a guard. */
const GUARDS: ReadonlySet<string> = new Set(["smtpd_relay_restrictions", "smtpd_recipient_restrictions"]);

function cut(context: RuleContext, service: Service, gates: readonly string[]): Fix[] {
  const options = gates.map((gate) => [gate, GUARDS.has(gate) ? "permit_mynetworks,reject" : ""] as const);
  if (options.length === 0) return [];
  return [
    {
      title: `Give ${service.name} ${showOptions(options)}`,
      edits: setOptions(context, service, options),
      preferred: true,
    },
  ];
}

const OWN_LISTS = [
  "mynetworks",
  "smtpd_client_restrictions",
  "smtpd_relay_restrictions",
  "smtpd_recipient_restrictions",
] as const;

/** Whether the filter may hand mail back only because main.cf trusts it. */
function inheritsTrust({ environment }: Service, client: string): boolean {
  return (
    OWN_LISTS.every((name) => environment.definition(name)?.source !== "option") &&
    environment.definition("mynetworks")?.source === "main" &&
    trusts(environment, client) === true
  );
}

function reportTrust(context: RuleContext, { service }: WayBack, client: string): void {
  const networks = service.environment.definition("mynetworks")?.origin;
  context.report({
    at: service.nameLocation,
    severity: "information",
    message: `${service.name} has no restrictions of its own: the filter at ${client} may hand mail back only as long as mynetworks of main.cf contains it.`,
    related: networks ? [{ ...networks, message: "mynetworks of main.cf" }] : [],
    fixes: () => [
      {
        title: `Give ${service.name} -o mynetworks=127.0.0.0/8,[::1]/128`,
        edits: [addOption(context, service, "mynetworks", "127.0.0.0/8,[::1]/128")],
        preferred: true,
      },
    ],
  });
}
