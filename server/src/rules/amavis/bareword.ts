import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const bareword: Rule = {
  code: "bareword",
  severity: "error",
  summary: `A constant, a function or a module is named that does not exist.`,
  why: `D_PASS, D_REJECT, CC_SPAM and their like are constants. A misspelt one is a bare word, and with \`use strict\` Perl refuses the whole file, so that amavisd does not start:

    Error in config file "/etc/amavis/conf.d/50-user": Bareword "D_PAS" not allowed while "strict subs" in use

A text without quotes looks the same to Perl. A function that nothing defines is only missed when the file is read up to its call, and the start ends there:

    Undefined subroutine &Amavis::Conf::read_hsh called`,
  remedy: "Correct the name, or put quotes around what is meant as a text.",
  wrong: [
    {
      title: "a constant that does not exist",
      text: `-- amavisd.conf --
use strict;
$inet_socket_port = 10024;
$final_spam_destiny = D_PAS;
#                     ^^^^^ error`,
    },
    {
      title: "a function that does not exist",
      text: `-- amavisd.conf --
use strict;
$inet_socket_port = 10024;
@local_domains_maps = (read_hsh('/etc/amavis/domains'));
#                      ^^^^^^^^ error`,
    },
    {
      title: "a module of Perl that does not exist",
      text: `-- amavisd.conf --
use stirct;
#   ^^^^^^ error
$inet_socket_port = 10024;`,
    },
  ],
  right: [
    {
      title: "the constant",
      text: `-- amavisd.conf --
use strict;
$inet_socket_port = 10024;
$final_spam_destiny = D_PASS;`,
    },
    {
      title: "a constant of the file itself",
      text: `-- amavisd.conf --
use strict;
use constant D_MINE => 1;
$inet_socket_port = 10024;
$final_spam_destiny = D_MINE;`,
    },
    {
      title: "a function of another module",
      text: `-- amavisd.conf --
use strict;
use POSIX;
$inet_socket_port = 10024;
$mydomain = strftime('%Y', localtime) . '.example.com';`,
    },
  ],
  check(context) {
    reportProblems(context, "bareword");
  },
};
