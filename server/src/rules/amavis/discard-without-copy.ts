import type { Rule } from "../rule.js";
import { reportProblems } from "./problems.js";

export const discardWithoutCopy: Rule = {
  code: "discard-without-copy",
  severity: "warning",
  summary: "Blocked mail is thrown away, and the quarantine that should keep a copy has no folder.",
  why: `With D_DISCARD amavisd tells the sender that the mail was taken, and delivers nothing. What was wrongly blocked can then only be found in the quarantine. Its default is to write files below $QUARANTINEDIR, which is undefined unless a file sets it; amavisd leaves the copy out and still logs that it made one:

    skip local delivery(3): <user@example.org> -> <banned-quarantine>
    Blocked BANNED (application/octet-stream,a.exe) {DiscardedInbound,Quarantined}

Attachments that $banned_filename_re stops are discarded by default. Who switches the quarantine off in writing is not told about it.`,
  remedy: `Set \`$QUARANTINEDIR\`; or undefine the quarantine (\`$spam_quarantine_method = undef\`) if no copy is wanted.`,
  unfixable: "The folder has to exist and belong to amavisd.",
  wrong: [
    {
      title: "spam is discarded",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$final_spam_destiny = D_DISCARD;
#                     ^^^^^^^^^ warning`,
    },
    {
      title: "banned attachments are discarded by default",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$banned_filename_re = new_RE(qr'.\\.exe$'i);
#                     ^^^^^^^^^^^^^^^^^^^^ warning`,
    },
  ],
  right: [
    {
      title: "a folder",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$QUARANTINEDIR = '/var/lib/amavis/virusmails';
$final_spam_destiny = D_DISCARD;`,
    },
    {
      title: "no copy is wanted",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$final_spam_destiny = D_DISCARD;
$spam_quarantine_to = undef;
$final_bad_header_destiny = D_DISCARD;
$bad_header_quarantine_method = undef;`,
    },
    {
      title: "the copy goes elsewhere",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$final_spam_destiny = D_DISCARD;
$spam_quarantine_to = 'spam@example.com';`,
    },
    {
      title: "delivered",
      text: `-- amavisd.conf --
$inet_socket_port = 10024;
$final_spam_destiny = D_PASS;
$banned_filename_re = new_RE(qr'.\\.exe$'i);
$final_banned_destiny = D_PASS;`,
    },
  ],
  check(context) {
    reportProblems(context, "discard-without-copy");
  },
};
