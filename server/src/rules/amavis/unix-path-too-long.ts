import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const unixPathTooLong: Rule = {
  code: "unix-path-too-long",
  severity: "error",
  summary: "The path of a Unix socket is longer than the system allows.",
  why: `A socket's path has room for 107 bytes. amavisd opens one whose name is cut off, without a message, and whoever connects to the path as written finds nothing:

    connect to /var/lib/...: No such file or directory`,
  remedy: "Choose a shorter path.",
  unfixable: "Whoever connects has to use the new path too.",
  wrong: [
    {
      title: "too many folders",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$protocol = 'LMTP';
$unix_socketname = '/var/lib/amavis/a-folder-with-a-long-name/another-folder-with-a-long-name/yet-another-folder-with-a-long-name/amavisd.sock';
#                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error`,
    },
  ],
  right: [
    {
      title: "a short path",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$protocol = 'LMTP';
$unix_socketname = '/var/lib/amavis/amavisd.sock';`,
    },
  ],
  check(context) {
    reportProblems(context, "unix-path-too-long");
  },
};
