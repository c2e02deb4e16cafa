import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const arrayRefToArray: Rule = {
  code: "array-ref-to-array",
  severity: "error",
  summary: "A list is assigned as one reference instead of its elements.",
  why: `Brackets make a reference, which is a single value. For @inet_acl and @mynetworks amavisd takes it for an address and stops at its start, and for @listen_sockets for a port:

    TROUBLE in pre_loop_hook: IPv6 address [ARRAY(0x564ba8211ff8)] contains fewer than 8 fields
    Net::Server: Could not determine port number from host [127.0.0.1]:127.0.0.1:ARRAY(0x55e133136918)

Other flat lists get an element that matches nothing (warning). Lists of lookup tables, such as @local_domains_maps, do hold references.`,
  remedy: "Write the elements in parentheses.",
  wrong: [
    {
      title: "brackets for the access list",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
@inet_acl = [qw(127.0.0.1 [::1])];
#           ^^^^^^^^^^^^^^^^^^^^^ error`,
    },
    {
      title: "a reference among the elements",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
@mynetworks = ( '127.0.0.0/8', ['10.0.0.0/8'] );
#                              ^^^^^^^^^^^^^^ error`,
    },
    {
      title: "a list that nothing matches",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
@local_domains_acl = ['.example.com'];
#                    ^^^^^^^^^^^^^^^^ warning`,
    },
  ],
  right: [
    {
      title: "parentheses",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
@inet_acl = qw(127.0.0.1 [::1]);`,
    },
    {
      title: "a list of lookup tables",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
@local_domains_maps = ( ["."] );`,
    },
  ],
  check(context) {
    reportProblems(context, "array-ref-to-array");
  },
};
