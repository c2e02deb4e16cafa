import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const mynetworksMapsUnread: Rule = {
  code: "mynetworks-maps-unread",
  severity: "warning",
  summary: "@mynetworks_maps is set, and nothing reads it.",
  why: `Which clients load the policy bank MYNETS, and so count as our own, stands in @client_ipaddr_policy. It is filled from @mynetworks_maps before amavisd reads any file, so that it has a reference to @mynetworks and nothing else. @mynetworks_maps itself is asked by nobody afterwards. Clients from the networks that it names are strangers: their mail is not signed and gets no settings of MYNETS. At log level 4:

    lookup_ip_acl (client_ipaddr_policy) arr.obj: key="203.0.113.5", no match`,
  remedy: `Set \`@mynetworks\`, or fill \`@client_ipaddr_policy\` once more behind the assignment.`,
  wrong: [
    {
      title: "networks from a file",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
@mynetworks_maps = (read_cidr('/etc/amavis/mynetworks'));
#^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning`,
    },
  ],
  right: [
    {
      title: "the policy is filled again",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
@mynetworks_maps = (read_cidr('/etc/amavis/mynetworks'));
@client_ipaddr_policy = map(($_,'MYNETS'), @mynetworks_maps);`,
    },
    {
      title: "@mynetworks is read",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
@mynetworks = qw( 127.0.0.0/8 10.0.0.0/8 );`,
    },
    {
      title: "the default, written out",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
@mynetworks_maps = (\\@mynetworks);`,
    },
  ],
  check(context) {
    reportProblems(context, "mynetworks-maps-unread");
  },
};
