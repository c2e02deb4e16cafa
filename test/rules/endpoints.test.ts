/** Every form of an endpoint, right and wrong, in one small mail system each; all findings about endpoints are marked. */
import { describe, expect, test } from "vitest";
import { analyse } from "../../server/src/analysis.js";
import { ENDPOINTS_RULES } from "../../server/src/rules/endpoints/index.js";
import { archiveSource, readArchive } from "../helpers/archive.js";
import { positioned, positionedMark } from "../helpers/findings.js";

const codes = new Set([
  ...ENDPOINTS_RULES.map(({ code }) => code),
  "port-out-of-range",
  "unknown-service-name",
  "unknown-transport",
]);
const CLIENTS = "smtp unix - - n - - smtp\nlmtp unix - - n - - lmtp";

describe.each([
  [
    "ports of nexthops",
    `-- main.cf --
relayhost = [relay.example.com]:70000
#                               ^^^^^ error port-out-of-range
smtp_fallback_relay = [192.0.2.1]:0, example.com:nosuchport, [192.0.2.1]:25x, [192.0.2.1]:
#                                 ^ error port-out-of-range
#                                                ^^^^^^^^^^ error unknown-service-name
#                                                            ^^^^^^^^^^^^^^^ error bad-nexthop
-- master.cf --
${CLIENTS}`,
  ],
  [
    "hosts of nexthops",
    `-- main.cf --
relayhost = [127.1]:25 []:25 :25 user@example.com [192.0.2.1]25 [a_b.example]:25 [IPv6:2001:db8::1]:25
#           ^^^^^^^^^^ error bad-nexthop
#                      ^^^^^ error bad-nexthop
#                            ^^^ error bad-nexthop
#                                ^^^^^^^^^^^^^^^^ error bad-nexthop
#                                                 ^^^^^^^^^^^^^ error bad-nexthop
-- master.cf --
${CLIENTS}`,
  ],
  [
    "prefixes are lmtp's, in small letters",
    `-- main.cf --
virtual_transport = lmtp:UNIX:private/lmtp
#                        ^^^^^^^^^^^^^^^^^ error bad-nexthop
local_transport = lmtp:/run/lmtp
#                      ^^^^^^^^^ error bad-nexthop
relay_transport = smtp:unix:private/x
#                      ^^^^^^^^^^^^^^ error bad-nexthop
mailbox_transport = lmtp:unix:private/lmtp
lmtp_fallback_relay = unix:private/y
#                     ^^^^^^^^^^^^^^ error bad-nexthop
default_transport = unix:private/x
#                   ^^^^ error unknown-transport
best_mx_transport = nosuch
#                   ^^^^^^ warning unknown-transport
-- master.cf --
${CLIENTS}`,
  ],
  [
    "nothing before the colon",
    `-- main.cf --
local_transport = :[192.0.2.1]
#                 ^^^^^^^^^^^^ error unknown-transport
-- master.cf --
${CLIENTS}`,
  ],
  [
    "a value through a $name is marked where it is written",
    `-- main.cf --
gateway = [192.0.2.7:587]
#         ^^^^^^^^^^^^^^^ error bad-nexthop
relayhost = $gateway
-- master.cf --
${CLIENTS}`,
  ],
  [
    "what another program fills in is never a fault",
    `-- main.cf --
relayhost = [{RELAY}]:{PORT}
smtpd_milters = inet:{MILTER}:{PORT}
smtpd_recipient_restrictions = check_policy_service inet:127.0.0.1:{PORT}, reject_unauth_destination
smtpd_sasl_path = {AUTH}
-- master.cf --
smtp inet n - n - - smtpd
${CLIENTS}`,
  ],
  [
    "relay hosts with a transport",
    `-- main.cf --
relayhost = relay:relay.example.com:587
#           ^^^^^^^^^^^^^^^^^^^^^^^^^^^ error main-relayhost-transport-form
smtp_fallback_relay = smtp://relay.example.com:587 mail.example.com:submission
#                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error main-relayhost-transport-form
-- master.cf --
${CLIENTS}`,
  ],
  [
    "milters: form, prefix in small letters, port",
    `-- main.cf --
smtpd_milters = INET:127.0.0.1:8891 inet:127.0.0.1 inet:127.0.0.1:70000 inet:127.0.0.1:nosuchport inet:8891
#               ^^^^^^^^^^^^^^^^^^^ error main-milter-form
#                                   ^^^^^^^^^^^^^^ error main-milter-form
#                                                                 ^^^^^ error port-out-of-range
#                                                                                      ^^^^^^^^^^ error unknown-service-name
-- master.cf --
smtp inet n - n - - smtpd`,
  ],
  [
    "policy services: form and port",
    `-- main.cf --
smtpd_recipient_restrictions = check_policy_service inet:127.0.0.1, check_policy_service tcp:127.0.0.1:1
#                                                   ^^^^^^^^^^^^^^ error bad-policy-service
#                                                                                        ^^^^^^^^^^^^^^^ error bad-policy-service
    check_policy_service inet:127.0.0.1:0
#                                       ^ error port-out-of-range
-- master.cf --
smtp inet n - n - - smtpd`,
  ],
  [
    "a restriction where the policy service is missing is another mistake",
    `-- main.cf --
smtpd_recipient_restrictions = check_policy_service permit_mynetworks, reject
-- master.cf --
smtp inet n - n - - smtpd`,
  ],
  [
    "inet_interfaces",
    `-- main.cf --
inet_interfaces = ALL
#                 ^^^ error main-interfaces-unknown`,
  ],
  [
    "one that is written in the file of a template is not known",
    `-- main.cf --
inet_interfaces = {{ interfaces }}
relayhost = {{ relay }}
maillog_file = {{ log }}`,
  ],
  [
    "a proxy filter in every wrong form",
    `-- main.cf --
smtpd_proxy_filter = [127.0.0.1]
#                    ^^^^^^^^^^^ error main-proxy-form
-- master.cf --
smtp inet n - n - - smtpd
587 inet n - n - - smtpd
  -o smtpd_proxy_filter=[127.0.0.1:10024]
#                       ^^^^^^^^^^^^^^^^^ error main-proxy-form
465 inet n - n - - smtpd
  -o smtpd_proxy_filter=`,
  ],
  [
    "Dovecot's socket over inet needs a port",
    `-- main.cf --
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1
#                 ^^^^^^^^^^^^^^ error dovecot-sasl-path
-- master.cf --
smtp inet n - n - - smtpd`,
  ],
  [
    "options under the wrong entry, once each",
    `-- master.cf --
relay unix - - n - - smtp
  -o smtp_fallback_relay=
  -o smtpd_client_restrictions=reject
#    ^^^^^^^^^^^^^^^^^^^^^^^^^ warning master-o-not-read
  -o lmtp_tls_security_level=may
#    ^^^^^^^^^^^^^^^^^^^^^^^ warning master-o-lmtp-prefix
cleanup unix n - n - 0 cleanup
  -o relayhost=[192.0.2.1]
#    ^^^^^^^^^ information master-o-global-unused`,
  ],
  [
    "postscreen: the pass entry is public; TLS without tlsproxy",
    `-- main.cf --
smtpd_tls_security_level = may
-- master.cf --
smtp inet n - n - 1 postscreen
#^^^ error master-postscreen-pair
#^^^ warning master-postscreen-pair
smtpd pass n - n - - smtpd`,
  ],
])("%s", (_name, text) => {
  test("the marked findings and no others", () => {
    const { files, marks } = readArchive(text);
    const withMain = new Map([["main.cf", ""], ["master.cf", ""], ...files]);
    const findings = analyse(archiveSource(withMain)).findings.filter(({ code }) => codes.has(code));
    expect(findings.map((finding) => positioned(finding, withMain)).sort()).toEqual(
      marks.map(positionedMark).sort(),
    );
  });
});
