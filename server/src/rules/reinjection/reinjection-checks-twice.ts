import { checksContent, type MailPath, type Stage } from "../../flow/paths.js";
import type { Location } from "../../semantics/located.js";
import { insideBraces, listItems } from "../../semantics/postfix/lists/items.js";
import { readTableReference } from "../../semantics/postfix/lists/tableReference.js";
import type { Environment } from "../../semantics/postfix/parameters.js";
import type { Service } from "../../semantics/postfix/services.js";
import { parseTable } from "../../syntax/postfix/table.js";
import { CHECKS } from "../../system/feeds.js";
import type { Rule, RuleContext } from "../rule.js";
import { configured, enumerate, overrideFix } from "./mappings.js";

export const reinjectionChecksTwice: Rule = {
  code: "reinjection-checks-twice",
  severity: "warning",
  summary: "Header or body checks are made before the filter and again behind it.",
  why: `cleanup checks a message each time that it comes in. PREPEND adds its header twice, BCC sends a second copy, and a message that was held, looked at and released is held again behind the filter:

    postfix/cleanup[241]: 5B3C2: hold: header Subject: ... from localhost[127.0.0.1]

What is rejected behind the filter has been accepted before, and bounces to a sender who is often a forged one. Checks for what the filter itself writes into the header (X-Spam-Flag) belong behind it, and nothing is said of tables whose actions do no harm twice. Where the table is not among the files, this is an information.`,
  remedy:
    "Add `no_header_body_checks` to receive_override_options of the service that takes mail back, or give that service a cleanup of its own with a table for what the filter writes.",
  wrong: [
    {
      title: "a header is added twice",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
header_checks = regexp:/etc/postfix/header_checks
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
#^^^^^^^^^^^^^^ warning
  -o content_filter=
-- header_checks --
/^Subject:/ PREPEND X-Site: example
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "a table that is not here",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
body_checks = pcre:/etc/postfix/body_checks
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
      title: "not on the way back",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
header_checks = regexp:/etc/postfix/header_checks
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
  -o receive_override_options=no_header_body_checks
-- header_checks --
/^Subject:/ PREPEND X-Site: example
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "actions that come to the same",
      text: `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
header_checks = regexp:/etc/postfix/header_checks
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- header_checks --
/^X-Spam-Flag: YES/ REDIRECT spam@example.com
/^Received: from laptop/ IGNORE
/name=.*exe/ REJECT
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
  ],
  check(context) {
    const seen = new Set<Service>();
    for (const path of context.flow.paths) {
      const stage = path.stages.at(-1);
      if (!stage?.cleanup || seen.has(stage.service) || !isChecked(path)) continue;
      seen.add(stage.service);
      report(context, path, stage, stage.cleanup);
    }
  },
};

function isChecked({ stages }: MailPath): boolean {
  const last = stages.at(-1);
  return (
    last !== undefined &&
    checksContent(last) === true &&
    stages.slice(0, -1).some((stage) => checksContent(stage) === true)
  );
}

/** Actions that make a difference the second time. */
const REPEATED = /^(?:PREPEND|BCC|HOLD)\b/i;

function report(context: RuleContext, { entry, stages }: MailPath, stage: Stage, cleanup: Environment): void {
  const first = stages[0]?.cleanup;
  const names = configured(cleanup, CHECKS).filter(
    (name) => first && first.value(name).text === cleanup.value(name).text,
  );
  const actions = names.map((name) => ({ name, found: actionsOf(context, cleanup, name) }));
  const repeated = actions.find(({ found }) => found?.some((action) => REPEATED.test(action)));
  const unread = actions.filter(({ found }) => found === undefined).map(({ name }) => name);
  if (!repeated && unread.length === 0) return;
  const { service } = stage;
  const what = repeated
    ? `${repeated.name} with its ${repeated.found?.find((action) => REPEATED.test(action))?.split(/\s/)[0]}`
    : enumerate(unread);
  const origin: Location | undefined = cleanup.definition(repeated?.name ?? unread[0] ?? "")?.origin;
  context.report({
    at: service.nameLocation,
    severity: repeated ? "warning" : "information",
    message: `Each message passes ${what} twice: at ${entry.name}, and behind the filter at ${service.name}, which lacks no_header_body_checks in receive_override_options.`,
    related: origin ? [{ ...origin, message: "the table" }] : [],
    fixes: () => overrideFix(context, stage, "no_header_body_checks", true),
  });
}

/** The values of the tables of a parameter; undefined where one of them cannot be read here. */
function actionsOf({ system }: RuleContext, cleanup: Environment, name: string): string[] | undefined {
  const actions: string[] = [];
  for (const item of listItems(cleanup.value(name).text)) {
    const reference = readTableReference(item);
    if (reference.type === "static") {
      actions.push(insideBraces(reference.name)?.text.trim() ?? reference.name);
      continue;
    }
    const file = system.source.tables.get(reference.name);
    if (!file || !/^(?:regexp|pcre|hash|btree|lmdb|cdb|texthash)$/.test(reference.type)) return undefined;
    actions.push(...parseTable(file.text, reference.type).map(({ value }) => value));
  }
  return actions;
}
