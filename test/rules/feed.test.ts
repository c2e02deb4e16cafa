/** The way to the filter, right and wrong, in one small mail system each; all findings about it are marked. */
import { describe, expect, test } from "vitest";
import { analyse } from "../../server/src/analysis.js";
import { FEED_RULES } from "../../server/src/rules/feed/index.js";
import { archiveSource, readArchive } from "../helpers/archive.js";
import { positioned, positionedMark } from "../helpers/findings.js";

const codes = new Set([
  ...FEED_RULES.map(({ code }) => code),
  "filter-concurrency",
  "filter-rejects-mta",
  "filter-loop",
  "master-postscreen-overrides",
  "unknown-transport",
]);
const BACK = "127.0.0.1:10025 inet n - n - - smtpd\n  -o content_filter=";
const FEED = "smtp-amavis unix - - n - 2 smtp";
const AMAVIS = "-- amavisd.conf --\n$inet_socket_port = 10024;\n$inet_socket_bind = '127.0.0.1';";
const FILTER = "content_filter = smtp-amavis:[127.0.0.1]:10024";

describe.each([
  [
    "what is inherited on the way to a filter that is not here is unfiltered too, and TLS is its own affair",
    `-- main.cf --
smtp_fallback_relay = [backup.example.net]
smtp_tls_security_level = encrypt
content_filter = scan:[filter.example.net]:10024
-- master.cf --
smtp inet n - n - - smtpd
scan unix - - n - 2 smtp
#^^^ error feed-fallback-relay`,
  ],
  [
    "the everyday set-up: one feed, one way back, submission filtered like the rest",
    `-- main.cf --
compatibility_level = 3.6
smtp_tls_security_level = may
content_filter = amavisfeed:[127.0.0.1]:10024
-- master.cf --
smtp inet n - y - - smtpd
submission inet n - y - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
submissions inet n - y - - smtpd
  -o smtpd_tls_wrappermode=yes
  -o smtpd_sasl_auth_enable=yes
pickup unix n - y 60 1 pickup
smtp unix - - y - - smtp
amavisfeed unix - - n - 2 lmtp
  -o lmtp_data_done_timeout=1200
  -o lmtp_send_xforward_command=yes
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
use strict;
$inet_socket_port = 10024;
$max_servers = 2;
1;`,
  ],
  [
    "a FILTER action that chooses a relay is no filter",
    `-- main.cf --
smtp_fallback_relay = [backup.example.net]
smtp_generic_maps = inline:{a=b}
header_checks = static:{FILTER smtp:[relay.example.net]}
-- master.cf --
smtp inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
smtp unix - - n - - smtp`,
  ],
  [
    "options of the entry itself are pointed at, and the last of a name counts",
    `-- main.cf --
${FILTER}
-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
  -o smtp_tls_security_level=encrypt
  -o smtp_fallback_relay=[backup.example.net]
#                        ^^^^^^^^^^^^^^^^^^^^ error feed-fallback-relay
  -o smtp_generic_maps=inline:{a=b}
#                      ^^^^^^^^^^^^ warning feed-generic-maps
  -o smtp_tls_security_level=may
  -o smtp_data_done_timeout=8m
#                           ^^ warning feed-timeout-short
${BACK}
${AMAVIS}`,
  ],
  [
    "the words of TLS levels in any case, the old parameter, and a bank that offers TLS",
    `-- main.cf --
smtp_enforce_tls = yes
smtp_tls_security_level =
-- master.cf --
25 inet n - n - - smtpd
  -o content_filter=old:[127.0.0.1]:10024
587 inet n - n - - smtpd
  -o content_filter=upper:[127.0.0.1]:10024
2525 inet n - n - - smtpd
  -o content_filter=lower:[127.0.0.1]:10024
2526 inet n - n - - smtpd
  -o content_filter=bank:[127.0.0.1]:10026
old unix - - n - 1 smtp
#^^ error feed-tls-required
upper unix - - n - 1 smtp
  -o smtp_tls_security_level=VERIFY
#                            ^^^^^^ error feed-tls-required
lower unix - - n - 1 smtp
  -o smtp_tls_security_level=none
bank unix - - n - 1 smtp
  -o smtp_tls_security_level=encrypt
127.0.0.1:10025 inet n - n - - smtpd
-- amavisd.conf --
$inet_socket_port = [10024, 10026];
$interface_policy{'10026'} = 'TLS';
$policy_bank{'TLS'} = { tls_security_level_in => 'may', tls_something => 1 };`,
  ],
  [
    "amavisd's configuration is not here: a level that it cannot fulfil is only likely",
    `-- main.cf --
smtp_tls_security_level = encrypt
smtp_bind_address = 192.0.2.1
${FILTER}
-- master.cf --
smtp inet n - n - - smtpd
${FEED}
#^^^^^^^^^^ warning feed-tls-required
${BACK}`,
  ],
  [
    "values of a template are no mistakes",
    `-- main.cf --
smtp_fallback_relay = {{ fallback }}
smtp_tls_security_level = {{ level }}
smtp_tls_wrappermode = {{ wrapper }}
smtp_bind_address = {{ address }}
smtp_generic_maps = {{ maps }}
smtp_data_done_timeout = {{ seconds }}
smtp_send_xforward_command = {{ xforward }}
relayhost = [mail.example.net]:465
${FILTER}
-- master.cf --
smtp inet n - n - - smtpd
465 inet n - n - - smtpd
  -o smtpd_tls_wrappermode={{ wrapper }}
smtp unix - - n - - smtp
${FEED}
${BACK}
${AMAVIS}
$policy_bank{'MYNETS'} = { originating => 1 };`,
  ],
  [
    "the address of one family does not matter to the other, and lists of amavisd are read in order",
    `-- main.cf --
smtp_bind_address = 192.0.2.1
smtp_bind_address6 = 2001:db8::1
-- master.cf --
25 inet n - n - - smtpd
  -o content_filter=four:[127.0.0.1]:10024
587 inet n - n - - smtpd
  -o content_filter=six:[::1]:10024
four unix - - n - 1 smtp
six unix - - n - 1 smtp
#^^ error feed-bind-address
127.0.0.1:10025 inet n - n - - smtpd
-- amavisd.conf --
$inet_socket_port = 10024;
@inet_acl = qw(!192.0.2.2 127.0.0.1 [::1] 192.0.2/24);`,
  ],
  [
    "AM.PDP by a FILTER action and by a list whose first answers",
    `-- main.cf --
header_checks = static:{FILTER smtp-amavis:[127.0.0.1]:9998}
#               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error filter-wrong-protocol
-- master.cf --
smtp inet n - n - - smtpd
  -o { content_filter = smtp-amavis:[127.0.0.1]:10024, [127.0.0.1]:9998 }
cleanup unix n - n - 0 cleanup
${FEED}
127.0.0.1:10025 inet n - n - - smtpd
  -o receive_override_options=no_header_body_checks
-- amavisd.conf --
$inet_socket_port = [10024, 9998];
$interface_policy{'9998'} = 'P';
$policy_bank{'P'} = { protocol => 'AM.PDP' };`,
  ],
  [
    "a filter on postscreen is said once",
    `-- master.cf --
smtp inet n - n - 1 postscreen
  -o content_filter=smtp-amavis:[127.0.0.1]:10024
#    ^^^^^^^^^^^^^^ error filter-behind-postscreen
  -o smtpd_recipient_restrictions=reject
#    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning master-postscreen-overrides
smtpd pass - - n - - smtpd
${FEED}
${BACK}
${AMAVIS}`,
  ],
  [
    "the pass service behind postscreen at port 25 is port 25",
    `-- master.cf --
smtp inet n - n - 1 postscreen
smtpd pass - - n - - smtpd
  -o smtpd_tls_wrappermode=yes
#                          ^^^ error wrappermode-port
other pass - - n - - smtpd
  -o smtpd_tls_wrappermode=yes`,
  ],
  [
    "ports of a relay host: none is 25, a name is its number, and other ports may be anything",
    `-- main.cf --
smtp_tls_wrappermode = yes
smtp_tls_security_level = encrypt
-- master.cf --
a unix - - n - - smtp
b unix - - n - - smtp
smtp unix - - n - - smtp
  -o smtp_fallback_relay=mail.example.net,[b.example.net]:2465
#                        ^^^^^^^^^^^^^^^^ error wrappermode-port
relay unix - - n - - smtp
  -o smtp_fallback_relay=[b.example.net]:smtps
plain unix - - n - - smtp
  -o smtp_fallback_relay=[b.example.net]:submissions
#                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^ error wrappermode-port
  -o smtp_tls_wrappermode=no`,
  ],
  [
    "a policy table may have the level that the wrapper needs",
    `-- main.cf --
relayhost = [mail.example.net]:465
smtp_tls_wrappermode = yes
smtp_tls_policy_maps = inline:{ {[mail.example.net]:465 = encrypt} }
-- master.cf --
smtp unix - - n - - smtp`,
  ],
  [
    "header checks send the output of a pipe filter back to it",
    `-- main.cf --
header_checks = static:{FILTER scan:dummy}
#               ^^^^^^^^^^^^^^^^^^^^^^^^^^ error pipe-filter-no-g
-- master.cf --
smtp inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
scan unix - n n - - pipe flags=Rq user=filter argv=/opt/filter | /usr/sbin/sendmail -G -i`,
  ],
  [
    "and do not where pickup passes by them",
    `-- main.cf --
header_checks = static:{FILTER scan:dummy}
-- master.cf --
smtp inet n - n - - smtpd
pickup unix n - n 60 1 pickup
  -o receive_override_options=no_header_body_checks
cleanup unix n - n - 0 cleanup
scan unix - n n - - pipe flags=Rq user=filter argv=/usr/sbin/sendmail -G -i`,
  ],
  [
    "a proxy filter shadows every other filter of its service, so none of them loops",
    `-- main.cf --
${FILTER}
header_checks = static:{FILTER smtp-amavis:[127.0.0.1]:10024}
-- master.cf --
smtp inet n - n - - smtpd
  -o smtpd_proxy_filter=127.0.0.1:10024
cleanup unix n - n - 0 cleanup
${FEED}
${BACK}
  -o receive_override_options=no_header_body_checks
${AMAVIS}
$max_servers = 200;`,
  ],
  [
    "an address of the network with amavisd's default list",
    `-- main.cf --
content_filter = smtp-amavis:[192.0.2.7]:10024
-- master.cf --
smtp inet n - n - - smtpd
${FEED}
${BACK}
-- amavisd.conf --
$inet_socket_port = 10024;
$inet_socket_bind = '192.0.2.7';
#                   ^^^^^^^^^^^ error filter-rejects-mta`,
  ],
  [
    "prefixes and hosts are no transports",
    `-- main.cf --
content_filter = inet:127.0.0.1:10024
#                ^^^^ error unknown-transport
-- master.cf --
smtp inet n - n - - smtpd
587 inet n - n - - smtpd
  -o content_filter=filter.example.net:10024
#                   ^^^^^^^^^^^^^^^^^^ error unknown-transport
${FEED}
${BACK}
${AMAVIS}`,
  ],
  [
    "a series of filters that ends, and one whose last port comes back to its start",
    `-- main.cf --
${FILTER}
-- master.cf --
smtp inet n - n - - smtpd
${FEED}
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=smtp-amavis:[127.0.0.1]:10026
127.0.0.1:20025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = [10024, 10026];
$interface_policy{'10026'} = 'SECOND';
$policy_bank{'SECOND'} = { forward_method => 'smtp:[127.0.0.1]:20025' };`,
  ],
])("%s", (_title, text) => {
  test("the marked findings and no other", () => {
    const { files, marks } = readArchive(text);
    const complete = new Map([["main.cf", ""], ...files]);
    const found = analyse(archiveSource(complete)).findings.filter(({ code }) => codes.has(code));
    expect(found.map((finding) => positioned(finding, complete)).sort()).toEqual(
      marks.map((mark) => positionedMark({ ...mark, code: mark.code ?? "" })).sort(),
    );
  });
});
