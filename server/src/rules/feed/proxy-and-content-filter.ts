import { deleteOptionFix } from "../endpoints/unreadOptions.js";
import { smtpdServices } from "../lists/settings.js";
import type { Rule } from "../rule.js";

export const proxyAndContentFilter: Rule = {
  code: "proxy-and-content-filter",
  severity: "warning",
  summary: "A service has a filter before the queue and one after it, and only the first runs.",
  why: `With \`smtpd_proxy_filter\` smtpd hands the mail to the proxy and never to the queue. \`content_filter\` of the same service would be written into the queue file, and there is none: it is passed over without a word. What comes back from the proxy is taken in by another service, and what that one asks for counts.`,
  remedy:
    "Keep one of both. A second filter behind the first belongs to the service that takes mail back from the first.",
  wrong: [
    {
      title: "both on port 25",
      text: `-- main.cf --
compatibility_level = 3.6
-- master.cf --
smtp inet n - n - - smtpd
  -o smtpd_proxy_filter=127.0.0.1:10024
  -o content_filter=smtp-amavis:[127.0.0.1]:10024
#    ^^^^^^^^^^^^^^ warning
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
  ],
  right: [
    {
      title: "content_filter is there for other services, or switched off",
      text: `-- main.cf --
compatibility_level = 3.6
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
  -o smtpd_proxy_filter=127.0.0.1:10024
submission inet n - n - - smtpd
  -o smtpd_proxy_filter=127.0.0.1:10024
  -o content_filter=
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;`,
    },
  ],
  check(context) {
    for (const service of smtpdServices(context.system)) {
      const filter = service.environment.value("content_filter");
      if (filter.definition?.source !== "option" || filter.text === "" || filter.unknown !== undefined)
        continue;
      const proxy = service.environment.value("smtpd_proxy_filter");
      if (proxy.text === "" || proxy.unknown !== undefined) continue;
      const option = service.options.filter(({ name, valid }) => valid && name === "content_filter").at(-1);
      if (!option) continue;
      const { file } = service.location;
      context.report({
        at: { file, range: option.nameRange },
        message: `${service.name} hands its mail to smtpd_proxy_filter = ${proxy.text}, and content_filter = ${filter.text} of the same service never runs.`,
        related: proxy.definition?.origin
          ? [{ ...proxy.definition.origin, message: "smtpd_proxy_filter is set here" }]
          : [],
        fixes: () => [
          deleteOptionFix(context, service, "content_filter"),
          ...(proxy.definition?.source === "option"
            ? [deleteOptionFix(context, service, "smtpd_proxy_filter")]
            : []),
        ],
      });
    }
  },
};
