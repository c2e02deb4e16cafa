import type { Location } from "../../semantics/located.js";
import { argumentFaults } from "../../semantics/postfix/arguments.js";
import { listItems } from "../../semantics/postfix/lists/items.js";
import { hasRelayGuard } from "../../semantics/postfix/lists/restrictions.js";
import type { Definition, Environment } from "../../semantics/postfix/parameters.js";
import type { Service } from "../../semantics/postfix/services.js";
import { hasPlaceholder } from "../../syntax/postfix/words.js";
import { isPublicEntry } from "../../system/entries.js";
import type { Fix } from "../finding.js";
import type { Rule, RuleContext } from "../rule.js";
import { smtpdServices } from "./settings.js";

const RELAY = "smtpd_relay_restrictions";
const RECIPIENT = "smtpd_recipient_restrictions";

export const noRejectRestriction: Rule = {
  code: "no-reject-restriction",
  severity: "error",
  summary: "Nothing in the relay and recipient restrictions stops strangers, so smtpd refuses to run.",
  why: `smtpd does not become an open relay by accident: it looks for one word of a short list in smtpd_relay_restrictions and smtpd_recipient_restrictions together, and without one it stops. Postfix starts, the port is open, and each connection hangs:

    postfix/smtpd[124]: fatal: in parameter smtpd_relay_restrictions or smtpd_recipient_restrictions, specify at least one working instance of: reject_unauth_destination, defer_unauth_destination, reject, defer, defer_if_permit or check_relay_domains
    postfix/master[101]: warning: /usr/lib/postfix/sbin/smtpd: bad command startup -- throttling

What stands behind \`permit\` does not count, nor does the word behind \`warn_if_reject\` or what a table may return; restriction classes are searched. With a compatibility_level below 1, or none, smtpd_relay_restrictions is empty unless it is set.`,
  remedy:
    "End one of the two lists with `reject_unauth_destination`, or with `reject` for a service that only a filter or users with a password may use.",
  wrong: [
    {
      title: "a reinjection service with both lists empty",
      text: `-- main.cf --
compatibility_level = 3.6
-- master.cf --
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
  -o smtpd_relay_restrictions=
  -o smtpd_recipient_restrictions=permit
#                                 ^^^^^^ error`,
    },
    {
      title: "reject behind permit does not count",
      text: `-- main.cf --
compatibility_level = 3.6
-- master.cf --
10025 inet n - n - - smtpd
  -o smtpd_relay_restrictions=permit,reject
#                             ^^^^^^^^^^^^^ error
  -o smtpd_recipient_restrictions=permit_mynetworks`,
    },
    {
      title: "no compatibility level, so the relay restrictions are empty",
      text: `-- main.cf --
smtpd_recipient_restrictions = permit_mynetworks, warn_if_reject reject_unauth_destination
#                              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error
-- master.cf --
smtp inet n - n - - smtpd`,
    },
  ],
  right: [
    {
      title: "one guard in one list is enough, also in a class",
      text: `-- main.cf --
compatibility_level = 3.6
smtpd_recipient_restrictions = permit_mynetworks
smtpd_restriction_classes = guarded
guarded = reject_unauth_destination
-- master.cf --
smtp inet n - n - - smtpd
127.0.0.1:10025 inet n - n - - smtpd
  -o smtpd_relay_restrictions=
  -o smtpd_recipient_restrictions=permit_mynetworks,reject
127.0.0.1:10026 inet n - n - - smtpd
  -o smtpd_relay_restrictions=guarded`,
    },
    {
      title: "a part that nobody knows here",
      text: `-- main.cf --
smtpd_relay_restrictions =
smtpd_recipient_restrictions = permit_mynetworks, {{ more_restrictions }}
-- master.cf --
smtp inet n - n - - smtpd`,
    },
  ],
  check(context) {
    const found = new Map<
      string,
      { at: Location; definition: Definition | undefined; services: Service[] }
    >();
    for (const service of smtpdServices(context.system)) {
      const { environment } = service;
      if (hasRelayGuard(environment, RELAY) !== "no" || hasRelayGuard(environment, RECIPIENT) !== "no")
        continue;
      if (isFragment(environment) || diesAnyway(context, service)) continue;
      const definition = decisive(environment);
      const at = definition?.origin ?? service.nameLocation;
      const key = `${at.file}:${at.range.start}`;
      const known = found.get(key);
      if (known) known.services.push(service);
      else found.set(key, { at: place(context, definition, at), definition, services: [service] });
    }
    for (const { at, definition, services } of found.values()) {
      const names = services.map(({ name }) => name).join(", ");
      const empty = definition === undefined || definition.raw.trim() === "";
      context.report({
        at,
        message: `No word in ${RELAY} and ${RECIPIENT} of ${names} stops strangers${empty ? "" : " for certain"}: smtpd stops at its first connection with "specify at least one working instance of: reject_unauth_destination ...", the port is open and no mail gets in.`,
        related: services.map((service) => ({
          ...service.nameLocation,
          message: `${service.name} runs smtpd`,
        })),
        fixes: () =>
          mend(
            definition,
            services.every((service) => isForFilter(context, service)),
          ),
      });
    }
  },
};

/** The list to point at: an option before main.cf, one with a value before an empty one, the relay list first. */
function decisive(environment: Environment): Definition | undefined {
  const lists = [RELAY, RECIPIENT].map((name) => environment.definition(name));
  const written = (source: Definition["source"]) =>
    lists.filter((definition) => definition?.source === source && definition.origin);
  const options = written("option");
  const full = options.find((definition) => definition?.raw.trim());
  return (
    full ?? options[0] ?? written("main").find((definition) => definition?.raw.trim()) ?? written("main")[0]
  );
}

/** An empty value has no text to point at: the line is pointed at by its name. */
function place(context: RuleContext, definition: Definition | undefined, at: Location): Location {
  if (!definition || at.range.end > at.range.start) return at;
  const setting = context.system.settings.find(
    (one) => one.definition.origin?.range.start === at.range.start,
  );
  return setting?.nameLocation ?? at;
}

/** A main.cf that says nothing of all this is more often a part of one than a server of level 0. */
function isFragment(environment: Environment): boolean {
  const lists = [RELAY, RECIPIENT].map((name) => environment.definition(name)?.source);
  const level = environment.definition("compatibility_level");
  return lists.every((source) => source === "default") && (!level || level.source === "default");
}

function diesAnyway(context: RuleContext, service: Service): boolean {
  const template = context.system.source.master?.template ?? false;
  if (argumentFaults(service, template).some(({ fatal }) => fatal)) return true;
  return service.options.some(
    ({ value }) => hasPlaceholder(value) && /_restrictions|restriction_classes/.test(value),
  );
}

/** Only the filter comes to a service that takes mail back: whoever else comes is to be turned away. */
function isForFilter({ flow, system }: RuleContext, service: Service): boolean {
  return !isPublicEntry(system, service) && flow.waysBack.some((way) => way.service === service);
}

function mend(definition: Definition | undefined, forFilter: boolean): Fix[] {
  if (!definition?.origin) return [];
  const { raw, origin, source, part } = definition;
  if (raw.includes("$")) return [];
  const separator = source === "option" && !/\s/.test(raw) ? "," : ", ";
  const guard = forFilter ? "reject" : "reject_unauth_destination";
  const guards = ["permit_mynetworks", guard].join(separator);
  const items = listItems(raw);
  const permit = items.find(({ text }) => text.toLowerCase() === "permit");
  if (permit && part)
    return [
      {
        title: `Write permit_mynetworks, ${guard} for permit`,
        edits: [{ ...part(permit.start, permit.end), newText: guards }],
      },
    ];
  if (items.length === 0)
    return [{ title: "Let mynetworks relay and nobody else", edits: [{ ...origin, newText: guards }] }];
  const end = { file: origin.file, range: { start: origin.range.end, end: origin.range.end } };
  return [
    {
      title: `Add ${guard}`,
      edits: [{ ...end, newText: `${separator}${guard}` }],
      preferred: true,
    },
  ];
}
