/** Mail systems of any size for the benchmark, in our own words; the same arguments give the same text. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Writes a three-file mail system without errors: mail goes to amavisd and comes back.
 *
 * @param {string} folder made if it is not there
 * @param {{main?: number, master?: number, amavis?: number, number?: number}} sizes about how many lines each
 *   file gets (at least the few that a system needs), and a number that makes its names its own
 */
export function writeSystem(folder, { main = 0, master = 0, amavis = 0, number = 1 }) {
  mkdirSync(folder, { recursive: true });
  const texts = {
    "main.cf": grow(mainHead(number), mainBlock, main),
    "master.cf": grow(masterHead, masterBlock, master),
    "amavisd.conf": grow(amavisHead(number), amavisBlock, amavis, ["1;"]),
  };
  for (const [name, lines] of Object.entries(texts))
    writeFileSync(join(folder, name), `${lines.join("\n")}\n`);
}

/** A Dockerfile of about `size` lines, for the peer: the same work (parse, check, report) on its language. */
export function dockerfile(size) {
  const head = [
    "# A build that installs one tool after another",
    "FROM debian:bookworm AS base",
    "ARG VERSION=1",
  ];
  return `${grow(head, dockerBlock, size).join("\n")}\n`;
}

function grow(head, block, size, tail = []) {
  const lines = [...head];
  for (let i = 1; lines.length + tail.length < size; i++) lines.push(...block(i));
  return [...lines, ...tail];
}

function mainHead(number) {
  return [
    "# Host and domain",
    `myhostname = mx${number}.example.com`,
    "mydomain = example.com",
    "myorigin = $mydomain",
    "inet_interfaces = all",
    "inet_protocols = ipv4",
    "mydestination = $myhostname, localhost.$mydomain, localhost",
    "mynetworks = 127.0.0.0/8, 192.0.2.0/24",
    "",
    "# Everything that arrives is filtered first",
    "content_filter = smtp-amavis:[127.0.0.1]:10024",
    "",
    "smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination",
    "smtpd_recipient_restrictions =",
    "    permit_mynetworks,",
    "    reject_unauth_destination",
    "message_size_limit = 52428800",
    "mailbox_size_limit = 0",
  ];
}

/** What grows in a large main.cf: restriction classes and lists of networks, one for each site. */
function mainBlock(i) {
  return [
    `# Site ${i}: what its clients may do`,
    `site_${i}_domain = site${i}.example.net`,
    `site_${i}_networks = 198.51.${i % 256}.0/25,`,
    `    198.51.${i % 256}.128/26`,
    `site_${i}_restrictions =`,
    "    permit_mynetworks,",
    `    check_client_access inline:{ site${i}.example.net=OK },`,
    "    reject_unauth_destination",
    `site_${i}_banner = $myhostname ESMTP for $site_${i}_domain`,
    "",
  ];
}

const masterHead = [
  "# service type  private unpriv  chroot  wakeup  maxproc command",
  "smtp      inet  n       -       n       -       -       smtpd",
  "pickup    unix  n       -       n       60      1       pickup",
  "cleanup   unix  n       -       n       -       0       cleanup",
  "qmgr      unix  n       -       n       300     1       qmgr",
  "rewrite   unix  -       -       n       -       -       trivial-rewrite",
  "bounce    unix  -       -       n       -       0       bounce",
  "defer     unix  -       -       n       -       0       bounce",
  "smtp      unix  -       -       n       -       -       smtp",
  "relay     unix  -       -       n       -       -       smtp",
  "local     unix  -       n       n       -       -       local",
  "error     unix  -       -       n       -       -       error",
  "retry     unix  -       -       n       -       -       error",
  "smtp-amavis unix -      -       n       -       2       smtp",
  "    -o smtp_data_done_timeout=1200",
  "    -o smtp_send_xforward_command=yes",
  "127.0.0.1:10025 inet n  -       n       -       -       smtpd",
  "    -o content_filter=",
  "    -o mynetworks=127.0.0.0/8",
  "    -o smtpd_relay_restrictions=permit_mynetworks,reject",
  "    -o smtpd_recipient_restrictions=permit_mynetworks,reject",
  "    -o receive_override_options=no_unknown_recipient_checks,no_header_body_checks",
];

/** What grows in a large master.cf: one outgoing transport after another. */
function masterBlock(i) {
  return [
    `# Mail that leaves from the address of site ${i}`,
    `out-${i} unix - - n - - smtp`,
    `    -o smtp_bind_address=203.0.113.${(i % 250) + 1}`,
    `    -o smtp_helo_name=out${i}.example.com`,
    `    -o syslog_name=postfix/out-${i}`,
  ];
}

function amavisHead(number) {
  return [
    "use strict;",
    "$max_servers = 2;",
    "$mydomain = 'example.com';",
    `$myhostname = 'mx${number}.example.com';`,
    "$inet_socket_port = 10024;",
    "$forward_method = 'smtp:[127.0.0.1]:10025';",
    "$notify_method = $forward_method;",
    '@local_domains_maps = ( [".$mydomain"] );',
    "$sa_tag_level_deflt = 2.0;",
    "$sa_kill_level_deflt = 6.9;",
    "$final_virus_destiny = D_DISCARD;",
    "$final_spam_destiny = D_PASS;",
  ];
}

/** What grows in a large amavisd.conf: policy banks. */
function amavisBlock(i) {
  return [
    `# Mail of site ${i}`,
    `$policy_bank{'SITE${i}'} = {`,
    `  log_level => ${i % 5},`,
    `  virus_admin_maps => ["virus-alert\\@site${i}.example.net"],`,
    "  spam_kill_level_maps => [7.5],",
    "};",
  ];
}

function dockerBlock(i) {
  return [
    `# Tool ${i}`,
    `LABEL tool${i}="version $VERSION"`,
    `ENV TOOL_${i}=/opt/tool${i}`,
    `RUN mkdir -p /opt/tool${i} && \\`,
    `    echo "tool ${i}" > /opt/tool${i}/name`,
    "",
  ];
}
