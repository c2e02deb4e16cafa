/**
 * The way back from the filter, kind by kind: each system with everything that this family of rules says about it,
 * and next to it the near miss of which it says nothing.
 */
import { describe, expect, test } from "vitest";
import { analyse } from "../../../server/src/analysis.js";
import { REINJECTION_RULES } from "../../../server/src/rules/reinjection/index.js";
import { archiveSource, readArchive } from "../../helpers/archive.js";
import { positioned, positionedMark } from "../../helpers/findings.js";

const CODES = new Set([...REINJECTION_RULES.map(({ code }) => code), "filter-loop", "reinjection-missing"]);
const FEED = "smtp-amavis unix - - n - 2 smtp";
const AMAVIS = "-- amavisd.conf --\n$inet_socket_port = 10024;";

/** A system with one filter; `back` is the entry that takes mail back, with its options. */
const one = (
  main: string,
  back: string,
  amavis = AMAVIS,
  entries = "smtp inet n - n - - smtpd",
) => `-- main.cf --
compatibility_level = 3.6
mynetworks = 127.0.0.0/8 [::1]/128
content_filter = smtp-amavis:[127.0.0.1]:10024
${main}
-- master.cf --
${entries}
${FEED}
${back}
${amavis}`;
const OWN = `  -o content_filter=
  -o smtpd_client_restrictions=permit_mynetworks,reject`;

const STANDARD = `127.0.0.1:10025 inet n    -       n       -       -     smtpd
    -o content_filter=
    -o smtpd_delay_reject=no
    -o smtpd_client_restrictions=permit_mynetworks,reject
    -o smtpd_helo_restrictions=
    -o smtpd_sender_restrictions=
    -o smtpd_recipient_restrictions=permit_mynetworks,reject
    -o smtpd_data_restrictions=reject_unauth_pipelining
    -o mynetworks=127.0.0.0/8
    -o smtpd_error_sleep_time=0
    -o smtpd_client_connection_count_limit=0
    -o receive_override_options=no_header_body_checks,no_unknown_recipient_checks,no_milters
    -o local_header_rewrite_clients=`;

describe.each([
  [
    "everything that a standard reinjection guards against is set",
    one(
      `smtpd_milters = inet:127.0.0.1:8891
header_checks = pcre:/etc/postfix/header_checks
virtual_alias_maps = hash:/etc/postfix/virtual
smtpd_client_restrictions = reject_rbl_client zen.example.org
smtpd_client_message_rate_limit = 10
smtpd_recipient_restrictions = reject_unauth_destination, check_policy_service inet:127.0.0.1:10023`,
      STANDARD,
    ),
  ],
  [
    "masquerading alone is a matter of looks",
    one(
      "masquerade_domains = example.com\nreceive_override_options = no_address_mappings",
      `127.0.0.1:10025 inet n - n - - smtpd
#^^^^^^^^^^^^^^ warning address-mappings-never
${OWN}`,
    ),
  ],
  [
    "a value that a template fills in is not known",
    one(
      "virtual_alias_maps = {{ aliases }}\nreceive_override_options = no_address_mappings",
      `127.0.0.1:10025 inet n - n - - smtpd\n${OWN}`,
    ),
  ],
  [
    "a policy service may send mail through a filter that nobody sees here",
    `-- main.cf --
compatibility_level = 3.6
mynetworks = 127.0.0.0/8
virtual_alias_maps = hash:/etc/postfix/virtual
receive_override_options = no_address_mappings
smtpd_recipient_restrictions = check_policy_service inet:127.0.0.1:10023
-- master.cf --
smtp inet n - n - - smtpd
#^^^ warning address-mappings-never`,
  ],
  [
    "a second cleanup has the maps",
    one(
      "receive_override_options = no_address_mappings",
      `127.0.0.1:10025 inet n - n - - smtpd
${OWN}
  -o cleanup_service_name=back
  -o receive_override_options=no_address_mappings
#                             ^^^^^^^^^^^^^^^^^^^ error address-mappings-never
back unix n - n - 0 cleanup
  -o virtual_alias_maps=hash:/etc/postfix/virtual`,
    ),
  ],
  [
    "copies that users' mail alone gets twice",
    one(
      "sender_bcc_maps = hash:/etc/postfix/sent",
      `127.0.0.1:10025 inet n - n - - smtpd\n${OWN}`,
      AMAVIS,
      `smtp inet n - n - - smtpd
  -o receive_override_options=no_address_mappings
submission inet n - n - - smtpd
#^^^^^^^^^ warning address-mappings-twice`,
    ),
  ],
  [
    "the mynetworks of a table cannot be known",
    one(
      "",
      `127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
  -o mynetworks=hash:/etc/postfix/networks
  -o smtpd_client_restrictions=permit_mynetworks,reject`,
    ),
  ],
  [
    "a filter of another address of this host",
    one(
      "",
      `192.0.2.7:10025 inet n - n - - smtpd
#^^^^^^^^^^^^^^ warning reinjection-exposed
  -o content_filter=
  -o mynetworks=127.0.0.0/8
#               ^^^^^^^^^^^ error reinjection-rejects-filter
  -o smtpd_client_restrictions=permit_mynetworks,reject`,
      `${AMAVIS}\n$forward_method = $notify_method = 'smtp:[192.0.2.7]:10025';`,
    ),
  ],
  [
    "a negation takes the filter out of the networks",
    one(
      "",
      `127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
  -o mynetworks=!127.0.0.1,127.0.0.0/8
#               ^^^^^^^^^^^^^^^^^^^^^^ error reinjection-rejects-filter
  -o smtpd_client_restrictions=permit_mynetworks,reject`,
    ),
  ],
  [
    "the addresses that Postfix listens on are let pass",
    one(
      "inet_interfaces = all",
      `127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
  -o mynetworks=10.0.0.0/8
  -o smtpd_client_restrictions=permit_inet_interfaces,reject
  -o smtpd_relay_restrictions=permit_inet_interfaces,reject`,
    ),
  ],
  [
    "a table that rejects everybody",
    one(
      "",
      `127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
  -o smtpd_client_restrictions=check_client_access,static:REJECT
#                              ^^^^^^^^^^^^^^^^^^^ error reinjection-rejects-filter`,
    ),
  ],
  [
    "a service that stops at once has its own finding",
    one(
      "",
      `10025 inet n - n - - smtpd
  -o content_filter=
  -o mynetworks=10.0.0.0/8
  -o smtpd_relay_restrictions=
  -o smtpd_recipient_restrictions=permit`,
    ),
  ],
  [
    "postscreen hands connections on",
    one("", "127.0.0.1:10025 inet n - n - 1 postscreen\nsmtpd pass - - n - - smtpd\n  -o content_filter="),
  ],
  [
    "another Postfix program in the place of smtpd",
    one(
      "",
      `127.0.0.1:10025 inet n - n - - qmqpd
#                              ^^^^^ error reinjection-not-smtpd
  -o content_filter=`,
    ),
  ],
  [
    "TLS by way of a name, and a reinjection that is no further than its port",
    one(
      "mail_tls = encrypt\nsmtpd_tls_security_level = $mail_tls",
      `20025 inet n - n - - smtpd
#^^^^ error reinjection-tls-required
#^^^^ error unfiltered-entry
  -o content_filter=`,
      `${AMAVIS}\n$forward_method = $notify_method = 'smtp:*:20025';`,
    ),
  ],
  [
    "restrictions of a template may keep strangers out",
    one(
      "smtpd_client_restrictions = {{ client_restrictions }}",
      `10025 inet n - n - - smtpd
#^^^^ warning reinjection-exposed
  -o content_filter=`,
    ),
  ],
  [
    "a class that asks a policy service again",
    one(
      "smtpd_restriction_classes = greylist\ngreylist = check_policy_service inet:127.0.0.1:10023\nsmtpd_sender_restrictions = greylist",
      `127.0.0.1:10025 inet n - n - - smtpd
#^^^^^^^^^^^^^^ warning reinjection-inherits-restrictions
${OWN}`,
    ),
  ],
  [
    "warn_if_reject turns nobody away",
    one(
      "smtpd_client_restrictions = warn_if_reject reject_rbl_client zen.example.org",
      `127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
  -o mynetworks=127.0.0.0/8`,
    ),
  ],
  [
    "checks of all four kinds can ask for the filter again",
    one(
      "mime_header_checks = static:{FILTER smtp-amavis:[127.0.0.1]:10024}",
      `127.0.0.1:10025 inet n - n - - smtpd
#^^^^^^^^^^^^^^ error filter-loop
${OWN}`,
    ),
  ],
  [
    "milters that are not there have no checks",
    one(
      "milter_header_checks = static:{FILTER smtp-amavis:[127.0.0.1]:10024}",
      `127.0.0.1:10025 inet n - n - - smtpd\n${OWN}`,
    ),
  ],
  [
    "what leaves the quarantine goes nowhere",
    one(
      "",
      `127.0.0.1:10025 inet n - n - - smtpd\n${OWN}`,
      `${AMAVIS}
$release_method = 'smtp:[127.0.0.1]:10099';
#                 ^^^^^^^^^^^^^^^^^^^^^^^^ warning reinjection-missing
$requeue_method = 'smtp:[127.0.0.1]:10025';`,
    ),
  ],
  [
    "a port of amavisd plus one that is not there",
    one(
      "",
      `127.0.0.1:10026 inet n - n - - smtpd\n${OWN}`,
      `${AMAVIS}
$forward_method = $notify_method = 'smtp:*:*';
#                                  ^^^^^^^^^^ error reinjection-missing`,
    ),
  ],
])("%s", (_title, text) => {
  test("findings and marks agree", () => {
    const { files, marks } = readArchive(text);
    const found = analyse(archiveSource(files)).findings.filter(({ code }) => CODES.has(code));
    expect(found.map((finding) => positioned(finding, files)).sort()).toEqual(
      marks.map(positionedMark).sort(),
    );
  });
});

test("a service of the same port at another address is named", () => {
  const { files } = readArchive(one("", `127.0.0.2:10025 inet n - n - - smtpd\n${OWN}`));
  const messages = analyse(archiveSource(files)).findings.map(({ message }) => message);
  expect(messages.find((message) => message.includes("127.0.0.2:10025 is the same port"))).toBeDefined();
});
