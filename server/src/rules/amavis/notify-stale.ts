import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const notifyStale: Rule = {
  code: "notify-stale",
  severity: "warning",
  summary: "$forward_method was changed and $notify_method was not.",
  why: "$notify_method has a default of its own, smtp:[127.0.0.1]:10025, which was made before any file is read. Bounces, notifications and quarantine by mail go there, while mail goes to the new place. Where nothing listens there any more they fail; otherwise they take a way that nobody thinks of.",
  remedy: `Put \`$notify_method = $forward_method;\` behind it.`,
  wrong: [
    {
      title: "only one was changed",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$forward_method = 'smtp:[127.0.0.1]:20025';
#                 ^^^^^^^^^^^^^^^^^^^^^^^^ warning`,
    },
  ],
  right: [
    {
      title: "both",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$forward_method = 'smtp:[127.0.0.1]:20025';
$notify_method = $forward_method;`,
    },
    {
      title: "the default, written out",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$forward_method = 'smtp:[127.0.0.1]:10025';`,
    },
  ],
  check(context) {
    reportProblems(context, "notify-stale");
  },
};
