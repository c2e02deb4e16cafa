// Lays what the real daemons do with single values beside what we say of them.
//   node test/oracle/values.mjs
// Every row is a setting of one service (-o) and what became of its daemon: "stops" (fatal), "warns" or "takes".
// Then `mailflow check` reads the same master.cf: an error where it stops, a warning where it warns or where the
// table says that we warn of what no program mentions ("silent"), nothing where it takes the value.
// Needs root, Debian's postfix, iproute2 and util-linux, and a build. The exit status is 0 only when all agree.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { BASE, entryOf, runDaemons } from "./daemons.mjs";

const root = resolve(import.meta.dirname, "../..");
const mailflow = join(root, "dist/mailflow.js");

/** program, parameter, value -> outcome; further options and a dialogue where the value is only then looked at. */
const TABLE = [
  ...rows("smtpd", "smtpd_helo_required", {
    takes: ["yes", "NO"],
    stops: ["true", "1", "on", "maybe", "", '{"yes"}'],
  }),
  ...rows("cleanup", "soft_bounce", { stops: ["false"] }),
  ...rows("smtpd", "smtpd_hard_error_limit", {
    takes: ["+5", "05", "2147483647"],
    stops: ["0x10", "1e3", "1_000", "5,", "2147483648", "", "ten", "-1", "0"],
  }),
  ...rows("cleanup", "message_size_limit", { takes: ["0", "5000000000"], stops: ["10M", "10 MB", "none"] }),
  ...rows("smtpd", "hash_queue_depth", { takes: ["1", "17"], stops: ["0"] }),
  ...rows("smtpd", "delay_logging_resolution_limit", { takes: ["0", "6"], stops: ["7"] }),
  ...rows("smtpd", "smtpd_timeout", {
    takes: ["5", "+5", "010s", "4w", "${stress?{10}:{300}}s"],
    silent: ["1h30m", "1h 30m", "10sec"],
    stops: ["1 h", "5.5", "5S", "10x", "-1", "0s", "h", "", "100000w"],
  }),
  ...rows("smtpd", "in_flow_delay", { takes: ["0", "10s"], stops: ["11s"] }),
  ...rows("smtpd", "unverified_recipient_defer_code", { takes: ["250", "450"], stops: ["550", "199"] }),
  ...rows(
    "smtpd",
    "reject_code",
    { takes: ["450", "554"], warns: ["250", "1000", "-1", "354", "600"], stops: ["5xx", ""] },
    {
      options: { smtpd_client_restrictions: "reject" },
      talk: ["EHLO client.example.net", "MAIL FROM:<a@example.net>", "RCPT TO:<b@example.org>"],
    },
  ),
  ...rows("smtpd", "notify_classes", { takes: ["", "bounce, 2bounce"], stops: ["all", "Bounce"] }),
  ...rows("smtpd", "inet_protocols", {
    takes: ["all", "ipv4, ipv6"],
    stops: ["IPv4", "inet", "ipv4 ip", ""],
  }),
  ...rows("pickup", "receive_override_options", {
    takes: ["no_milters"],
    stops: ["No_Milters", "no_checks"],
  }),
  ...rows(
    "local",
    "mailbox_delivery_lock",
    { takes: ["fcntl, dotlock"], stops: ["FCNTL", "none", ""] },
    { options: { local_transport: "@SELF@:" } },
  ),
  ...rows("cleanup", "canonical_classes", { takes: ["header_sender"], stops: ["headers", "Header_sender"] }),
  ...rows("cleanup", "propagate_unmatched_extensions", { takes: ["", "canonical"], stops: ["all"] }),
  ...rows("cleanup", "header_from_format", { takes: ["Standard"], stops: ["rfc822"] }),
  ...rows("smtpd", "mynetworks_style", { takes: ["Host", "host, class"], silent: ["hosts"] }),
  ...rows("smtpd", "unknown_address_tempfail_action", { takes: ["DEFER"], stops: ["reject"] }),
  ...rows("smtpd", "smtpd_forbid_bare_newline", { takes: ["Normalize", "no"], stops: ["maybe"] }),
  ...rows("smtpd", "syslog_facility", { takes: ["mail", "local7"], stops: ["MAIL", "local8"] }),
  ...rows("smtpd", "smtpd_upstream_proxy_protocol", { takes: [""], stops: ["HAPROXY", "proxy"] }),
  ...rows(
    "smtpd",
    "smtpd_proxy_options",
    { stops: ["speed"] },
    { options: { smtpd_proxy_filter: "127.0.0.1:1" } },
  ),
  ...rows("smtpd", "smtpd_discard_ehlo_keywords", { takes: ["DSN, silent-discard"], silent: ["silent"] }),
  ...rows(
    "smtpd",
    "smtpd_sasl_type",
    { stops: ["Dovecot", "courier"] },
    { options: { smtpd_sasl_auth_enable: "yes" } },
  ),
  ...rows(
    "smtpd",
    "smtpd_sasl_security_options",
    { stops: ["no_anonymous"] },
    { options: { smtpd_sasl_auth_enable: "yes" } },
  ),
  ...rows("postscreen", "postscreen_greet_action", { takes: ["Enforce", "ignore"], stops: ["reject", ""] }),
  ...rows("postscreen", "postscreen_dnsbl_sites", {
    takes: ["", "zen.example.org=127.0.0.[2..11]*3, a_b.example*-1"],
    stops: ["zen.example.org*two", "*2", "zen!.example.org"],
  }),
  ...rows("smtp", "smtp_address_preference", { takes: ["IPv4", "any"], stops: ["v4", ""] }),
  ...rows("smtp", "smtp_dns_support_level", { takes: ["", "Enabled"], stops: ["yes"] }),
  ...rows("smtp", "smtp_host_lookup", { takes: ["dns, native"], stops: ["DNS", "hosts"] }),
  ...rows("smtp", "smtp_address_verify_target", { takes: ["RCPT"], stops: ["mail"] }),
  ...rows("smtp", "smtp_tls_dane_insecure_mx_policy", { takes: ["may", "dane"], stops: ["none", "secure"] }),
  ...rows("smtp", "smtp_tls_security_level", {
    takes: ["", "May", "dane", "secure", "fingerprint"],
    stops: ["halfdane", "opportunistic", "yes", "half-dane"],
  }),
  ...rows("smtpd", "smtpd_tls_security_level", {
    takes: ["", "none", "MAY", "encrypt"],
    warns: ["verify", "fingerprint"],
    stops: ["dane", "yes"],
  }),
  ...rows(
    "smtpd",
    "smtpd_tls_protocols",
    {
      takes: ["TLSv1.2:TLSv1.3", ">=TLSv1.2", ">= TLSv1.2", "tlsv1.2", "!SSLv2 !SSLv3", ">=0303", ""],
      warns: ["!TLS1.0", "!SSLv2,!TLSv1.4", ">=1.2", "0303", "=TLSv1.2"],
    },
    { options: { smtpd_tls_security_level: "may" }, certificate: true },
  ),
  ...rows(
    "smtpd",
    "smtpd_tls_loglevel",
    { takes: ["0", "1", "6", "summary", "ROUTINE", "0,1"], warns: ["high", "-1", "1.5", "01"] },
    { options: { smtpd_tls_security_level: "may" }, certificate: true },
  ),
  ...rows(
    "smtpd",
    "smtpd_tls_ciphers",
    { takes: ["HIGH", "medium", "export", "null"], warns: ["DEFAULT", "HIGH:!aNULL"], stops: [""] },
    { options: { smtpd_tls_security_level: "may" }, certificate: true, talk: ["EHLO a.example", "STARTTLS"] },
  ),
  ...rows(
    "smtpd",
    "smtpd_tls_exclude_ciphers",
    { takes: ["aNULL, MD5", "NO-SUCH-CIPHER"], warns: ["!DES"] },
    { options: { smtpd_tls_security_level: "may" }, certificate: true, talk: ["EHLO a.example", "STARTTLS"] },
  ),
  ...rows("smtpd", "myhostname", {
    takes: ["mx", "mx_1.example.org", "mx.example.1", "localhost"],
    stops: [
      "-mx.example.org",
      "mx.example.org.",
      "192.0.2.1",
      "[192.0.2.1]",
      "1.2.3",
      "mx..org",
      "mx.ab-.org",
      "mx example.org",
      "2001:db8::1",
      "münchen.example",
      `${"a".repeat(64)}.org`,
      "",
    ],
  }),
  ...rows("smtpd", "mydomain", { takes: ["org", "bad_x.org"], stops: ["192.0.2.1", "example.org."] }),
  ...rows("smtpd", "myorigin", {
    takes: ["example.org"],
    stops: ["a.example b.example", "a.example,b.example", ""],
  }),
  ...rows("smtpd", "relayhost", {
    takes: ["[mx.example.org]", "mx.example.org:25", "relay.example.net"],
    stops: ["mx.example.org", "MX.example.org"],
  }),
  ...rows("local", "default_privs", { takes: ["nobody"], stops: ["root", "0", "65534", "postfix"] }),
  ...rows("smtpd", "mail_owner", { takes: ["postfix"], stops: ["root", "0"] }),
  ...rows("smtpd", "setgid_group", { takes: ["postdrop"], stops: ["root", "0"] }),
  ...rows("smtpd", "default_verp_delimiters", { takes: ["+="], stops: ["+", "++=", "ab", "+%"] }),
  ...rows("smtpd", "smtpd_banner", { takes: ["x"], stops: [""] }),
  ...rows("smtpd", "default_rbl_reply", { stops: [""] }),
  ...rows("smtpd", "smtp_bind_address", { takes: [""] }),
  ...rows(
    "smtp",
    "smtp_bind_address",
    { takes: ["127.0.0.1", "[127.0.0.1]"], stops: ["localhost", "192.0.2.300"] },
    { deliver: true },
  ),
  ...rows(
    "smtp",
    "smtp_tcp_port",
    { takes: ["2600"], stops: ["70000", "0", "-1"] },
    { deliver: true, nexthop: "[127.0.0.1]" },
  ),
  ...rows("smtpd", "queue_minfree", { takes: ["0", "15360000"], warns: ["1000"] }),
  ...rows(
    "local",
    "mailbox_size_limit",
    { takes: ["0", "10240000"], stops: ["1000"] },
    { options: { local_transport: "@SELF@:" } },
  ),
  ...rows(
    "local",
    "message_size_limit",
    { takes: ["51200000"], stops: ["51200001", "0"] },
    { options: { local_transport: "@SELF@:" } },
  ),
  ...rows(
    "virtual",
    "virtual_mailbox_limit",
    {
      takes: ["0", "10240000"],
      stops: ["1000"],
    },
    { options: { virtual_mailbox_domains: "example.com", virtual_transport: "@SELF@:" } },
  ),
  ...rows("smtpd", "maillog_file", { takes: [""], stops: ["/srv/log/x", "/variant/log", "relative.log"] }),
];

function rows(program, name, outcomes, { options = {}, ...rest } = {}) {
  return Object.entries(outcomes).flatMap(([expected, values]) =>
    values.map((value) => ({
      program,
      name,
      value,
      expected,
      options: { ...options, [name]: value },
      ...rest,
    })),
  );
}

const work = mkdtempSync(join(tmpdir(), "mailflow-values-"));
let passed = 0;
let failed = 0;
try {
  const pem = certificate();
  const cases = TABLE.map(({ certificate: wanted, options, ...rest }, index) => ({
    ...rest,
    options: Object.fromEntries(
      Object.entries(wanted ? { ...options, smtpd_tls_chain_files: pem } : options).map(([name, value]) => [
        name,
        value.replace("@SELF@", `c${index}`),
      ]),
    ),
  }));
  const logs = await runDaemons(cases);
  const ours = findings(cases);
  cases.forEach((one, index) => {
    const did = outcome(logs[index]);
    const said = ours[index];
    const expectedDid = one.expected === "silent" ? "takes" : one.expected;
    const expectedSaid = { stops: "error", warns: "warning", silent: "warning", takes: "nothing" }[
      one.expected
    ];
    if (did === expectedDid && said === expectedSaid) passed++;
    else {
      failed++;
      console.log(`FAIL ${one.program} ${one.name} = ${one.value}`);
      console.log(`     the daemon ${did} (${expectedDid} expected): ${logs[index].join(" | ")}`);
      console.log(`     we say ${said} (${expectedSaid} expected)`);
    }
  });
} finally {
  rmSync(work, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);

/** Lines that have nothing to do with the value: the machine has no certificate of its own, no smtpd behind postscreen. */
function outcome(lines) {
  if (lines.some((line) => /^(?:fatal|panic): /.test(line))) return "stops";
  const about = lines.filter(
    (line) =>
      /^warning: /.test(line) &&
      !/No server certs|cannot connect to service|configured at fingerprint|dane configured|TLS policy lookup|TLS library problem/.test(
        line,
      ),
  );
  return about.length > 0 ? "warns" : "takes";
}

/** What `mailflow check` says of each case: the worst severity on the lines of its entry. */
function findings(cases) {
  const entries = cases.map((one, index) => entryOf(`c${index}`, one, one.program));
  writeFileSync(join(work, "main.cf"), BASE);
  writeFileSync(join(work, "master.cf"), entries.join(""));
  const starts = [];
  let line = 0;
  for (const entry of entries) {
    starts.push(line);
    line += entry.split("\n").length - 1;
  }
  const { stdout } = spawnSync(
    process.execPath,
    [mailflow, "check", work, "--format", "json", "--fail-on", "none", "--postfix-version", "3.7"],
    { encoding: "utf8", maxBuffer: 1e8 },
  );
  const said = cases.map(() => "nothing");
  for (const { code, severity, file, range } of JSON.parse(stdout).systems[0].findings) {
    // Other rules may have their say about such a master.cf; here only values count.
    if (!file.endsWith("master.cf") || !/^main-|^master-o-empty/.test(code)) continue;
    const index = starts.findLastIndex((start) => start <= range.start.line);
    if (severity === "error" || (severity === "warning" && said[index] === "nothing")) said[index] = severity;
  }
  return said;
}

function certificate() {
  const key = join(work, "key.pem");
  const cert = join(work, "cert.pem");
  const { status } = spawnSync("openssl", [
    ..."req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=mx.example.org".split(" "),
    ...["-keyout", key, "-out", cert],
  ]);
  if (status !== 0) throw new Error("openssl cannot make a certificate");
  const both = join(work, "both.pem");
  spawnSync("sh", ["-c", `cat "${key}" "${cert}" >"${both}" && chmod 644 "${both}" && chmod 755 "${work}"`]);
  return both;
}
