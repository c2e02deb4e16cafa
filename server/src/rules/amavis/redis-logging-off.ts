import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const redisLoggingOff: Rule = {
  code: "redis-logging-off",
  severity: "warning",
  summary: "A list for log events is named, and without a limit nothing is written to it.",
  why: `amavisd writes a log event to the Redis list only when $redis_logging_key and $redis_logging_queue_size_limit are both set: while the list is longer than the limit, events are dropped, and the default, no limit, means that none is written. No message says so.`,
  remedy: `Set \`$redis_logging_queue_size_limit\`, such as 100000.`,
  wrong: [
    {
      title: "no limit",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$redis_logging_key = 'amavis-log';
#                    ^^^^^^^^^^^^ warning`,
    },
    {
      title: "a limit of 0",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$redis_logging_key = 'amavis-log';
#                    ^^^^^^^^^^^^ warning
$redis_logging_queue_size_limit = 0;`,
    },
  ],
  right: [
    {
      title: "a limit",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$redis_logging_key = 'amavis-log';
$redis_logging_queue_size_limit = 100_000;`,
    },
    {
      title: "no list",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$redis_logging_key = undef;`,
    },
  ],
  check(context) {
    reportProblems(context, "redis-logging-off");
  },
};
