import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const lookupEntryNever: Rule = {
  code: "lookup-entry-never",
  severity: "warning",
  summary: "An entry of a lookup table is written so that nothing matches it.",
  why: `amavisd compares the entries of its tables with the address, the domain, and the domain with a dot in front. There are no wildcards, a domain stands without @, and a comma between the words of qw(...) becomes a part of the word. Keys of a hash are asked in lower case, and so are the names in %allowed_added_header_fields. An entry that is written otherwise is never found, and no message says so; only at log level 4:

    lookup [local_domains] => undef, "user@example.com" does not match`,
  remedy: `Write \`example.com\` for a domain, \`.example.com\` for it and all below it, \`user@example.com\` for an address and \`.\` for everybody; keys of a hash in lower case (\`lc('X-Spam-Report')\`).`,
  wrong: [
    {
      title: "commas in qw",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
@local_domains_acl = qw( .example.com, .example.org );
#                        ^^^^^^^^^^^^^ warning`,
    },
    {
      title: "wildcards, and a domain with @",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
@whitelist_sender_acl = ('*@example.org', '@example.net', '*.example.com');
#                        ^^^^^^^^^^^^^^^ warning
#                                         ^^^^^^^^^^^^^^ warning
#                                                         ^^^^^^^^^^^^^^^ warning`,
    },
    {
      title: "capitals in a hash",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
%local_domains = ('Example.com' => 1);
#                 ^^^^^^^^^^^^^ warning
$allowed_added_header_fields{'Received'} = 0;
#                            ^^^^^^^^^^ warning`,
    },
  ],
  right: [
    {
      title: "entries that match",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
@local_domains_acl = qw( .example.com !sub.Example.org user@example.net . );
%local_domains = ('.example.com' => 1, 'user@' => 1);
$allowed_added_header_fields{lc('Received')} = 0;`,
    },
    {
      title: "a regular expression",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
@whitelist_sender_maps = (new_RE(qr'^.*@example\\.org$'i));`,
    },
  ],
  check(context) {
    reportProblems(context, "lookup-entry-never");
  },
};
