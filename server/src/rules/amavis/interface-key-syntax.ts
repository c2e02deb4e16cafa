import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const interfaceKeySyntax: Rule = {
  code: "interface-key-syntax",
  severity: "warning",
  summary: "A key of %interface_policy never matches.",
  why: `amavisd looks for the port (\`10026\`), then for address and port (\`127.0.0.1:10026\`, \`[::1]:10026\`, in lower case and shortened); for a Unix socket for \`SOCK\`, then for its path. Any other key is passed over without a word, and the mail gets the global settings.`,
  remedy: "Write the key in one of these forms.",
  unfixable: "Which address was meant is not certain.",
  wrong: [
    {
      title: "a name",
      text: `-- amavisd.conf --
$inet_socket_port = [10024, 10026];
$policy_bank{'OUT'} = { originating => 1 };
$interface_policy{'localhost:10026'} = 'OUT';
#                 ^^^^^^^^^^^^^^^^^ warning`,
    },
    {
      title: "an address without brackets",
      text: `-- amavisd.conf --
$inet_socket_port = [10024, 10026];
$policy_bank{'OUT'} = { originating => 1 };
$interface_policy{'::1:10026'} = 'OUT';
#                 ^^^^^^^^^^^ warning`,
    },
  ],
  right: [
    {
      title: "port, address, IPv6 address",
      text: `-- amavisd.conf --
$inet_socket_port = [10024, 10026];
$policy_bank{'OUT'} = { originating => 1 };
$interface_policy{'10026'} = 'OUT';
$interface_policy{'127.0.0.1:10026'} = 'OUT';
$interface_policy{'[::1]:10026'} = 'OUT';`,
    },
  ],
  check(context) {
    reportProblems(context, "interface-key-syntax");
  },
};
