import { portFault, readInetEndpoint, splitHostPort } from "../../semantics/postfix/endpoints.js";
import type { Rule } from "../rule.js";

export const dovecotSaslPath: Rule = {
  code: "dovecot-sasl-path",
  severity: "error",
  summary: "With Dovecot's SASL, smtpd_sasl_path names no socket that can be there.",
  why: `For Cyrus the value is the name of a configuration, \`smtpd\` by default; for Dovecot it is a socket: a path seen from the queue directory, or \`inet:host:port\`. smtpd connects to it when a client connects, and dies when it cannot:

    postfix/smtpd[123]: warning: SASL: Connect to Dovecot auth socket 'smtpd' failed: No such file or directory
    postfix/smtpd[123]: fatal: no SASL authentication mechanisms

Then no client gets a banner, not even one that would not log in.`,
  remedy:
    "Write `smtpd_sasl_path = private/auth` (the socket that Dovecot makes for Postfix) or `inet:127.0.0.1:12345`.",
  wrong: [
    {
      title: "the path is still the one for Cyrus",
      text: `-- main.cf --
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
#                 ^^^^^^^ error
-- master.cf --
smtp inet n - n - - smtpd`,
    },
    {
      title: "host and port without inet:",
      text: `-- main.cf --
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = 127.0.0.1:12345
#                 ^^^^^^^^^^^^^^^ error
-- master.cf --
smtp inet n - n - - smtpd`,
    },
    {
      title: "no port",
      text: `-- main.cf --
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:dovecot
#                 ^^^^^^^^^^^^ error
-- master.cf --
smtp inet n - n - - smtpd`,
    },
  ],
  unfixable: "Where Dovecot listens is written in Dovecot's configuration.",
  right: [
    {
      title: "a socket in the queue directory; a host; Cyrus",
      text: `-- main.cf --
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
-- master.cf --
smtp inet n - n - - smtpd
submission inet n - n - - smtpd
  -o smtpd_sasl_path=inet:dovecot:12345
smtps inet n - n - - smtpd
  -o smtpd_sasl_type=cyrus
  -o smtpd_sasl_path=smtpd`,
    },
    {
      title: "nobody can log in",
      text: `-- main.cf --
smtpd_sasl_type = dovecot
-- master.cf --
smtp inet n - n - - smtpd`,
    },
  ],
  check(context) {
    for (const service of context.system.services) {
      if (service.program !== "smtpd" || service.overriddenBy || service.uncertain) continue;
      const [enabled, type, path] = ["smtpd_sasl_auth_enable", "smtpd_sasl_type", "smtpd_sasl_path"].map(
        (name) => service.environment.value(name),
      );
      if (!enabled || !type || !path || [enabled, type, path].some(({ unknown }) => unknown !== undefined))
        continue;
      if (!/^yes$/i.test(enabled.text) || type.text !== "dovecot") continue;
      const fault = faultOf(path.text);
      if (fault === undefined) continue;
      const at = path.definition?.origin ?? type.definition?.origin ?? service.nameLocation;
      context.report({
        at,
        message: `smtpd_sasl_path is "${path.text}" for ${service.name}${path.definition?.origin ? "" : ", its default"}, ${fault}. smtpd dies at every connection, and no mail comes in.`,
      });
    }
  },
};

function faultOf(path: string): string | undefined {
  if (path.startsWith("inet:")) {
    const { fault } = readInetEndpoint(path.slice("inet:".length));
    if (fault !== undefined) return `which is refused with "${fault}"`;
    const port = splitHostPort(path.slice("inet:".length), "port");
    return port.host === "" && portFault(port.port) !== undefined
      ? `which has no port behind the host`
      : undefined;
  }
  if (path === "smtpd") return "the name of Cyrus's configuration and no socket of Dovecot";
  return /^(?:\[[^\]]*\]|[\w.-]+):\w+$/.test(path) && !path.startsWith("unix:")
    ? `which is taken for the path of a socket: a host needs "inet:" before it`
    : undefined;
}
