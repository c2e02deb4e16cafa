import { type MailPath, miltersOf, type Stage } from "../../flow/paths.js";
import type { Service } from "../../semantics/postfix/services.js";
import type { Rule } from "../rule.js";
import { enumerate, overrideFix } from "./mappings.js";

export const reinjectionMiltersTwice: Rule = {
  code: "reinjection-milters-twice",
  severity: "warning",
  summary: "A milter runs before the filter and again behind it.",
  why: `Mail that the filter hands back comes in by smtpd, and smtpd_milters of main.cf holds for that service, too. A signing milter signs twice, once before the filter changes the message: the first signature is broken, and the log shows the same message twice with two queue ids:

    opendkim[311]: 4F2A1: DKIM-Signature field added (s=mail, d=example.com)
    opendkim[311]: 5B3C2: DKIM-Signature field added (s=mail, d=example.com)

A milter that verifies comes to another result behind a filter that has changed the subject or the body; one that counts, counts double.`,
  remedy:
    "Add `no_milters` to receive_override_options of the service that takes mail back; or, where the milter shall see what the filter made of the message (a signing one), on the side before it.",
  wrong: [
    {
      title: "main.cf's milter on both sides",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
smtpd_milters = inet:127.0.0.1:8891
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
#^^^^^^^^^^^^^^ warning
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "local mail passes the same milter by way of pickup",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
non_smtpd_milters = inet:127.0.0.1:8891
-- master.cf --
pickup unix n - n 60 1 pickup
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
#^^^^^^^^^^^^^^ warning
  -o content_filter=
  -o smtpd_milters=inet:127.0.0.1:8891
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
  ],
  right: [
    {
      title: "not on the way back",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
smtpd_milters = inet:127.0.0.1:8891
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
  -o receive_override_options=no_header_body_checks,no_milters
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "one before and another behind",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
smtpd_milters = inet:127.0.0.1:8893
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
  -o smtpd_milters=inet:127.0.0.1:8891
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
  ],
  check(context) {
    const found = new Map<Service, { stage: Stage; milters: Set<string>; entries: Set<string> }>();
    for (const path of context.flow.paths) {
      const milters = twice(path);
      const stage = path.stages.at(-1);
      if (milters.length === 0 || !stage) continue;
      const known = found.get(stage.service) ?? { stage, milters: new Set(), entries: new Set() };
      for (const milter of milters) known.milters.add(milter);
      known.entries.add(path.entry.name);
      found.set(stage.service, known);
    }
    for (const { stage, milters, entries } of found.values()) {
      const { service } = stage;
      const definition = service.environment.definition("smtpd_milters");
      const names = enumerate([...milters]);
      context.report({
        at: service.nameLocation,
        message: `${names} ${milters.size === 1 ? "sees" : "see"} each message twice: at ${enumerate([...entries])}, and behind the filter at ${service.name}, which has no no_milters in receive_override_options.`,
        related: definition?.origin ? [{ ...definition.origin, message: "the milters of the service" }] : [],
        fixes: () => overrideFix(context, stage, "no_milters", true),
      });
    }
  },
};

/** The milters of the last stage that an earlier one has asked already. */
function twice({ stages }: MailPath): string[] {
  const last = stages.at(-1);
  if (!last || stages.length < 2) return [];
  const before = new Set(stages.slice(0, -1).flatMap((stage) => miltersOf(stage)));
  return miltersOf(last).filter((milter) => before.has(milter));
}
