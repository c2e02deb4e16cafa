/**
 * The catalogue of faults between Postfix and its filter, and the one of amavisd: every row has a rule, or a reason
 * why it has none. Reasons were found by running the real programs (3.7.11, amavisd 2.13).
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { RULES } from "../../server/src/rules/registry.js";
import { sharedFolder } from "../helpers/shared.js";

/** Rows whose rule has another code than the row. */
const RENAMED: Readonly<Record<string, string>> = {
  "filter-transport-missing": "unknown-transport",
  "filter-transport-looks-like-host": "unknown-transport",
  "filter-no-nexthop": "filter-without-nexthop",
  "filter-no-port": "filter-loop",
  "filter-nexthop-mx": "nexthop-name-needs-dns",
  "filter-nexthop-name": "unbracketed-nexthop",
  "filter-dns-localhost": "nexthop-name-needs-dns",
  "filter-prefix-smtp": "bad-nexthop",
  "filter-list-with-transport": "bad-nexthop",
  "filter-bank-missing": "filter-listener-missing",
  "proxy-listener-missing": "filter-listener-missing",
  "unix-endpoint-chroot": "chroot-socket-path",
  "feed-concurrency-high": "filter-concurrency",
  "feed-timeout-wrong-prefix": "master-o-lmtp-prefix",
  "series-shares-forward": "filter-loop",
  "series-order": "filter-loop",
  "reinjection-address-mismatch": "reinjection-missing",
  "filter-loop-header-checks": "filter-loop",
  "filter-loop-access": "filter-loop",
  "filter-override-misspelt": "unknown-parameter",
  "filter-override-quoted": "option-syntax",
  "filter-override-lost": "filter-loop",
  "filter-override-wrong-service": "master-o-not-read",
  "override-options-wrong-side": "master-o-not-read",
  "mapping-twice": "address-mappings-twice",
  "mapping-pickup-uncovered": "address-mappings-twice",
  "mapping-never": "address-mappings-never",
  "mapping-global-inherited": "address-mappings-never",
  "reinjection-open-relay": "open-relay",
  "reinjection-no-guard": "no-reject-restriction",
  "reinjection-proxy-inherited": "filter-loop",
  "reinjection-maxproc-low": "reinjection-concurrency",
  "proxy-after-not-cleared": "reinjection-milters-twice",
  // amavisd
  "amavis-syntax": "perl-syntax",
  "port-list-as-string": "bad-listen-socket",
  "unix-suffix": "bad-listen-socket",
  "bind-everywhere": "filter-listens-everywhere",
  "method-syntax": "bad-forward-method",
  "forward-self": "filter-loop",
  "forward-empty-smtp": "forward-method-undef",
  "acl-empty": "filter-rejects-mta",
  "feed-no-listener": "filter-listener-missing",
  "forward-no-service": "reinjection-missing",
  "notify-no-service": "reinjection-missing",
  "release-no-service": "reinjection-missing",
  "requeue-no-service": "reinjection-missing",
  "forward-filtered": "filter-loop",
  "dynamic-port-missing": "reinjection-missing",
  "protocol-mismatch": "filter-wrong-protocol",
  "proxy-and-filter": "proxy-and-content-filter",
  "acl-excludes-postfix": "filter-rejects-mta",
  "maxproc-mismatch": "filter-concurrency",
  "reinjection-maxproc": "reinjection-concurrency",
  "timeout-order": "feed-timeout-short",
  "xforward-missing": "xforward-not-sent",
  "mynetworks-excludes-amavis": "reinjection-rejects-filter",
  "chroot-socket": "chroot-socket-path",
};

const EVERYDAY = "true of set-ups that work, Debian's own among them: it would be noise";

/** Rows that no rule says. */
const WITHOUT_RULE: Readonly<Record<string, string>> = {
  "mapping-before-filter": EVERYDAY,
  "reinjection-recipient-checks": EVERYDAY,
  "reinjection-error-limit": EVERYDAY,
  "reinjection-local-rewrite": EVERYDAY,
  "xforward-not-authorized": EVERYDAY,
  "xforward-not-accepted": EVERYDAY,
  "feed-concurrency-low": EVERYDAY,
  "feed-concurrency-default": EVERYDAY,
  "feed-sasl": EVERYDAY,
  "feed-8bit-conversion": EVERYDAY,
  "feed-max-use": EVERYDAY,
  "port-convention": "numbers of ports mean nothing to the programs",
  "filter-probe-bypass": EVERYDAY,
  "notify-classes-noise": EVERYDAY,
  "non-smtpd-milters-readd": "mail that a pipe hands back to sendmail is not followed as a stage of its own",
  "stale-filter-records": "needs two states of the files: `mailflow diff` says it",
  "pipe-filter-null-sender": "not so: <> reaches the command as it is",
  "star-host-family": "works where the other family is fed, which nobody can rule out",
  "host-name-family": "works: amavisd tries the other address",
  "delimiter-mismatch": "harmless: amavisd splits addresses for its own look-ups",
};

/** The codes of the rows, where a row has several divided by slashes. */
function amavisRows(text: string): string[] {
  const section = text.slice(text.indexOf("## 7. Diagnostics"), text.indexOf("## 9. Limits"));
  return [...section.matchAll(/^\| ([a-z][a-z0-9 /.-]*) \|/gm)]
    .flatMap(([, codes = ""]) => codes.split(" / "))
    .filter((code) => code !== "code");
}

describe.skipIf(sharedFolder === undefined)("every row has a rule or a reason", () => {
  const folder = sharedFolder ?? "";
  const rows: { code: string; scope: string }[] = sharedFolder
    ? JSON.parse(readFileSync(join(folder, "facts/diagnostics.json"), "utf8"))
    : [];
  const known = [
    ...rows.filter(({ scope }) => scope === "cross").map(({ code }) => code),
    ...(sharedFolder ? amavisRows(readFileSync(join(folder, "AMAVISD.md"), "utf8")) : []),
  ];
  const codes = new Set(RULES.map((rule) => rule.code));
  const wanted = [...new Set(known)].filter((code) => !(code in WITHOUT_RULE));

  test.each(wanted.map((code) => [code, RENAMED[code] ?? code]))("%s: rule %s", (_row, code) => {
    expect(codes).toContain(code);
  });

  test("the tables name rows that exist", () => {
    expect(known.length).toBeGreaterThan(140);
    const named = [...Object.keys(RENAMED), ...Object.keys(WITHOUT_RULE)];
    expect(named.filter((code) => !known.includes(code))).toEqual([]);
    expect(named.filter((code) => codes.has(code))).toEqual([]);
  });
});
