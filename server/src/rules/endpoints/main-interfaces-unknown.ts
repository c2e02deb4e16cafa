import { isWildcard, normaliseAddress } from "../../semantics/postfix/address.js";
import { locateInSetting } from "../../semantics/postfix/settings.js";
import type { Finding } from "../finding.js";
import type { Rule, RuleContext } from "../rule.js";

export const mainInterfacesUnknown: Rule = {
  code: "main-interfaces-unknown",
  severity: "error",
  summary: "inet_interfaces has an item that is no address of this host.",
  why: `Every command and every daemon of Postfix looks the items up, and stops where one is not found or is not an address of this host:

    postfix: fatal: config variable inet_interfaces: host not found: eth0
    postfix: fatal: parameter inet_interfaces: no local interface found for 0.0.0.0

Nothing starts. \`all\` and \`loopback-only\` count only when they stand alone and in small letters; names of network devices, networks, ports and wildcards are taken for host names. Whether a real host name or address belongs to the machine can not be seen from here.`,
  remedy:
    "Write `all`, `loopback-only`, or the addresses of this host, such as `127.0.0.1, [::1], 192.0.2.1`.",
  wrong: [
    {
      title: "a keyword beside an address",
      text: `-- main.cf --
inet_interfaces = loopback-only, 192.0.2.1
#                 ^^^^^^^^^^^^^ error`,
    },
    {
      title: "a wildcard, a network, a port",
      text: `-- main.cf --
inet_interfaces = 0.0.0.0 127.0.0.0/8 192.0.2.1:25
#                 ^^^^^^^ error
#                         ^^^^^^^^^^^ error
#                                     ^^^^^^^^^^^^ error`,
    },
    {
      title: "a network device",
      text: `-- main.cf --
inet_interfaces = lo, eth0
#                 ^^ warning
#                     ^^^^ warning`,
    },
  ],
  right: [
    {
      title: "addresses and names of the host",
      text: `-- main.cf --
inet_interfaces = $myhostname, localhost, 127.0.0.1, [::1], ::1, 192.0.2.1`,
    },
    {
      title: "a keyword alone",
      text: `-- main.cf --
inet_interfaces = loopback-only`,
    },
  ],
  unfixable: "Which addresses the host has is not written in these files.",
  check(context) {
    for (const setting of context.system.settings) {
      if (setting.name !== "inet_interfaces") continue;
      const { text, unknown } = setting.value;
      if (unknown !== undefined) continue;
      const items = [...text.matchAll(/[^\s,]+/g)];
      for (const match of items) {
        const fault = faultOf(context, match[0], items.length === 1);
        if (!fault) continue;
        const at = locateInSetting(setting, match.index, match.index + match[0].length);
        context.report({
          at,
          severity: fault.severity,
          message: `"${match[0]}" in inet_interfaces ${fault.text}.`,
        });
      }
    }
  },
};

interface Fault {
  readonly severity: Finding["severity"];
  readonly text: string;
}

function faultOf(context: RuleContext, item: string, alone: boolean): Fault | undefined {
  const dies = "Postfix does not start";
  if (item === "all" || item === "loopback-only")
    return alone
      ? undefined
      : {
          severity: "error",
          text: `is a keyword only when it stands alone; here it is looked up as a host, and ${dies}`,
        };
  const address = normaliseAddress(item);
  if (address !== undefined) {
    if (isWildcard(address))
      return {
        severity: "error",
        text: `is not an address of any interface, and ${dies}; all addresses are called "all"`,
      };
    const { addresses } = context.system.source;
    const own = addresses.length === 0 || addresses.some((other) => normaliseAddress(other) === address);
    return own || address.startsWith("127.") || address === "::1"
      ? undefined
      : {
          severity: "warning",
          text: `is not among the addresses that mailflow.json gives this host; without it ${dies}`,
        };
  }
  if (/^(?:all|loopback-only)$/i.test(item))
    return { severity: "error", text: `is not the keyword, which is in small letters, and ${dies}` };
  if (/[*/!;:@"']/.test(item))
    return {
      severity: "error",
      text: `is neither an address nor a host name, and ${dies} ("host not found")`,
    };
  if (/^(?:lo\d*|(?:eth|en[opsx]|ens|em|wlan?|tun|tap|br|bond|docker|veth|venet|vmbr)\d[\w.-]*)$/.test(item))
    return {
      severity: "warning",
      text: `looks like a network device, but host names and addresses are wanted: ${dies} unless a host of that name can be found`,
    };
  return undefined;
}
