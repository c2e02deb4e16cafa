/** What each kind of parameter takes, and what not; the same values go to the real daemons in test/oracle/values.mjs. */
import { assert, constantFrom, integer, property, string, tuple } from "fast-check";
import { describe, expect, test } from "vitest";
import { parameterFacts, parameterNames } from "../../../../server/src/knowledge/parameters.js";
import { hostnameFault } from "../../../../server/src/semantics/postfix/values/names.js";
import { valueFaults } from "../../../../server/src/semantics/postfix/values/values.js";

function faults(name: string, text: string) {
  const facts = parameterFacts(name);
  if (!facts) throw new Error(`no ${name}`);
  return valueFaults(facts, text);
}

const shown = (name: string, text: string) =>
  faults(name, text).map(({ kind, text: part, suggestion }) =>
    suggestion === undefined ? `${kind} ${part}` : `${kind} ${part} -> ${suggestion}`,
  );

describe("numbers", () => {
  test.each([
    ["smtpd_helo_required", "true", ["bool true -> yes"]],
    ["smtpd_helo_required", "0", ["bool 0 -> no"]],
    ["smtpd_helo_required", "maybe", ["bool maybe"]],
    ["smtpd_helo_required", "Yes", []],
    ["message_size_limit", "50M", ["int 50M -> 52428800"]],
    ["message_size_limit", "50 MiB", ["int 50 MiB -> 52428800"]],
    ["message_size_limit", "10,240,000", ["int 10,240,000 -> 10240000"]],
    ["message_size_limit", "10,24", ["int 10,24"]],
    ["message_size_limit", "9000000000", []],
    ["smtpd_recipient_limit", "9000000000", ["int 9000000000"]],
    ["smtpd_recipient_limit", "+5", []],
    ["smtpd_recipient_limit", "1e3", ["int 1e3"]],
    ["smtpd_recipient_limit", "", ["empty-number "]],
    ["smtpd_timeout", "5M", ["time 5M -> 5m"]],
    ["smtpd_timeout", "1.5h", ["time 1.5h -> 90m"]],
    ["smtpd_timeout", "5 minutes", ["time 5 minutes -> 5m"]],
    ["smtpd_timeout", "never", ["time never"]],
    ["smtpd_timeout", "10y", ["time 10y"]],
    ["smtpd_timeout", "3551w", ["time 3551w"]],
    ["smtpd_timeout", "3550w", []],
    ["smtpd_timeout", "1h30m", ["time-trailing 30m -> 90m"]],
    ["smtpd_timeout", "1month", ["time-trailing onth"]],
    ["smtpd_timeout", "10min", ["time-trailing in -> 10m"]],
    ["smtpd_timeout", "0", ["range 0 -> 1s"]],
    ["in_flow_delay", "10", []],
    ["in_flow_delay", "11", ["range 11 -> 10s"]],
    ["reject_code", "250", ["reply-code 250"]],
    ["unverified_recipient_defer_code", "250", []],
    ["unverified_recipient_defer_code", "550", ["range 550 -> 499"]],
    ["amavis_destination_concurrency_limit", "x", ["int x"]],
    ["policy_time_limit", "1 hour", ["time 1 hour -> 1h"]],
  ])("%s = %s", (name, text, expected) => expect(shown(name, text)).toEqual(expected));

  test("any whole number of a C int is one", () =>
    assert(
      property(integer(), (number) => {
        const kinds = faults("smtpd_recipient_limit", String(number)).map(({ kind }) => kind);
        return kinds.every((kind) => kind === "range");
      }),
    ));

  test("any time whose seconds fit is one, and a suggestion for a bad one is good", () =>
    assert(
      property(
        tuple(integer({ min: 1, max: 3550 }), constantFrom("", ..."smhdwSMHDWx"), string()),
        (parts) => {
          const text = parts.join("").trim();
          const found = faults("smtpd_timeout", text);
          if (/^\d+[smhdw]?$/.test(text) && Number.parseInt(text, 10) <= 3550) expect(found).toEqual([]);
          for (const { suggestion } of found)
            if (suggestion !== undefined) expect(faults("smtpd_timeout", suggestion)).toEqual([]);
        },
      ),
    ));
});

describe("words", () => {
  test.each([
    ["notify_classes", "bounce, Resource", ["enum Resource -> resource"]],
    ["inet_protocols", "", ["empty-string "]],
    ["inet_protocols", '"ipv4"', ['enum "ipv4" -> ipv4']],
    ["smtp_address_preference", "IPv4", []],
    ["hash_queue_names", "deferred, mine", []],
    ["smtpd_discard_ehlo_keywords", "dsn silent", ["enum silent"]],
    ["smtpd_tls_security_level", "dane", ["tls-level dane"]],
    ["smtpd_tls_security_level", "verify", ["tls-level verify -> encrypt"]],
    ["smtp_tls_security_level", "verify", []],
    ["smtp_tls_security_level", "yes", ["tls-level yes -> may"]],
    ["smtpd_tls_protocols", ">= TLSv1.2, !SSLv3", []],
    ["smtpd_tls_protocols", "!SSLv2, >=TLS1.2", ["tls-protocols >=TLS1.2 -> >=TLSv1.2"]],
    ["smtpd_tls_protocols", "!TLS1.0", ["tls-protocols !TLS1.0 -> !TLSv1"]],
    ["smtpd_tls_ciphers", "HIGH:!aNULL", ["tls-ciphers HIGH:!aNULL"]],
    ["smtpd_tls_exclude_ciphers", "aNULL !MD5", ["tls-ciphers !MD5 -> MD5"]],
    ["smtpd_tls_loglevel", "1, summary", []],
    ["smtpd_tls_loglevel", "9", ["enum 9"]],
    ["smtp_tls_dane_insecure_mx_policy", "none", ["enum none"]],
    ["default_destination_concurrency_positive_feedback", "1 / Concurrency", []],
    [
      "default_destination_concurrency_positive_feedback",
      "1/sqrt_concurrency",
      ["feedback 1/sqrt_concurrency"],
    ],
    ["amavis_destination_concurrency_negative_feedback", "2", ["feedback 2"]],
  ])("%s = %s", (name, text, expected) => expect(shown(name, text)).toEqual(expected));

  test("a fault is a stretch of the text", () =>
    assert(
      property(
        constantFrom(
          "notify_classes",
          "smtpd_tls_protocols",
          "smtpd_tls_exclude_ciphers",
          "smtpd_tls_loglevel",
          "postscreen_dnsbl_sites",
        ),
        string({ unit: constantFrom(..."ab!=<> ,:\t*1TLSv.2") }),
        (name, text) => {
          for (const { start, end, text: part } of faults(name, text))
            expect(text.slice(start, end)).toBe(part);
        },
      ),
    ));
});

describe("names", () => {
  test.each([
    ["mx.example.org", undefined],
    ["mx_1.example.1", undefined],
    ["", "empty hostname"],
    ["mx.", "misplaced delimiter"],
    ["mx-.org", "misplaced hyphen"],
    ["1.2.3", "numeric hostname"],
    [`${"a".repeat(64)}.org`, "hostname label too long"],
    ["mx example", "invalid character 32(decimal)"],
    ["münchen", "invalid character 195(decimal)"],
  ])("%s is a host name: %s", (name, reason) => expect(hostnameFault(name)).toBe(reason));

  test.each([
    ["myhostname", "mx.example.org.", ["hostname mx.example.org. -> mx.example.org"]],
    ["smtp_helo_name", "anything goes", []],
    ["postscreen_dnsbl_sites", "a.example*x, b.example", ["hostname a.example*x"]],
    ["smtp_bind_address", "[192.0.2.1]", []],
    ["smtp_bind_address", "mail.example.org", ["ip-address mail.example.org"]],
    ["smtp_tcp_port", "70000", ["port 70000"]],
    ["default_privs", "root", ["user root -> nobody"]],
    ["setgid_group", "maildrop", []],
    ["default_verp_delimiters", "+", ["length +"]],
    ["myorigin", "", ["empty-string "]],
    ["relayhost", "", []],
  ])("%s = %s", (name, text, expected) => expect(shown(name, text)).toEqual(expected));
});

test("every built-in default that stands alone is right", () => {
  const wrong = parameterNames("3.11").flatMap((name) => {
    const facts = parameterFacts(name);
    // What is expanded first is checked with the rules; these may be empty because nobody has set them up.
    if (!facts || facts.default === undefined || /\$/.test(facts.default) || facts.default === "") return [];
    return valueFaults(facts, facts.default).map(({ kind }) => `${name} = ${facts.default}: ${kind}`);
  });
  expect(wrong).toEqual([]);
});
