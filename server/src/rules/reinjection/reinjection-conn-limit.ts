import type { WayBack } from "../../flow/returns.js";
import { networkContains } from "../../semantics/postfix/address.js";
import type { Environment } from "../../semantics/postfix/parameters.js";
import { splitList } from "../../syntax/postfix/words.js";
import { maxServers } from "../amavis/concurrency.js";
import { setOptions, showOptions } from "../edits.js";
import type { Rule } from "../rule.js";
import { enumerate } from "./mappings.js";
import { smtpdWays } from "./ways.js";

export const reinjectionConnLimit: Rule = {
  code: "reinjection-conn-limit",
  severity: "warning",
  summary: "The limits for single clients hold for the filter, too, and it is a single client.",
  why: `All that the filter hands back comes from one address. Limits of connections and rates that are meant for strangers (\`smtpd_client_*_limit\`) stop it under load, unless smtpd_client_event_limit_exceptions, by default mynetworks of that service, holds its address. Mail is deferred and tried again:

    postfix/smtpd[251]: warning: Connection concurrency limit exceeded: 3 from localhost[127.0.0.1] for service 127.0.0.1:10025
    status=deferred (... 421 4.7.0 mx.example.com Error: too many connections from 127.0.0.1)
    status=deferred (... 450 4.7.1 Error: too much mail from 127.0.0.1)`,
  remedy:
    "Give the service `-o smtpd_client_connection_count_limit=0` and `-o smtpd_client_connection_rate_limit=0` (and the other limits that are set), or let its mynetworks hold the filter.",
  wrong: [
    {
      title: "a rate for everybody",
      text: `-- main.cf --
compatibility_level = 3.6
mynetworks = 127.0.0.0/8
content_filter = smtp-amavis:[127.0.0.1]:10024
smtpd_client_message_rate_limit = 30
smtpd_client_event_limit_exceptions =
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
      title: "fewer connections than amavisd has processes",
      text: `-- main.cf --
compatibility_level = 3.6
mynetworks = 127.0.0.0/8
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 5 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
  -o smtpd_client_connection_count_limit=2
#                                        ^ warning
  -o smtpd_client_event_limit_exceptions=10.0.0.0/8
-- amavisd.conf --
$inet_socket_port = 10024;
$max_servers = 5;`,
    },
  ],
  right: [
    {
      title: "mynetworks excepts the filter",
      text: `-- main.cf --
compatibility_level = 3.6
mynetworks = 127.0.0.0/8
content_filter = smtp-amavis:[127.0.0.1]:10024
smtpd_client_message_rate_limit = 30
smtpd_client_connection_count_limit = 1
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "enough connections, and no rates",
      text: `-- main.cf --
compatibility_level = 3.6
mynetworks = 127.0.0.0/8
content_filter = smtp-amavis:[127.0.0.1]:10024
smtpd_client_event_limit_exceptions =
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;
$max_servers = 5;`,
    },
  ],
  check(context) {
    const servers = maxServers(context)?.count;
    for (const way of smtpdWays(context)) {
      const { service } = way;
      const { environment } = service;
      const limits = LIMITS.filter((name) => canBeMet(environment, name, servers));
      const [first] = limits;
      if (first === undefined || !isCounted(way)) continue;
      const definition = environment.definition(first);
      const own = definition?.source === "option" ? definition.origin : undefined;
      context.report({
        at: own ?? service.nameLocation,
        message: `${enumerate(limits.map((name) => `${name} = ${environment.value(name).text}`))} ${limits.length === 1 ? "holds" : "hold"} for the filter at ${way.client}, from which all mail comes back to ${service.name}: under load it is told to try later, and mail is deferred.`,
        related: definition?.origin ? [{ ...definition.origin, message: `${first} is set here` }] : [],
        fixes: () => {
          const options = limits.map((name) => [name, "0"] as const);
          return [
            {
              title: `Give ${service.name} ${showOptions(options)}`,
              edits: setOptions(context, service, options),
              preferred: true,
            },
          ];
        },
      });
    }
  },
};

const COUNT = "smtpd_client_connection_count_limit";
const LIMITS = [
  COUNT,
  "smtpd_client_connection_rate_limit",
  "smtpd_client_message_rate_limit",
  "smtpd_client_recipient_rate_limit",
] as const;

/** Whether a limit can be met: any rate, and fewer connections than the filter opens. */
function canBeMet(
  environment: Environment,
  name: (typeof LIMITS)[number],
  servers: number | undefined,
): boolean {
  const { text, unknown } = environment.value(name);
  if (unknown !== undefined || !/^\d+$/.test(text) || Number(text) === 0) return false;
  return name !== COUNT || (servers !== undefined && Number(text) < servers);
}

/** Whether the filter is not among the exceptions for certain. */
function isCounted({ client, service }: WayBack): boolean {
  const { text, unknown } = service.environment.value("smtpd_client_event_limit_exceptions");
  if (client === undefined || unknown !== undefined) return false;
  return splitList(text).every((network) => networkContains(network, client) === false);
}
