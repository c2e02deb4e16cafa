import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const dkimKeyMissing: Rule = {
  code: "dkim-key-missing",
  severity: "information",
  summary: "DKIM signing is switched on, and no key is named.",
  why: `amavisd starts and signs nothing: it needs a \`dkim_key(...)\` for each domain. Receivers see mail without a signature. The configuration that amavisd is shipped with looks so, hence this is information only.`,
  remedy: `Add \`dkim_key('example.com', 'selector', '/path/to/key.pem');\`, or switch signing off.`,
  unfixable: "The key and its selector are not in the files.",
  wrong: [
    {
      title: "no key",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$enable_dkim_signing = 1;
#                      ^ information`,
    },
  ],
  right: [
    {
      title: "a key",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$enable_dkim_signing = 1;
dkim_key('example.com', 'mail', '/var/lib/dkim/example.com.pem');`,
    },
  ],
  check(context) {
    reportProblems(context, "dkim-key-missing");
  },
};
