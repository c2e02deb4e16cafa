/** Values in their surroundings: who reads them, where they were written, what is switched on, what is said already. */
import { describe, expect, test } from "vitest";
import { analyse } from "../../server/src/analysis.js";
import { VALUES_RULES } from "../../server/src/rules/values/index.js";
import { archiveSource, readArchive } from "../helpers/archive.js";
import { positioned, positionedMark } from "../helpers/findings.js";

const codes = new Set(VALUES_RULES.map((rule) => rule.code));

describe.each([
  [
    "through a $name, where it was written",
    `-- main.cf --
our_switch = on
#            ^^ error main-bad-bool
smtpd_helo_required = $our_switch
-- master.cf --
smtp inet n - n - - smtpd`,
  ],
  [
    "through a $name that an option changes, once",
    `-- main.cf --
our_time = 10s
smtpd_timeout = $our_time
-- master.cf --
smtp inet n - n - - smtpd
submission inet n - n - - smtpd
  -o our_time=10S
#             ^^^ error main-bad-time`,
  ],
  [
    "overridden in every service that reads it",
    `-- main.cf --
smtpd_timeout = 10S
#               ^^^ warning main-bad-time
-- master.cf --
smtp inet n - n - - smtpd
  -o smtpd_timeout=10s`,
  ],
  [
    "an option that the program never reads is another matter",
    `-- master.cf --
smtp unix - - n - - smtp
  -o smtpd_timeout=10S`,
  ],
  [
    "an entry that a later one overrides",
    `-- master.cf --
smtp inet n - n - - smtpd
  -o smtpd_timeout=10S
smtp inet n - n - - smtpd`,
  ],
  [
    "both branches of a value that depends on the load",
    `-- main.cf --
smtpd_hard_error_limit = \${stress?{one}:{20}}
#                                  ^^^ error main-bad-int
smtpd_junk_command_limit = \${stress?{1}:{many}}
#                                        ^^^^ error main-bad-int
smtpd_timeout = \${stress?{10}:{300}}s
-- master.cf --
smtp inet n - n - - smtpd`,
  ],
  [
    "an expression of levels",
    `-- main.cf --
compatibility_level = 3.6
smtpd_relay_before_recipient_restrictions = \${{$compatibility_level} <level {3.6} ? {no} : {yes}}
-- master.cf --
smtp inet n - n - - smtpd`,
  ],
  [
    "placeholders of templates",
    `-- main.cf --
myhostname = {{ hostname }}
mydomain = {DOMAIN}
message_size_limit = %size
inet_protocols = @PROTOCOLS@
smtp_bind_address = ##ADDRESS##
-- master.cf --
smtp inet n - n - - smtpd`,
  ],
  [
    "SASL and milters that are not in use",
    `-- main.cf --
smtpd_sasl_type = courier
#                 ^^^^^^^ warning main-bad-enum
milter_default_action = allow
#                       ^^^^^ warning main-bad-enum
-- master.cf --
smtp inet n - n - - smtpd`,
  ],
  [
    "milters that are in use",
    `-- main.cf --
smtpd_milters = inet:127.0.0.1:8891
milter_default_action = allow
#                       ^^^^^ error main-bad-enum
-- master.cf --
smtp inet n - n - - smtpd`,
  ],
  [
    "a comment behind a value is said elsewhere",
    `-- main.cf --
message_size_limit = 10240000 # 10 MB
-- master.cf --
smtp inet n - n - - smtpd`,
  ],
  [
    "the mailbox of a virtual(8) that is in use",
    `-- main.cf --
message_size_limit = 104857600
#                    ^^^^^^^^^ error main-size-mailbox
virtual_mailbox_domains = example.org
virtual_mailbox_base = /srv/mail
virtual_mailbox_limit_inbox = no
-- master.cf --
smtp inet n - n - - smtpd
virtual unix - n n - - virtual`,
  ],
  [
    "virtual(8) without a base, in use",
    `-- main.cf --
virtual_mailbox_domains = example.org
virtual_mailbox_base =
#^^^^^^^^^^^^^^^^^^^ error main-empty-string
-- master.cf --
virtual unix - n n - - virtual`,
  ],
  [
    "a removed parameter has no kind",
    `-- main.cf --
smtpd_tls_dh512_param_file = /etc/dh512.pem
tls_legacy_public_key_fingerprints = perhaps
-- master.cf --
smtp inet n - n - - smtpd`,
  ],
])("%s", (_title, text) => {
  test("has the marked findings about values, and no other", () => {
    const { files, marks } = readArchive(text);
    const all = new Map([["main.cf", ""], ["master.cf", ""], ...files]);
    const found = analyse(archiveSource(all)).findings.filter(({ code }) => codes.has(code));
    expect(found.map((finding) => positioned(finding, files)).sort()).toEqual(
      marks.map((mark) => positionedMark({ ...mark, code: mark.code ?? "" })).sort(),
    );
  });
});

test("without master.cf a bad value of a daemon that every mail system has is an error", () => {
  const source = archiveSource(new Map([["main.cf", "smtpd_timeout = x\npostscreen_greet_wait = x\n"]]));
  const found = analyse(source).findings.filter(({ code }) => code === "main-bad-time");
  expect(found.map(({ severity }) => severity)).toEqual(["error", "warning"]);
});
