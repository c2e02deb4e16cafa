import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const badNetwork: Rule = {
  code: "bad-network",
  severity: "error",
  summary: "An entry of a list of networks is no network, and amavisd does not start.",
  why: `When it starts, amavisd takes the networks of @inet_acl, @mynetworks and @client_ipaddr_policy apart, those of policy banks too. At the first one that it cannot read it gives up:

    (!!)TROUBLE in pre_loop_hook: Invalid IPv4 network mask or CIDR prefix length: [127.0.0.0/8,]
    (!!)TROUBLE in pre_loop_hook: IPv6 address [localhost] contains fewer than 8 fields

Postfix then finds nobody at the filter's port and defers all mail. The words of qw(...) have spaces between them: a comma becomes a part of the word.`,
  remedy: `Write each network as a text of its own: \`127.0.0.0/8\`, \`10.1.2.3\`, \`[::1]\`. Host names are not looked up.`,
  unfixable: "Which network is meant cannot be told, unless only a comma is too much.",
  wrong: [
    {
      title: "commas between words",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
@mynetworks = qw( 127.0.0.0/8, 10.0.0.0/8 );
#                 ^^^^^^^^^^^^ error`,
    },
    {
      title: "a mask that is none",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
@inet_acl = ('127.0.0.1', '10.0.0.0/33');
#                         ^^^^^^^^^^^^^ error`,
    },
  ],
  right: [
    {
      title: "networks in all the forms that it takes",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
@mynetworks = qw( 127/8 [::1] [fe80::]/10 !10.0.0.1 10.0.0.0/255.0.0.0 ::ffff:192.0.2.0/120 );`,
    },
    {
      title: "a list that amavisd does not take apart",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
@mynetworks = ('localhost');
@client_ipaddr_policy = (['127.0.0.0/8'] => 'MYNETS');`,
    },
  ],
  check(context) {
    reportProblems(context, "bad-network");
  },
};
