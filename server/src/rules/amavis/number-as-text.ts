import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const numberAsText: Rule = {
  code: "number-as-text",
  severity: "warning",
  summary: "A number is given as a text that is none, or a constant in quotes.",
  why: `Perl takes the number at the beginning of a text and drops the rest without a word: '10MB' is 10, '8m' is 8, 'ten' is 0. A constant in quotes is a text as well: \`'D_PASS'\` is 0, and 0 is D_DISCARD, so that such mail is thrown away (error).`,
  remedy: "Write a plain number, or the constant without quotes.",
  unfixable: "What the number is to be is not certain from a text with a unit.",
  wrong: [
    {
      title: "a unit",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$child_timeout = '8m';
#                ^^^^ warning`,
    },
    {
      title: "underscores in a text",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$smtpd_message_size_limit = '50_000_000';
#                           ^^^^^^^^^^^^ warning`,
    },
    {
      title: "a constant in quotes",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$final_spam_destiny = 'D_PASS';
#                     ^^^^^^^^ error`,
    },
  ],
  right: [
    {
      title: "numbers",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$child_timeout = 8*60;
$smtpd_message_size_limit = 50_000_000;
$final_spam_destiny = D_PASS;`,
    },
    {
      title: "a number in quotes",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$max_servers = '4';`,
    },
  ],
  check(context) {
    reportProblems(context, "number-as-text");
  },
};
