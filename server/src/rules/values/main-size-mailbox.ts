import type { Location } from "../../semantics/located.js";
import type { Environment } from "../../semantics/postfix/parameters.js";
import type { Service } from "../../semantics/postfix/services.js";
import { isUsed } from "../../semantics/postfix/values/settingFaults.js";
import { lineEnd, replace } from "../edits.js";
import type { Fix } from "../finding.js";
import type { Rule, RuleContext } from "../rule.js";

export const mainSizeMailbox: Rule = {
  code: "main-size-mailbox",
  severity: "error",
  summary: `A mailbox may be no larger than one message.`,
  why: `Where a message may be larger than a mailbox, local(8) and virtual(8) refuse to start, so that a message cannot block a mailbox for good:

    postfix/local[124]: fatal: main.cf configuration error: mailbox_size_limit is smaller than message_size_limit

All mail for local mailboxes is deferred. The default of mailbox_size_limit and virtual_mailbox_limit is 51200000 (about 50 MB), so a larger message_size_limit alone is enough. A message size without limit (0) needs mailboxes without limit.`,
  remedy: `Raise the limit of the mailbox, or set it to 0 for no limit.`,
  wrong: [
    {
      title: `a larger message than the default mailbox`,
      text: `-- main.cf --
message_size_limit = 104857600
#                    ^^^^^^^^^ error
-- master.cf --
smtp inet n - n - - smtpd
local unix - n n - - local`,
    },
    {
      title: `a small mailbox`,
      text: `-- main.cf --
message_size_limit = 20480000
mailbox_size_limit = 10240000
#                    ^^^^^^^^ error
-- master.cf --
smtp inet n - n - - smtpd
local unix - n n - - local`,
    },
    {
      title: `messages without limit`,
      text: `-- main.cf --
message_size_limit = 0
#                    ^ error
mailbox_size_limit = 51200000
-- master.cf --
smtp inet n - n - - smtpd
local unix - n n - - local`,
    },
  ],
  right: [
    {
      title: `large mailboxes, or no limit`,
      text: `-- main.cf --
message_size_limit = 104857600
mailbox_size_limit = 0
-- master.cf --
smtp inet n - n - - smtpd
local unix - n n - - local`,
    },
    {
      title: `a host that only relays`,
      text: `-- main.cf --
message_size_limit = 104857600
mydestination =
-- master.cf --
smtp inet n - n - - smtpd
local unix - n n - - local`,
    },
    {
      title: `virtual(8) is there, but no domain uses it`,
      text: `-- main.cf --
message_size_limit = 104857600
mailbox_size_limit = 0
virtual_mailbox_domains = example.org
virtual_transport = lmtp:unix:private/dovecot-lmtp
-- master.cf --
smtp inet n - n - - smtpd
local unix - n n - - local
virtual unix - n n - - virtual`,
    },
  ],
  check(context) {
    for (const service of context.system.services) {
      const limitName = LIMITS[service.program];
      if (limitName === undefined || !isUsed(service)) continue;
      const { environment } = service;
      const limit = numberOf(environment, limitName);
      const message = numberOf(environment, "message_size_limit");
      if (limit === undefined || message === undefined || limit === 0) continue;
      if (message > 0 && limit >= message) continue;
      report(context, service, limitName, limit, message);
    }
  },
};

const LIMITS: Readonly<Record<string, string>> = {
  local: "mailbox_size_limit",
  virtual: "virtual_mailbox_limit",
};

function numberOf(environment: Environment, name: string): number | undefined {
  const { text, unknown } = environment.value(name);
  return unknown === undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

function report(context: RuleContext, service: Service, name: string, limit: number, message: number): void {
  const ofLimit = service.environment.definition(name);
  const ofMessage = service.environment.definition("message_size_limit");
  const at = (ofLimit?.origin && message > 0 ? ofLimit : ofMessage?.origin ? ofMessage : ofLimit)?.origin;
  if (!at) return;
  const other = at === ofLimit?.origin ? ofMessage : ofLimit;
  const log =
    message === 0
      ? `${name} is limited but message_size_limit is unlimited`
      : `${name} is smaller than message_size_limit`;
  const found = other?.origin
    ? `${name} is ${limit} and message_size_limit ${message}`
    : `message_size_limit is ${message} and ${name} ${limit}${ofLimit?.origin ? "" : " (its default)"}`;
  context.report({
    at,
    message: `${found}: ${service.program} stops with "fatal: main.cf configuration error: ${log}", and mail for its mailboxes is deferred.`,
    related: other?.origin ? [{ ...other.origin, message: `${other.name} is set here` }] : [],
    fixes: () => mend(context, name, ofLimit?.origin, at, message),
  });
}

function mend(
  context: RuleContext,
  name: string,
  limit: Location | undefined,
  at: Location,
  message: number,
): Fix[] {
  const title = `Set ${name} to ${message}${message === 0 ? " (no limit)" : ", as large as a message"}`;
  if (limit) return [{ title, edits: [replace(limit, String(message))] }];
  if (at.file !== context.system.source.main?.path) return [];
  const text = context.text(at.file);
  const end = text.indexOf("\n", at.range.end);
  const where = end < 0 ? text.length : end + 1;
  const before = end < 0 ? lineEnd(text) : "";
  return [
    {
      title,
      edits: [
        {
          file: at.file,
          range: { start: where, end: where },
          newText: `${before}${name} = ${message}${lineEnd(text)}`,
        },
      ],
    },
  ];
}
