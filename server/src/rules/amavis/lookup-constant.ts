import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const lookupConstant: Rule = {
  code: "lookup-constant",
  severity: "error",
  summary: "A list of lookup tables holds an address itself, which then answers for everybody.",
  why: `The @..._maps lists hold tables: references to a hash or to a list, or a regular expression. A plain text in their place is no table with one entry but an answer, the same for every address, and as a text it counts as yes. So @whitelist_sender_maps with one address lets in everybody:

    wbl: whitelisted sender <other@victim.example>, <user@example.com>

@blacklist_sender_maps makes all mail spam, and a @bypass_..._checks_maps switches the check off. With @local_domains_maps every recipient counts as local (warning): outgoing mail gets spam headers and tags.`,
  remedy: `Put the addresses in brackets: \`@whitelist_sender_maps = (['friend@example.org']);\`.`,
  wrong: [
    {
      title: "one friend, and everybody is whitelisted",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
@whitelist_sender_maps = ('friend@example.org');
#                         ^^^^^^^^^^^^^^^^^^^^ error`,
    },
    {
      title: "a domain without brackets",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$mydomain = 'example.com';
@local_domains_maps = (".$mydomain", '.example.org');
#                      ^^^^^^^^^^^^ warning
#                                    ^^^^^^^^^^^^^^ warning`,
    },
    {
      title: "in a policy bank",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$policy_bank{'MYNETS'} = {
  bypass_spam_checks_maps => ['.example.com'],
#                             ^^^^^^^^^^^^^^ error
};`,
    },
  ],
  right: [
    {
      title: "tables",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$mydomain = 'example.com';
@local_domains_maps = ([".$mydomain"], read_hash('/etc/amavis/domains'));
@whitelist_sender_maps = ({ 'friend@example.org' => 1 }, new_RE(qr'@example\\.net$'i));`,
    },
    {
      title: "answers for everybody that are meant so",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
@bypass_virus_checks_maps = (1);
@spam_lovers_maps = (0);
@virus_admin_maps = ('postmaster@example.com');`,
    },
  ],
  check(context) {
    reportProblems(context, "lookup-constant");
  },
};
