import { portFault } from "../../semantics/postfix/endpoints.js";
import { replace } from "../edits.js";
import type { Fix } from "../finding.js";
import type { Rule, RuleContext } from "../rule.js";
import { type SocketUse, socketUses } from "./sockets.js";

export const mainProxyForm: Rule = {
  code: "main-proxy-form",
  severity: "error",
  summary: "smtpd_proxy_filter is not written as host:port.",
  why: `The proxy filter has no transport and no standard port; a word without a colon is a port of this host. smtpd connects when the first recipient is given, and there it dies or refuses the mail:

    postfix/smtpd[123]: fatal: 127.0.0.1: garbage after numerical service
    postfix/smtpd[123]: fatal: smtp:[127.0.0.1]:10024: valid hostname or network address required
    postfix/smtpd[123]: warning: connect to proxy filter localhost: Cannot assign requested address

The client sees the connection drop, or "451 4.3.0 Error: queue file write error".`,
  remedy: "Write `127.0.0.1:10024`, `inet:host:port` or `unix:path`.",
  wrong: [
    {
      title: "no port",
      text: `-- main.cf --
smtpd_proxy_filter = 127.0.0.1
#                    ^^^^^^^^^ error
-- master.cf --
smtp inet n - n - - smtpd
127.0.0.1:10025 inet n - n - - smtpd
  -o smtpd_proxy_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "a transport before it, as in content_filter",
      text: `-- main.cf --
smtpd_proxy_filter = smtp-amavis:[127.0.0.1]:10024
#                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error
-- master.cf --
smtp inet n - n - - smtpd
127.0.0.1:10025 inet n - n - - smtpd
  -o smtpd_proxy_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
    {
      title: "a host name without a port",
      text: `-- main.cf --
smtpd_proxy_filter = localhost
#                    ^^^^^^^^^ error
-- master.cf --
smtp inet n - n - - smtpd
127.0.0.1:10025 inet n - n - - smtpd
  -o smtpd_proxy_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
  ],
  right: [
    {
      title: "host and port, a port of this host, a socket",
      text: `-- main.cf --
smtpd_proxy_filter = inet:[::1]:10024
-- master.cf --
smtp inet n - n - - smtpd
  -o smtpd_proxy_filter=10024
submission inet n - n - - smtpd
  -o smtpd_proxy_filter=unix:private/filter
-- amavisd.conf --
$inet_socket_port = 10024;
$forward_method = $notify_method = 'smtp:[127.0.0.1]:10025';`,
    },
  ],
  check(context) {
    for (const use of socketUses(context)) {
      if (use.form !== "proxy") continue;
      const { fault, host, port, kind } = use.endpoint;
      // A lone word that is no port was meant for the host.
      const lone = kind === "inet" && host === "" && /^[A-Za-z_./-]/.test(port) && isNoPort(port);
      if (fault === undefined && !lone) continue;
      context.report({
        at: use.at(0, use.text.length),
        message: lone
          ? `"${use.text}" is read as a port of this host, and there is no port of that name: smtpd answers every recipient with "451 4.3.0 Error: queue file write error".`
          : `smtpd_proxy_filter wants host:port. With "${use.text}" smtpd dies at the first recipient, with "fatal: ${fault}", and no mail comes in.`,
        fixes: () => mend(context, use),
      });
    }
  },
};

const isNoPort = (word: string) => portFault(word) !== undefined;

function mend(context: RuleContext, use: SocketUse): Fix[] {
  const { text } = use;
  const at = use.at(0, text.length);
  const written = /^[\w-]+:(\[[^\]]+\]:\d+)$/.exec(text)?.[1];
  if (written) return [{ title: `Write ${written}`, edits: [replace(at, written)], preferred: true }];
  const host = /^(?:inet:)?(\[[\w.:]+\]|[\w.-]+):?$/i.exec(text)?.[1];
  if (!host) return [];
  const ports = new Set(
    context.system.sockets.filter((socket) => socket.program === "amavisd").map((socket) => socket.port),
  );
  return [...ports].map((port) => {
    const newText = `${host}:${port}`;
    return { title: `Write ${newText}`, edits: [replace(at, newText)], preferred: ports.size === 1 };
  });
}
