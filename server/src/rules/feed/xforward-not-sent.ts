import { clientValue, type Feeder, feeders } from "../../flow/feeders.js";
import type { Location } from "../../semantics/located.js";
import type { Rule, RuleContext } from "../rule.js";
import { inheritedPlace, inheritedRelated, overrideFixes } from "./inherited.js";

export const xforwardNotSent: Rule = {
  code: "xforward-not-sent",
  severity: "warning",
  summary: "amavisd decides by the client's address, and Postfix does not tell it.",
  why: `Policy banks such as MYNETS, and those of \`@client_ipaddr_policy\`, are loaded by the address of the client that brought the mail. Behind Postfix amavisd learns it from the XFORWARD command only, which smtp(8) sends when \`smtp_send_xforward_command\` is on. Without it amavisd sees nobody but Postfix, the banks are never loaded, and one's own users are checked like strangers:

    amavis[25]: Passed CLEAN {RelayedInbound}, [127.0.0.1] [198.51.100.7] <sender@example.org> -> ...

With it the first bracket has the address of the client and its port.`,
  remedy:
    "Set `-o smtp_send_xforward_command=yes` (`lmtp_send_xforward_command` for lmtp) on the transport that feeds amavisd.",
  wrong: [
    {
      title: "a bank for one's own networks",
      text: `-- main.cf --
compatibility_level = 3.6
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
#^^^^^^^^^^ warning
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;
@mynetworks = qw(127.0.0.0/8 10.0.0.0/8);
$policy_bank{'MYNETS'} = { originating => 1 };`,
    },
  ],
  right: [
    {
      title: "Postfix tells",
      text: `-- main.cf --
compatibility_level = 3.6
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
  -o smtp_send_xforward_command=yes
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;
$policy_bank{'MYNETS'} = { originating => 1 };`,
    },
    {
      title: "nothing depends on it",
      text: `-- main.cf --
compatibility_level = 3.6
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;
$policy_bank{'MYNETS'} = {};`,
    },
  ],
  check(context) {
    const bank = bankByClient(context);
    if (!bank) return;
    for (const feeder of feeders(context.system, context.flow)) {
      if (!feeder.steps.some(({ target }) => target.kind === "amavis")) continue;
      const value = clientValue(feeder, "send_xforward_command");
      if (value.unknown !== undefined || !/^no$/i.test(value.text)) continue;
      report(context, feeder, bank);
    }
  },
};

function report(
  context: RuleContext,
  feeder: Feeder,
  bank: { readonly name: string; readonly at: Location | undefined },
): void {
  const name = `${feeder.protocol}_send_xforward_command`;
  const value = clientValue(feeder, "send_xforward_command");
  context.report({
    at: inheritedPlace(feeder, value),
    message: `The transport ${feeder.service.name} does not tell amavisd the client's address (${name} = no): the policy bank ${bank.name}, which is chosen by it, is never loaded.`,
    related: [
      ...(bank.at ? [{ ...bank.at, message: `the bank ${bank.name}` }] : []),
      ...inheritedRelated(context, feeder, value),
    ],
    fixes: () => overrideFixes(context, feeder, [[name, "yes"]]),
  });
}

/** A policy bank that sets something and is loaded by the address of the client. */
function bankByClient({ system }: RuleContext) {
  const { amavis, source } = system;
  if (!amavis || amavis.open || source.amavisOpen !== undefined) return undefined;
  for (const name of new Set(["MYNETS", ...amavis.clientBanks])) {
    // Loaded by the sender's address, once something else has said that the mail is from here.
    if (name === "MYUSERS") continue;
    const bank = amavis.banks.get(name);
    if (bank && bank.entries.size > 0) return { name, at: bank.origin };
  }
  return undefined;
}
