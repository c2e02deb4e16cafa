import { type Admission, admission } from "../../flow/admission.js";
import { restrictionsReached } from "../../flow/reached.js";
import type { WayBack } from "../../flow/returns.js";
import type { Location } from "../../semantics/located.js";
import { restrictionList } from "../../semantics/postfix/lists/restrictions.js";
import type { Service } from "../../semantics/postfix/services.js";
import { trusts } from "../../system/feeds.js";
import { type TableLookup, tableLookup } from "../../system/lookup.js";
import { setOptions, showOptions } from "../edits.js";
import type { Fix, RelatedPlace } from "../finding.js";
import { forwardPlace } from "../flow/places.js";
import type { Rule, RuleContext } from "../rule.js";
import { smtpdWays } from "./ways.js";

export const reinjectionRejectsFilter: Rule = {
  code: "reinjection-rejects-filter",
  severity: "error",
  summary: "The service that takes mail back refuses the filter.",
  why: `To Postfix the filter is a client like any other: its address is looked up in the \`mynetworks\` of that service, its name is checked. Where it is not trusted, outbound mail, and each alias that leads outside, bounces although it was accepted:

    status=bounced (host 127.0.0.1[127.0.0.1] said: 554 5.7.1 ... 554 5.7.1 <someone@elsewhere.example>: Relay access denied)

Where the client restrictions end in \`reject\`, nothing comes back at all, and mail waits in the queue:

    NOQUEUE: reject: CONNECT from localhost[::1]: 554 5.7.1 <localhost[::1]>: Client host rejected: Access denied

amavisd names itself \`localhost\` unless \`$localhost_name\` says otherwise, and reject_non_fqdn_helo_hostname does not take that: mail is deferred with "504 5.5.2 <localhost>: Helo command rejected: need fully-qualified hostname". A filter that is reached at [::1] comes from ::1, which 127.0.0.0/8 does not contain.`,
  remedy:
    "Give the service `-o mynetworks=127.0.0.0/8,[::1]/128` and restriction lists of its own that begin with `permit_mynetworks`.",
  wrong: [
    {
      title: "mynetworks holds the clients, but not the filter",
      text: `-- main.cf --
mynetworks = 10.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
#^^^^^^^^^^^^^^ error
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "the filter comes from ::1",
      text: `-- main.cf --
compatibility_level = 3.6
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
[::1]:10025 inet n - n - - smtpd
  -o content_filter=
  -o smtpd_client_restrictions=permit_mynetworks,reject
  -o mynetworks=127.0.0.0/8
#               ^^^^^^^^^^^ error
-- amavisd.conf --
$inet_socket_port = 10024;
$forward_method = $notify_method = 'smtp:localhost:10025';`,
    },
    {
      title: "only users with a password may come",
      text: `-- main.cf --
compatibility_level = 3.6
mynetworks = 127.0.0.0/8
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
#                                                        ^^^^^^ error
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "the filter's name has no dot",
      text: `-- main.cf --
compatibility_level = 3.6
mynetworks = 127.0.0.0/8
smtpd_helo_restrictions = reject_non_fqdn_helo_hostname
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
#^^^^^^^^^^^^^^ error
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
  ],
  right: [
    {
      title: "the service trusts the filter",
      text: `-- main.cf --
mynetworks = 10.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
smtpd_helo_restrictions = permit_mynetworks, reject_non_fqdn_helo_hostname
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
  -o mynetworks=127.0.0.0/8
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "nobody relays, so nothing goes out by way of the filter",
      text: `-- main.cf --
mynetworks =
smtpd_relay_restrictions = reject_unauth_destination
relay_domains = example.com
-- master.cf --
smtp inet n - n - - smtpd
  -o content_filter=smtp-amavis:[127.0.0.1]:10024
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "a table that is not here may let it in, and amavisd has a full name",
      text: `-- main.cf --
compatibility_level = 3.6
mynetworks = 10.0.0.0/8
content_filter = smtp-amavis:[127.0.0.1]:10024
smtpd_helo_restrictions = reject_non_fqdn_helo_hostname
smtpd_client_restrictions = check_client_access cidr:/etc/postfix/trusted, reject
smtpd_relay_restrictions = check_client_access cidr:/etc/postfix/trusted, reject_unauth_destination
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;
$localhost_name = 'mx.example.com';`,
    },
  ],
  check(context) {
    const { system, flow } = context;
    if (flow.waysBack.length === 0) return;
    const lookup = tableLookup(system.source.tables);
    for (const way of smtpdWays(context)) {
      if (way.client === undefined) continue;
      const refusal = refuse(context, way, way.client, lookup);
      if (refusal) report(context, way, way.client, refusal);
    }
  },
};

interface Refusal {
  readonly gate: string;
  readonly what: string;
  readonly log: string;
  readonly at: Location | undefined;
  /** True when being one of mynetworks would help. */
  readonly byNetwork: boolean;
}

const SENDER = { local: "sender", domain: "outside.invalid" };

function refuse(
  context: RuleContext,
  way: WayBack,
  client: string,
  lookup: TableLookup,
): Refusal | undefined {
  const { environment } = way.service;
  const ask = (recipient: { local: string; domain: string }) =>
    admission(environment, lookup, { client, sender: SENDER, recipient, elsewhere: true });
  const refused = ({ outcome, certain }: Admission) => outcome === "rejected" && certain;
  const inbound = ask({ local: "user", domain: "" });
  if (refused(inbound)) return fromAdmission(way, inbound, "every message", inbound.text);
  const helo = refusedName(context, way, client);
  if (helo) return helo;
  const outbound = ask({ local: "someone", domain: "elsewhere.invalid" });
  if (refused(outbound) && carriesOutbound(context, way))
    return fromAdmission(way, outbound, "what goes to other hosts", outbound.text);
  return undefined;
}

function fromAdmission(
  { service }: WayBack,
  { because, gate }: Admission,
  what: string,
  log: string,
): Refusal {
  const list = gate === undefined ? undefined : restrictionList(service.environment, gate);
  const byNetwork = list?.items.some(({ name }) => name === "permit_mynetworks") ?? false;
  return { gate: gate ?? "", what, log, at: because[0], byNetwork };
}

/** amavisd says "HELO localhost" unless it is told otherwise. */
function refusedName(
  { system }: RuleContext,
  { service, forward }: WayBack,
  client: string,
): Refusal | undefined {
  if (!forward || system.amavis?.open) return undefined;
  const name = system.amavis?.value("$localhost_name");
  if (name && name.origins.length > 0) return undefined;
  const found = restrictionsReached(service.environment, client).find(
    ({ restriction }) => NEEDS_FULL_NAME.has(restriction.name) && !restriction.warnOnly,
  );
  if (!found) return undefined;
  const log = "504 5.5.2 <localhost>: Helo command rejected: need fully-qualified hostname";
  return { gate: found.gate, what: "every message", log, at: found.at, byNetwork: false };
}
const NEEDS_FULL_NAME: ReadonlySet<string> = new Set([
  "reject_non_fqdn_helo_hostname",
  "reject_non_fqdn_hostname",
]);

/** Whether mail for other hosts comes to the service by way of the filter: somebody who feeds it may relay. */
function carriesOutbound({ flow }: RuleContext, { service }: WayBack): boolean {
  return flow.paths.some(
    ({ entry, stages }) => stages.some((stage) => stage.service === service) && mayRelay(entry),
  );
}

function mayRelay({ program, environment }: Service): boolean {
  if (program !== "smtpd") return true;
  return ["smtpd_relay_restrictions", "smtpd_recipient_restrictions"].some((name) =>
    restrictionList(environment, name).items.some(
      (restriction) =>
        /^permit(?!_auth_destination)/.test(restriction.name) &&
        (restriction.name !== "permit_mynetworks" || environment.value("mynetworks").text.trim() !== ""),
    ),
  );
}

function report(context: RuleContext, way: WayBack, client: string, refusal: Refusal): void {
  const { service, forward } = way;
  const networks = service.environment.definition("mynetworks");
  const ownList = service.environment.definition(refusal.gate)?.source === "option";
  const blame = refusal.byNetwork ? networks?.source === "option" && networks.origin : ownList && refusal.at;
  const from = forward && forwardPlace(forward);
  const related: RelatedPlace[] = [];
  if (refusal.at) related.push({ ...refusal.at, message: `${refusal.gate} refuses it here` });
  if (refusal.byNetwork && networks?.origin)
    related.push({ ...networks.origin, message: `mynetworks does not contain ${client}` });
  if (from) related.push({ ...from, message: "the filter hands mail back by this method" });
  const why = refusal.byNetwork
    ? `, which is not in its mynetworks (${networks?.raw.trim() || "empty"})`
    : "";
  context.report({
    at: blame || service.nameLocation,
    severity: forward ? "error" : "warning",
    message: `The filter comes to ${service.name} from ${client}${why}, and ${refusal.gate} refuses ${refusal.what}: "${refusal.log}", and ${fate(service, refusal)}.`,
    related,
    fixes: () => mend(way, client, refusal, context),
  });
}

/** What is refused before a recipient is named fails for the time being; a refused recipient is final. */
function fate({ environment }: Service, { gate, log }: Refusal): string {
  const early = gate === "smtpd_client_restrictions" || gate === "smtpd_helo_restrictions";
  const atOnce = early && /^no$/i.test(environment.value("smtpd_delay_reject").text);
  return atOnce || log.startsWith("4") ? "mail stays in the queue" : "mail that was accepted bounces";
}

function mend({ service }: WayBack, client: string, refusal: Refusal, context: RuleContext): Fix[] {
  const names: [string, string][] = [];
  if (trusts(service.environment, client) !== true) names.push(["mynetworks", networksWith(service, client)]);
  if (!refusal.byNetwork)
    names.push([refusal.gate, NEEDS_END.has(refusal.gate) ? "permit_mynetworks,reject" : ""]);
  if (names.length === 0) return [];
  const edits = setOptions(context, service, names);
  return [{ title: `Give ${service.name} ${showOptions(names)}`, edits, preferred: refusal.byNetwork }];
}
const NEEDS_END: ReadonlySet<string> = new Set([
  "smtpd_client_restrictions",
  "smtpd_relay_restrictions",
  "smtpd_recipient_restrictions",
]);

/** What the service's own mynetworks holds, and the filter's address. */
function networksWith({ environment }: Service, client: string): string {
  const loopback = client === "::1" ? "[::1]/128" : client.startsWith("127.") ? "127.0.0.0/8" : undefined;
  const network = loopback ?? (client.includes(":") ? `[${client}]/128` : `${client}/32`);
  const own = environment.definition("mynetworks");
  if (own?.source === "option" && own.raw.trim() !== "") return `${own.raw.trim()},${network}`;
  return loopback ? "127.0.0.0/8,[::1]/128" : `127.0.0.0/8,[::1]/128,${network}`;
}
