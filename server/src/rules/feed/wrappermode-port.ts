import { clientPortFault, serverPortFault } from "../../flow/wrapper.js";
import { setOption } from "../edits.js";
import { nexthopUses } from "../endpoints/nexthops.js";
import { smtpdServices } from "../lists/settings.js";
import type { Rule, RuleContext } from "../rule.js";

export const wrappermodePort: Rule = {
  code: "wrappermode-port",
  severity: "error",
  summary: "TLS begins at once on a port where clients begin in clear text, or the other way round.",
  why: `At port 465 a client begins with the TLS handshake; at 25 and 587 it waits for a greeting in clear text and asks for STARTTLS. Where server and client disagree, each waits for the other, or reads nonsense:

    postfix/smtpd[120]: SSL_accept error from mx.example.net[203.0.113.9]: -1
    postfix/smtp[121]: ... status=deferred (Cannot start TLS: handshake failure)
    postfix/smtp[121]: SMTPS wrappermode (TCP port 465) requires setting "smtp_tls_wrappermode = yes", and "smtp_tls_security_level = encrypt" (or stronger)

At port 25 nobody can bring mail any more, and through a relay host none leaves (error). At 465 and 587 users cannot send (warning).`,
  remedy:
    "`smtpd_tls_wrappermode=yes` belongs to the entry of port 465 and to no other. To a relay host at port 465 it takes `smtp_tls_wrappermode = yes` with `smtp_tls_security_level = encrypt`, to one at 587 neither of both is needed.",
  wrong: [
    {
      title: "the two ports of submission have been mixed up",
      text: `-- main.cf --
compatibility_level = 3.6
-- master.cf --
submission inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
#                          ^^^ warning
smtps inet n - n - - smtpd
#^^^^ warning
  -o smtpd_tls_security_level=encrypt`,
    },
    {
      title: "for every service",
      text: `-- main.cf --
compatibility_level = 3.6
smtpd_tls_wrappermode = yes
#                       ^^^ error
-- master.cf --
smtp inet n - n - - smtpd
465 inet n - n - - smtpd`,
    },
    {
      title: "a relay host at port 465 and a client that waits for a greeting",
      text: `-- main.cf --
compatibility_level = 3.6
relayhost = [mail.isp.example]:465
#           ^^^^^^^^^^^^^^^^^^^^^^ error
smtp_tls_security_level = encrypt
-- master.cf --
smtp unix - - n - - smtp`,
    },
    {
      title: "a relay host at port 587 and a client that begins with TLS",
      text: `-- main.cf --
compatibility_level = 3.6
relayhost = [mail.isp.example]:submission
#           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error
smtp_tls_wrappermode = yes
smtp_tls_security_level = encrypt
-- master.cf --
smtp unix - - n - - smtp`,
    },
    {
      title: "the wrapper without TLS",
      text: `-- main.cf --
compatibility_level = 3.6
relayhost = [mail.isp.example]:465
#           ^^^^^^^^^^^^^^^^^^^^^^ error
smtp_tls_wrappermode = yes
smtp_tls_security_level = may
-- master.cf --
smtp unix - - n - - smtp`,
    },
  ],
  right: [
    {
      title: "each port as clients expect it",
      text: `-- main.cf --
compatibility_level = 3.6
relayhost = [mail.isp.example]:465
smtp_tls_wrappermode = yes
smtp_tls_security_level = encrypt
-- master.cf --
smtp inet n - n - - smtpd
submission inet n - n - - smtpd
submissions inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
smtp unix - - n - - smtp`,
    },
    {
      title: "something in front of it speaks TLS",
      text: `-- main.cf --
compatibility_level = 3.6
-- master.cf --
127.0.0.1:465 inet n - n - - smtpd
10465 inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
465 inet n - n - - smtpd
  -o smtpd_upstream_proxy_protocol=haproxy`,
    },
  ],
  check(context) {
    for (const use of nexthopUses(context)) checkClient(context, use);
    for (const service of smtpdServices(context.system)) checkServer(context, service);
  },
};

function checkServer(context: RuleContext, service: ReturnType<typeof smtpdServices>[number]): void {
  const fault = serverPortFault(context.system, service);
  if (!fault) return;
  const { port, wraps, definition } = fault;
  const origin = wraps ? definition?.origin : undefined;
  context.report({
    at: origin ?? service.nameLocation,
    severity: port === 25 ? "error" : "warning",
    message: wraps
      ? `${service.name} takes connections at port ${port} and waits for a TLS handshake (smtpd_tls_wrappermode = yes), while clients wait there for a greeting in clear text: ${port === 25 ? "no server can bring mail" : "users cannot send"}.`
      : `${service.name} takes connections at port 465, where clients begin with a TLS handshake, and sends a greeting in clear text (smtpd_tls_wrappermode = no): users cannot send.`,
    related: origin ? [{ ...service.nameLocation, message: `${service.name} listens at port ${port}` }] : [],
    fixes: () => [
      {
        title: `Set -o smtpd_tls_wrappermode=${wraps ? "no" : "yes"} on ${service.name}`,
        edits: [setOption(context, service, "smtpd_tls_wrappermode", wraps ? "no" : "yes")],
        preferred: true,
      },
    ],
  });
}

function checkClient(context: RuleContext, use: ReturnType<typeof nexthopUses>[number]): void {
  const { client, step, protocol } = use;
  // The way to a filter is feed-tls-required's business; an lmtp server has no such ports.
  if (!client || step || protocol !== "smtp" || client.program !== "smtp") return;
  for (const destination of use.destinations) {
    const fault = clientPortFault(client, destination);
    if (!fault) continue;
    context.report({
      at: use.at(destination.range.start, destination.range.end),
      message: `${use.shown}: ${fault.text}`,
      related: [
        ...(fault.because?.origin
          ? [{ ...fault.because.origin, message: `${fault.because.name} is set here` }]
          : []),
        { ...client.nameLocation, message: `${client.name} connects` },
      ],
      fixes: () => [
        {
          title: `Set ${fault.options.map(([name, value]) => `-o ${name}=${value}`).join(" ")} on ${client.name}`,
          edits: fault.options.map(([name, value]) => setOption(context, client, name, value)),
        },
      ],
    });
    return;
  }
}
