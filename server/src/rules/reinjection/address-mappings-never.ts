import { type MailPath, mapsAddresses, type Stage } from "../../flow/paths.js";
import { mayAskForMore } from "../../flow/unread.js";
import type { Service } from "../../semantics/postfix/services.js";
import type { Rule, RuleContext } from "../rule.js";
import { configuredMappings, enumerate, mappingPlaces, overrideFix, overridePlace } from "./mappings.js";

const WORD = "no_address_mappings";

export const addressMappingsNever: Rule = {
  code: "address-mappings-never",
  severity: "error",
  summary: "Aliases and blind copies are configured, but no stage on the way of mail makes them.",
  why: `\`no_address_mappings\` in receive_override_options leaves out virtual aliases, canonical addresses, masquerading and blind copies. With a filter, one side shall have it: the entry or the service that takes mail back. If both have it, often because the reinjection inherits receive_override_options from main.cf, an alias is never expanded and no copy is sent. Mail for the alias bounces or goes to a mailbox that nobody reads, and no line in the log says that a table was left out:

    status=bounced (unknown user: "list")`,
  remedy:
    "Give the service that takes mail back `receive_override_options` of its own, without `no_address_mappings`; or take the word out of main.cf and leave it on the reinjection.",
  wrong: [
    {
      title: "the word is on both sides",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
receive_override_options = no_address_mappings
virtual_alias_maps = hash:/etc/postfix/virtual
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
  -o receive_override_options=no_header_body_checks,no_address_mappings
#                                                   ^^^^^^^^^^^^^^^^^^^ error
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "the reinjection inherits it",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
receive_override_options = no_address_mappings
always_bcc = archive@example.com
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
      title: "an entry without a filter inherits it",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
receive_override_options = no_address_mappings
virtual_alias_maps = hash:/etc/postfix/virtual
-- master.cf --
smtp inet n - n - - smtpd
submission inet n - n - - smtpd
#^^^^^^^^^ error
  -o content_filter=
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
  -o receive_override_options=no_header_body_checks
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "addresses stay as they came",
      text: `-- main.cf --
receive_override_options = no_address_mappings
canonical_maps = hash:/etc/postfix/canonical
-- master.cf --
smtp inet n - n - - smtpd
#^^^ warning`,
    },
    {
      title: "the filter is on another host",
      text: `-- main.cf --
content_filter = smtp-amavis:[10.1.2.3]:10024
receive_override_options = no_address_mappings
virtual_alias_maps = hash:/etc/postfix/virtual
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
#^^^^^^^^^^^^^^ warning
  -o content_filter=`,
    },
  ],
  right: [
    {
      title: "the reinjection maps",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
receive_override_options = no_address_mappings
virtual_alias_maps = hash:/etc/postfix/virtual
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
  -o receive_override_options=no_header_body_checks,no_unknown_recipient_checks
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "the entry maps",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
virtual_alias_maps = hash:/etc/postfix/virtual
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
      title: "a proxy filter stands before the queue, so only the second service maps",
      text: `-- main.cf --
virtual_alias_maps = hash:/etc/postfix/virtual
-- master.cf --
smtp inet n - n - - smtpd
  -o smtpd_proxy_filter=127.0.0.1:10024
  -o receive_override_options=no_address_mappings
127.0.0.1:10025 inet n - n - - smtpd
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "there is nothing to map",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
receive_override_options = no_address_mappings
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
  ],
  check(context) {
    const { paths } = context.flow;
    const relied = new Set(paths.filter(isMapped).map(({ stages }) => stages.at(-1)?.service));
    const blamed = new Map<Service, { stage: Stage; paths: MailPath[] }>();
    for (const path of paths) {
      if (!isNever(path)) continue;
      const [first] = path.stages;
      const last = path.stages.at(-1);
      if (!first || !last) continue;
      // What other entries rely on is right: then the entry is to blame.
      const stage = relied.has(last.service) ? first : last;
      const known = blamed.get(stage.service);
      if (known) known.paths.push(path);
      else blamed.set(stage.service, { stage, paths: [path] });
    }
    for (const { stage, paths: never } of blamed.values()) report(context, stage, never);
  },
};

const isNever = ({ stages }: MailPath) => stages.every((stage) => mapsAddresses(stage) === false);
const isMapped = ({ stages }: MailPath) => stages.some((stage) => mapsAddresses(stage) === true);

function report(context: RuleContext, stage: Stage, paths: readonly MailPath[]): void {
  const { cleanup } = stage;
  if (!cleanup) return;
  const { delivering, rewriting } = configuredMappings(cleanup);
  const names = [...delivering, ...rewriting];
  if (names.length === 0) return;
  const entries = [...new Set(paths.map(({ entry }) => entry))];
  const through = entries.filter((entry) => entry !== stage.service).map(({ name }) => name);
  const loss = delivering.some((name) => name === "virtual_alias_maps")
    ? "aliases are not expanded"
    : delivering.length > 0
      ? "no blind copy is sent"
      : "addresses are left as they came";
  const certain = paths.some(
    (path) => !path.presumed && !path.stages.slice(-1).some((last) => mayAskForMore(context.system, last)),
  );
  const inherits = stage.service.environment.definition("receive_override_options")?.source !== "option";
  context.report({
    at: overridePlace(stage, WORD),
    severity: delivering.length > 0 && certain ? "error" : "warning",
    message: `${stage.service.name} ${inherits ? "inherits" : "has"} ${WORD}${through.length > 0 ? `, and mail that comes from ${enumerate(through)} by way of the filter is not mapped there either` : " and no other service comes after it"}: no stage makes what ${enumerate(names)} say${names.length === 1 ? "s" : ""}, and ${loss}.`,
    related: [
      ...paths.flatMap(({ stages }) =>
        stages
          .filter(({ service }) => service !== stage.service)
          .map(({ service, cleanup: queued }) => ({
            ...service.nameLocation,
            message: queued
              ? `${service.name} has ${WORD}, too`
              : `${service.name} hands mail to the proxy filter, past every mapping`,
          })),
      ),
      ...mappingPlaces(cleanup, names),
    ],
    fixes: () => overrideFix(context, stage, WORD, false),
  });
}
