import { resolveEndpoint } from "../../flow/resolve.js";
import { readPort } from "../../semantics/postfix/endpoints.js";
import { showEndpoint } from "../../system/listeners.js";
import { socketUses } from "../endpoints/sockets.js";
import type { Rule } from "../rule.js";

export const milterToAmavis: Rule = {
  code: "milter-to-amavis",
  severity: "error",
  summary: "A milter setting leads to amavisd, which does not speak the milter protocol.",
  why: `amavisd greets with SMTP, or waits for AM.PDP; the Sendmail milter protocol it knows only through a helper, amavisd-milter, which has a socket of its own. smtpd gives up on such a milter at once,

    warning: milter inet:127.0.0.1:10024: unexpected reply "[" in initial handshake
    NOQUEUE: milter-reject: CONNECT from ...: 451 4.7.1 Service unavailable - try again later

and every client is put off. With \`milter_default_action = accept\` mail is taken and no filter sees it.`,
  remedy:
    "Feed amavisd by `content_filter` or `smtpd_proxy_filter`, or run amavisd-milter and name its socket.",
  unfixable: "Whether a helper runs, and where, is not in these files.",
  wrong: [
    {
      title: "amavisd's own port",
      text: `-- main.cf --
compatibility_level = 3.6
smtpd_milters = inet:127.0.0.1:10024
#               ^^^^^^^^^^^^^^^^^^^^ error
-- master.cf --
smtp inet n - n - - smtpd
127.0.0.1:10025 inet n - n - - smtpd
  -o smtpd_milters=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "the port for helpers is none for Postfix",
      text: `-- main.cf --
compatibility_level = 3.6
-- master.cf --
smtp inet n - n - - smtpd
  -o smtpd_milters=inet:localhost:9998,inet:127.0.0.1:8891
#                  ^^^^^^^^^^^^^^^^^^^ error
-- amavisd.conf --
$inet_socket_port = [9998];
$interface_policy{'9998'} = 'AM.PDP-INET';
$policy_bank{'AM.PDP-INET'} = { protocol => 'AM.PDP' };`,
    },
  ],
  right: [
    {
      title: "a helper with a socket of its own",
      text: `-- main.cf --
compatibility_level = 3.6
smtpd_milters = unix:/run/amavisd-milter.sock, inet:127.0.0.1:10027
-- master.cf --
smtp inet n - n - - smtpd
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
  ],
  check(context) {
    const { system } = context;
    if (!system.amavis) return;
    for (const use of socketUses(context)) {
      const { endpoint } = use;
      if (use.form !== "milter" || endpoint.kind !== "inet" || endpoint.fault !== undefined) continue;
      const port = readPort(endpoint.port);
      if (port.kind !== "number") continue;
      const range = { start: 0, end: use.text.length };
      const host = endpoint.host === "" ? "localhost" : endpoint.host;
      const target = resolveEndpoint(system, host, { port: port.number, range }, "amavisd");
      if (target.kind !== "amavis") continue;
      const listener = target.sockets[0]?.listener;
      const accepts = /^accept$/i.test(use.setting.environment.value("milter_default_action").text);
      context.report({
        at: use.at(0, use.text.length),
        message: `${use.setting.name} names ${showEndpoint(target.endpoint.address, port.number)}, where amavisd listens, which is no milter: ${accepts ? "the milter is passed over (milter_default_action = accept), and nothing is filtered" : 'every client gets "451 4.7.1 Service unavailable"'}.`,
        related: listener?.origin ? [{ ...listener.origin, message: "amavisd listens there" }] : [],
      });
    }
  },
};
