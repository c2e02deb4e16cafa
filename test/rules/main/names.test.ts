/**
 * Lines and names as postconf 3.7.11 judges them; each fixture was laid beside what it prints. Findings of the
 * family are marked, all others are left out.
 */
import { describe, expect, test } from "vitest";
import { analyse } from "../../../server/src/analysis.js";
import { MAIN_RULES } from "../../../server/src/rules/main/index.js";
import { applyEdits } from "../../helpers/apply.js";
import { archiveSource, readArchive } from "../../helpers/archive.js";
import { positioned, positionedMark } from "../../helpers/findings.js";

const QUIET = ["main-compat-missing"];
const CODES = new Set(MAIN_RULES.map(({ code }) => code).filter((code) => !QUIET.includes(code)));

function check(text: string, version?: string) {
  const { files, marks } = readArchive(text);
  const { findings } = analyse(archiveSource(files), undefined, { postfixVersion: version });
  return { files, marks, findings: findings.filter(({ code }) => CODES.has(code)) };
}

describe.each([
  [
    "user parameters are known by their use, in main.cf and in options, both ways",
    `-- main.cf --
a = permit
b = $a
smtpd_client_restrictions = $b
c = permit
d = permit
#^ ~
-- master.cf --
smtp inet n - n - - smtpd
  -o smtpd_helo_restrictions=$c
  -o e=permit
  -o smtpd_sender_restrictions=$e`.replace("#^ ~", "# no use of it"),
    ["d"],
  ],
  [
    "a circle of names that nothing reads is silent",
    `-- main.cf --
x = $y
y = $x
-- master.cf --
smtp inet n - n - - smtpd`,
    [],
  ],
  [
    "values that are kept unexpanded use no names",
    `-- main.cf --
default_rbl_reply = $rbl_code \${nosuch
-- master.cf --
smtp inet n - n - - smtpd`,
    [],
  ],
  [
    "restriction classes of main.cf and of a service",
    `-- main.cf --
smtpd_restriction_classes = foo bar
foo = permit
baz = permit
-- master.cf --
smtp inet n - n - - smtpd
  -o bar=permit
  -o smtpd_restriction_classes=q
  -o q=permit`,
    ["baz"],
  ],
  [
    "options behind the first argument of a pipe are none",
    `-- main.cf --
biff = no
-- master.cf --
foo unix - n n - - pipe flags=R user=x argv=/a $bar
  -o x=y
baz unix - n n - - pipe
  -o am_time_limit=3 -o baz_time_limit=4 flags=R user=x argv=/x`,
    ["am"],
  ],
])("%s", (_title, text, names) => {
  test("as postconf", () => {
    const { files, findings } = check(text);
    const words = findings.map(({ file, range }) =>
      (files.get(file.split("/").pop() ?? "") ?? "").slice(range.start, range.end),
    );
    expect(words).toEqual(names);
  });
});

test.each([
  [
    "several at once",
    `-- main.cf --
process_name = x
#^^^^^^^^^^^ warning main-readonly
foo = $bar
#^^ warning unknown-parameter
#      ^^^ warning undefined-parameter
-- master.cf --
smtp inet n - n - - smtpd
  -o process_id=3
#    ^^^^^^^^^^ warning master-o-readonly
  -o a=b
  -o a=c
#    ^ warning unknown-parameter
#    ^ warning master-o-duplicate`,
  ],
  [
    "equal and different repetitions, each against the one before",
    `-- main.cf --
myhostname = a.example
myhostname = a.example
#^^^^^^^^^ hint main-duplicate-same
myhostname =
#^^^^^^^^^ warning main-duplicate
  c.example`,
  ],
  [
    "broken in a parameter that nothing uses: postconf goes on",
    `-- main.cf --
nosuch = $/x
#^^^^^ warning unknown-parameter
#        ^ warning main-macro-syntax
-- master.cf --
smtp inet n - n - - smtpd`,
  ],
  [
    "broken in a branch",
    `-- main.cf --
virtual_alias_maps = \${mail_name?{x}y}
#                    ^^^^^^^^^^^^^^^^^ error main-macro-syntax
-- master.cf --
smtp inet n - n - - smtpd`,
  ],
])("%s", (_title, text) => {
  const { files, marks, findings } = check(text);
  const sorted = (places: readonly unknown[]) => places.map((place) => JSON.stringify(place)).sort();
  expect(sorted(findings.map((finding) => positioned(finding, files)))).toEqual(
    sorted(marks.map(positionedMark)),
  );
});

describe("silent where the use cannot be seen", () => {
  test.each([
    ["no master.cf", "-- main.cf --\nmy_networks = $nosuch\nam_time_limit = 3"],
    [
      "conditions of a template engine in a file without a template's name",
      '-- main.cf --\n{{ if eq .DB "ldap" }}\nbiff = no\n{{ else }}\nbiff = yes\n{{ end }}\nmine = $yours\n-- master.cf --\nsmtp inet n - n - - smtpd',
    ],
    [
      "a name that another program fills in",
      '-- main.cf --\nmyhostname = ${env["NAME"]}\n-- master.cf --\nsmtp inet n - n - - smtpd',
    ],
  ])("%s", (_title, text) => {
    expect(check(text).findings.map(({ code, message }) => `${code}: ${message}`)).toEqual([]);
  });
});

test("a byte order mark is said once, not as a broken line", () => {
  const { findings } = check(
    "-- main.cf --\n\ufeff# our server\nbiff = no\n-- master.cf --\n\ufeffsmtp inet n - n - - smtpd",
  );
  expect(findings.map(({ code, file, range }) => [code, file, range.start, range.end])).toEqual([
    ["main-bom-or-nbsp", "/mail/main.cf", 0, 2],
    ["main-bom-or-nbsp", "/mail/master.cf", 0, 5],
  ]);
});

describe("too new", () => {
  const text =
    "-- main.cf --\nsmtpd_client_ipv6_prefix_length = 64\n-- master.cf --\nsmtp inet n - n - - smtpd";
  test.each([
    ["3.7.11", ["main-too-new"]],
    ["3.8", []],
    [undefined, []],
  ])("in %s", (version, codes) => {
    expect(check(text, version).findings.map(({ code }) => code)).toEqual(codes);
  });
});

test.each([
  ["3.7.11", ["main-too-new"]],
  ["3.7.20", []],
  ["3.11", []],
  [undefined, []],
])("a word that came later, in %s", (version, codes) => {
  const text =
    "-- main.cf --\nsmtpd_milters = inet:127.0.0.1:8891\nmilter_default_action = shutdown\n-- master.cf --\nsmtp inet n - n - - smtpd";
  expect(check(text, version).findings.map(({ code }) => code)).toEqual(codes);
});

describe("old parameters are put into the new words", () => {
  const fixed = (main: string, master = "smtp inet n - n - - smtpd\n") => {
    const { files, findings } = check(`-- main.cf --\n${main}\n-- master.cf --\n${master}`);
    const finding = findings.find(({ code }) => code === "main-deprecated-parameter");
    const fix = finding?.fixes()[0];
    return fix && applyEdits(files, fix.edits).get("main.cf")?.trimEnd();
  };
  test.each([
    ["smtp_use_tls = yes", "smtp_tls_security_level = may"],
    ["smtpd_use_tls = no", "smtpd_tls_security_level = none"],
    ["smtp_enforce_tls = yes", "smtp_tls_security_level = verify"],
    [
      "smtp_enforce_tls = yes\nsmtp_tls_enforce_peername = no",
      "smtp_tls_security_level = encrypt\nsmtp_tls_enforce_peername = no",
    ],
    ["smtpd_use_tls = yes\nsmtpd_enforce_tls = yes", "smtpd_enforce_tls = yes"],
    ["smtp_use_tls = yes\nsmtp_tls_security_level = encrypt", "smtp_tls_security_level = encrypt"],
    ["disable_dns_lookups = yes", "smtp_dns_support_level = disabled\nlmtp_dns_support_level = disabled"],
    ["fallback_relay = a.example", "smtp_fallback_relay = a.example"],
    ["smtp_use_tls = yes\nsmtp_tls_per_site = hash:/sites", undefined],
  ])("%s", (before, after) => {
    expect(fixed(before)).toBe(after);
  });
  test("not in main.cf while an option has the old name, which would then not count", () => {
    expect(fixed("smtpd_use_tls = yes", "smtp inet n - n - - smtpd -o smtpd_enforce_tls=yes\n")).toBe(
      undefined,
    );
  });
});

describe("compatibility_level", () => {
  test.each(["0", "2", "3.6", "+3", "9999", "3.1023", "3.6.1023"])("%s is one", (level) => {
    expect(check(`-- main.cf --\ncompatibility_level = ${level}`).findings).toEqual([]);
  });
  test.each(["banana", "3.6.1.2", "3.6.1a", "", "3 .6", "-1", "3..6", "3.", "3.1024", "99999999999999"])(
    "%s is none",
    (level) => {
      const { findings } = check(`-- main.cf --\ncompatibility_level = ${level}`);
      expect(findings.map(({ code, severity }) => `${severity} ${code}`)).toEqual(["error main-compat-bad"]);
    },
  );
});
