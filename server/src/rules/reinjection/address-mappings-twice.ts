import { type MailPath, mapsAddresses, type Stage } from "../../flow/paths.js";
import type { Service } from "../../semantics/postfix/services.js";
import type { Rule, RuleContext } from "../rule.js";
import { COPYING, configured, enumerate, mappingPlaces, overrideFix, overridePlace } from "./mappings.js";

const WORD = "no_address_mappings";

export const addressMappingsTwice: Rule = {
  code: "address-mappings-twice",
  severity: "warning",
  summary: "Blind copies are made before the filter and again behind it.",
  why: `Mail that a filter hands back comes into Postfix a second time. Without \`no_address_mappings\` on one of the two sides always_bcc, sender_bcc_maps and recipient_bcc_maps are applied each time, and the archive gets every message twice (observed: aliases are not doubled, copies are). Where only \`smtp inet\` has the word, mail that \`sendmail\` hands in by way of pickup, or users by way of submission, is still doubled. The log shows two deliveries with two queue ids:

    postfix/smtp[125]: 4F2A1: to=<archive@example.com>, ... status=sent
    postfix/smtp[126]: 5B3C2: to=<archive@example.com>, ... status=sent`,
  remedy:
    "Set `receive_override_options = no_address_mappings` on one side: in main.cf, with another value on the reinjection, or on the reinjection alone.",
  wrong: [
    {
      title: "neither side has the word",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
always_bcc = archive@example.com
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
  -o receive_override_options=no_header_body_checks,no_milters
#                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "local mail is not covered",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
recipient_bcc_maps = hash:/etc/postfix/copies
-- master.cf --
smtp inet n - n - - smtpd
  -o receive_override_options=no_address_mappings
pickup unix n - n 60 1 pickup
#^^^^^ warning
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
  ],
  right: [
    {
      title: "the reinjection leaves them out",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
always_bcc = archive@example.com
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
  -o receive_override_options=no_address_mappings
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "aliases that are expanded twice are what they were",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
virtual_alias_maps = hash:/etc/postfix/virtual
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "the first cleanup makes no copies",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
always_bcc = archive@example.com
-- master.cf --
smtp inet n - n - - smtpd
  -o cleanup_service_name=pre-cleanup
pre-cleanup unix n - n - 0 cleanup
  -o always_bcc=
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
  ],
  check(context) {
    const { paths } = context.flow;
    const relied = new Set(paths.filter(leavesToLast).map(({ stages }) => stages.at(-1)?.service));
    const blamed = new Map<Service, { stage: Stage; names: readonly string[]; entries: Set<string> }>();
    for (const path of paths) {
      const names = doubled(path);
      const [first] = path.stages;
      const last = path.stages.at(-1);
      if (names.length === 0 || !first || !last) continue;
      // Another entry leaves the mappings to the reinjection: then this one should, too.
      const stage = relied.has(last.service) ? first : last;
      const known = blamed.get(stage.service);
      if (known) known.entries.add(path.entry.name);
      else blamed.set(stage.service, { stage, names, entries: new Set([path.entry.name]) });
    }
    for (const { stage, names, entries } of blamed.values()) report(context, stage, names, [...entries]);
  },
};

const leavesToLast = ({ stages }: MailPath) =>
  stages.length > 1 && stages[0] !== undefined && mapsAddresses(stages[0]) === false;

/** The copies that two stages of a way make. */
function doubled({ stages }: MailPath): readonly string[] {
  const copies = stages.flatMap((stage) =>
    stage.cleanup && mapsAddresses(stage) === true ? [configured(stage.cleanup, COPYING)] : [],
  );
  return COPYING.filter((name) => copies.filter((made) => made.includes(name)).length > 1);
}

function report(
  context: RuleContext,
  stage: Stage,
  names: readonly string[],
  entries: readonly string[],
): void {
  const { service, cleanup, back } = stage;
  const where = back
    ? `behind the filter, at ${service.name}, after ${enumerate(entries)} made ${names.length === 1 ? "it" : "them"}`
    : `at ${service.name} and again behind the filter, which the other entries leave to that side`;
  context.report({
    at: overridePlace(stage),
    message: `The copies of ${enumerate(names)} are made ${where}: they are delivered twice. ${service.name} lacks ${WORD} in receive_override_options.`,
    related: cleanup ? mappingPlaces(cleanup, names) : [],
    fixes: () => overrideFix(context, stage, WORD, true),
  });
}
