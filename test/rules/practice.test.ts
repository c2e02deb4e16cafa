/**
 * Mistakes that people really made, each as the smallest mail system that has it. All findings of each are
 * marked, so a second opinion on the same mistake fails the test too.
 */
import { describe, expect, test } from "vitest";
import { analyse } from "../../server/src/analysis.js";
import { archiveSource, readArchive } from "../helpers/archive.js";
import { positioned, positionedMark } from "../helpers/findings.js";

const FEED = "smtp-amavis unix - - n - 2 smtp";
const BACK = "127.0.0.1:10025 inet n - n - - smtpd\n  -o content_filter=";
const AMAVIS = "-- amavisd.conf --\n$inet_socket_port = 10024;";

describe.each([
  [
    "the filter's port was changed on one side only",
    `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10026
#                            ^^^^^^^^^^^^^^^^^ error filter-listener-missing
-- master.cf --
smtp inet n - n - - smtpd
${FEED}
${BACK}
${AMAVIS}`,
  ],
  [
    "a second policy bank hands mail back to 20025, and master.cf has 10025",
    `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
submission inet n - n - - smtpd
  -o content_filter=smtp-amavis:[127.0.0.1]:10026
${FEED}
${BACK}
-- amavisd.conf --
$inet_socket_port = [10024, 10026];
$interface_policy{'10026'} = 'ORIGINATING';
$policy_bank{'ORIGINATING'} = {
  forward_method => 'smtp:[127.0.0.1]:20025',
#                   ^^^^^^^^^^^^^^^^^^^^^^^^ error reinjection-missing
};`,
  ],
  [
    "the reinjection service has everything but an empty content_filter",
    `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
${FEED}
127.0.0.1:10025 inet n - n - - smtpd
#^^^^^^^^^^^^^^ error filter-loop
  -o smtpd_client_restrictions=permit_mynetworks,reject
  -o mynetworks=127.0.0.0/8
${AMAVIS}`,
  ],
  [
    "a later -o brings the filter back",
    `-- master.cf --
smtp inet n - n - - smtpd
  -o content_filter=smtp-amavis:[127.0.0.1]:10024
${FEED}
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
  -o content_filter=smtp-amavis:[127.0.0.1]:10024
#                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error filter-loop
${AMAVIS}
$forward_method = 'smtp:[127.0.0.1]:10025';`,
  ],
  [
    "465 twice, as smtps and as submissions",
    `-- master.cf --
smtps inet n - n - - smtpd
#^^^^ error duplicate-service
  -o smtpd_tls_wrappermode=yes
submissions inet n - n - - smtpd
  -o smtpd_sasl_auth_enable=yes`,
  ],
  [
    "a blank in an option's value",
    `-- master.cf --
submission inet n - n - - smtpd
  -o smtpd_recipient_restrictions=permit_sasl_authenticated, reject
#                                                            ^^^^^^ error option-syntax`,
  ],
  [
    "a column is missing",
    `-- master.cf --
amavisfeed unix - - n 2 lmtp
#^^^^^^^^^^^^^^^^^^^^^^^^^^^ error field-count`,
  ],
  [
    "a policy service defined by two packages",
    `-- master.cf --
policyd-spf unix - n n - 0 spawn user=policyd-spf argv=/usr/bin/policyd-spf
#^^^^^^^^^^ error duplicate-service
policyd-spf unix - n n - 0 spawn user=nobody argv=/usr/bin/policyd-spf`,
  ],
  [
    "a transport with a stray character",
    `-- main.cf --
content_filter = amavisfed:[127.0.0.1]:10024
#                ^^^^^^^^^ error unknown-transport
-- master.cf --
smtp inet n - n - - smtpd
amavisfeed unix - - n - 2 lmtp
${BACK}
${AMAVIS}`,
  ],
  [
    "before the queue, and the way back has the proxy filter too",
    `-- main.cf --
smtpd_proxy_filter = 127.0.0.1:10024
-- master.cf --
smtp inet n - n - - smtpd
127.0.0.1:10025 inet n - n - - smtpd
#^^^^^^^^^^^^^^ error filter-loop
${AMAVIS}`,
  ],
  [
    "before the queue, and nobody listens",
    `-- main.cf --
content_filter =
-- master.cf --
smtp inet n - n - - smtpd
  -o smtpd_proxy_filter=127.0.0.1:10023
#                       ^^^^^^^^^^^^^^^ error filter-listener-missing
${BACK}
${AMAVIS}`,
  ],
  [
    "amavisd listens on ::1 only",
    `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
#                            ^^^^^^^^^^^^^^^^^ error filter-listener-missing
-- master.cf --
smtp inet n - n - - smtpd
${FEED}
${BACK}
${AMAVIS}
$inet_socket_bind = '::1';`,
  ],
  [
    "a service name that is in nobody's services file",
    `-- master.cf --
amavis-back inet n - n - - smtpd
#^^^^^^^^^^ error unknown-service-name`,
  ],
  [
    "a nexthop without a port",
    `-- main.cf --
content_filter = smtp-amavis:127.0.0.1
#                            ^^^^^^^^^ error filter-loop
-- master.cf --
smtp inet n - n - - smtpd
${FEED}
${BACK}
${AMAVIS}`,
  ],
  [
    "a method that is no method",
    `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
${FEED}
${BACK}
${AMAVIS}
$forward_method = 'esmtp:[127.0.0.1]:10025';
#                 ^^^^^^^^^^^^^^^^^^^^^^^^^ error bad-forward-method`,
  ],
  [
    "the filter stayed on the entry of port 25 when postscreen took it over",
    `-- master.cf --
smtp inet n - n - 1 postscreen
  -o content_filter=smtp-amavis:[127.0.0.1]:10024
#    ^^^^^^^^^^^^^^ error filter-behind-postscreen
smtpd pass - - n - - smtpd
${FEED}
${BACK}
${AMAVIS}`,
  ],
  [
    "submission without the filter that port 25 has",
    `-- master.cf --
smtp inet n - n - - smtpd
  -o content_filter=smtp-amavis:[127.0.0.1]:10024
submission inet n - n - - smtpd
#^^^^^^^^^ warning filter-submission-uncovered
  -o smtpd_tls_security_level=encrypt
${FEED}
${BACK}
${AMAVIS}`,
  ],
  [
    "TLS from the start on the port of STARTTLS",
    `-- master.cf --
submission inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
#                          ^^^ warning wrappermode-port`,
  ],
  [
    "no TLS from the start on 465, and none to a relay host at 465",
    `-- main.cf --
relayhost = [smtp.example.net]:465
#           ^^^^^^^^^^^^^^^^^^^^^^ error wrappermode-port
smtp_tls_security_level = encrypt
-- master.cf --
smtp unix - - n - - smtp
smtps inet n - n - - smtpd
#^^^^ warning wrappermode-port
  -o smtpd_sasl_auth_enable=yes`,
  ],
  [
    "a container network that is a part of the internet",
    `-- main.cf --
compatibility_level = 3.6
mynetworks = 127.0.0.0/8 172.0.0.0/8
#                        ^^^^^^^^^^^ warning open-relay
-- master.cf --
smtp inet n - n - - smtpd`,
  ],
  [
    "amavisd as a milter",
    `-- main.cf --
smtpd_milters = inet:127.0.0.1:10024
#               ^^^^^^^^^^^^^^^^^^^^ error milter-to-amavis
-- master.cf --
smtp inet n - n - - smtpd
${BACK}
  -o smtpd_milters=
${AMAVIS}`,
  ],
  [
    "SpamAssassin by pipe for every service",
    `-- main.cf --
content_filter = spamassassin
#                ^^^^^^^^^^^^ error pipe-filter-no-g
-- master.cf --
smtp inet n - n - - smtpd
pickup unix n - n 60 1 pickup
spamassassin unix - n n - - pipe
  user=debian-spamd argv=/usr/bin/spamc -f -e /usr/sbin/sendmail -oi -f \${sender} \${recipient}`,
  ],
])("%s", (_title, text) => {
  test("is found, once", () => {
    const { files, marks } = readArchive(text);
    const all = new Map([["main.cf", ""], ["master.cf", ""], ...files]);
    const found = analyse(archiveSource(all)).findings.filter(
      ({ severity }) => severity === "error" || severity === "warning",
    );
    expect(found.map((finding) => positioned(finding, all))).toEqual(marks.map(positionedMark));
  });
});

describe.each([
  [
    "two filters in a row, the second on 20025",
    `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
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
$policy_bank{'SECOND'} = { forward_method => 'smtp:[127.0.0.1]:20025', notify_method => 'smtp:[127.0.0.1]:20025' };`,
  ],
  [
    "inherited FILTER behind permit_mynetworks, which lets the filter pass first",
    `-- main.cf --
mynetworks = 127.0.0.0/8
smtpd_sender_restrictions = permit_mynetworks, check_sender_access static:{FILTER smtp-amavis:[127.0.0.1]:10024}
-- master.cf --
smtp inet n - n - - smtpd
${FEED}
${BACK}
${AMAVIS}`,
  ],
  [
    "ports written with names and variables",
    `-- main.cf --
filter_port = 10024
content_filter = smtp-amavis:[127.0.0.1]:$filter_port
-- master.cf --
smtp inet n - n - - smtpd
${FEED}
localhost:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
my $port = 10000 + 24;
$inet_socket_port = $port;
$forward_method = "smtp:[127.0.0.1]:" . ($port + 1);`,
  ],
  [
    "a fail-over list whose second method is there",
    `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
${FEED}
${BACK}
${AMAVIS}
$forward_method = ['smtp:[127.0.0.1]:10099', 'smtp:[127.0.0.1]:10025'];`,
  ],
  [
    "amavisd reads its port from elsewhere: unknown is no error",
    `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
${FEED}
${BACK}
-- amavisd.conf --
$inet_socket_port = $ENV{AMAVIS_PORT};`,
  ],
])("in order: %s", (_title, text) => {
  test("no error and no warning", () => {
    const { files } = readArchive(text);
    const all = new Map([["main.cf", ""], ["master.cf", ""], ...files]);
    const found = analyse(archiveSource(all)).findings.filter(
      ({ severity }) => severity === "error" || severity === "warning",
    );
    expect(found.map((finding) => `${finding.code}: ${finding.message}`)).toEqual([]);
  });
});
