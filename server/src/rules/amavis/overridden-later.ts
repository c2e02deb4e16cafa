import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const overriddenLater: Rule = {
  code: "overridden-later",
  severity: "information",
  summary: "A setting is set again before anything reads it.",
  why: "The last assignment counts, in the order of the files. Whoever changes the first one wonders why nothing happens.",
  remedy: "Delete the assignment that has no effect.",
  wrong: [
    {
      title: "twice in one file",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$max_servers = 4;
#^^^^^^^^^^^^^^^^ information
$log_level = 1;
$max_servers = 10;`,
    },
  ],
  right: [
    {
      title: "read in between",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$mydomain = "example.org";
@local_domains_maps = (".$mydomain");
$mydomain = "example.net";`,
    },
    {
      title: "added to",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
@mynetworks = ('127.0.0.0/8');
@mynetworks = (@mynetworks, '10.0.0.0/8');`,
    },
  ],
  check(context) {
    reportProblems(context, "overridden-later");
  },
};
