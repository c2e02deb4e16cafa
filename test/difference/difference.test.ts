/** What a change means for mail; a change of form means nothing. */
import { describe, expect, test } from "vitest";
import { analyse } from "../../server/src/analysis.js";
import { difference, isEmpty } from "../../server/src/difference/difference.js";
import { differenceText } from "../../server/src/difference/text.js";
import { applyEdits } from "../helpers/apply.js";
import { archiveSource, readArchive } from "../helpers/archive.js";
import { allExamples, allScenarios } from "../helpers/shared.js";

type Files = ReadonlyMap<string, string>;
const compare = (before: Files, after: Files) =>
  difference(analyse(archiveSource(before)), analyse(archiveSource(after)));
const plain = (text: string) => text;
const show = (before: Files, after: Files) =>
  differenceText(compare(before, after), {
    added: plain,
    removed: plain,
    heading: plain,
    shown: plain,
    place: ({ file }) => file.slice(file.lastIndexOf("/") + 1),
  });

const { files: GOOD } = readArchive(`-- main.cf --
compatibility_level = 3.6
myhostname = mx.example.org
inet_interfaces = all
inet_protocols = ipv4
mydestination = example.org, localhost
relayhost = [smart.example.net]
content_filter = scan:[127.0.0.1]:10024
smtpd_banner = hello
-- master.cf --
smtp inet n - n - - smtpd
submission inet n - n - - smtpd
scan unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
  -o mynetworks=127.0.0.0/8
-- amavisd.conf --
use strict;
$inet_socket_bind = '127.0.0.1';
$inet_socket_port = 10024;
$max_servers = 2;
1;`);

function edited(file: string, from: string, to: string): Files {
  const text = GOOD.get(file) ?? "";
  if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
  return new Map([...GOOD, [file, text.replace(from, to)]]);
}

describe("a single line of a right system", () => {
  test.each([
    [
      "a listener closes, another opens",
      edited("master.cf", "submission inet", "465 inet"),
      ["- 0.0.0.0:587 postfix (submission)", "+ 0.0.0.0:465 postfix (465)"],
    ],
    [
      "an entry loses the filter",
      edited(
        "master.cf",
        "submission inet n - n - - smtpd",
        "submission inet n - n - - smtpd -o content_filter=",
      ),
      ["Way of mail that comes in\n  smtpd 0.0.0.0:587\n    - [scan] amavisd 127.0.0.1:10024", "+ delivery"],
    ],
    [
      "a route",
      edited("main.cf", "[smart.example.net]", "[other.example.net]"),
      ["Routes\n  relayhost\n    - [smart"],
    ],
    [
      "a setting",
      edited("main.cf", "hello", "good day"),
      ["Settings\n  smtpd_banner\n    - hello\n    + good"],
    ],
    [
      "a setting of one service",
      edited("master.cf", "127.0.0.0/8", "127.0.0.1/32"),
      ["mynetworks (127.0.0.1:10025/inet)"],
    ],
    [
      "a setting of one service that is gone: what it inherits now",
      edited("master.cf", "  -o content_filter=\n", ""),
      ["content_filter (127.0.0.1:10025/inet)\n    - (empty)\n    + scan:[127.0.0.1]:10024"],
    ],
    [
      "a setting that is gone: the default now",
      edited("main.cf", "inet_protocols = ipv4\n", ""),
      ["inet_protocols\n    - ipv4\n    + all"],
    ],
    [
      "a variable of amavisd that is gone: the default now",
      edited("amavisd.conf", "$inet_socket_bind = '127.0.0.1';\n", ""),
      ["$inet_socket_bind"],
    ],
    [
      "a process limit",
      edited("master.cf", "n - 2 smtp", "n - 9 smtp"),
      ["Services\n  scan/unix\n    - - - n - 2 smtp"],
    ],
    ["a variable of amavisd", edited("amavisd.conf", "max_servers = 2", "max_servers = 3"), ["$max_servers"]],
    [
      "what a reload does not take up",
      edited("main.cf", "inet_interfaces = all", "inet_interfaces = 127.0.0.1"),
      ["- 0.0.0.0:25 postfix", "A reload is not enough\n  master(8) keeps the old inet_interfaces"],
    ],
    [
      "a fault comes",
      edited(
        "amavisd.conf",
        "$max_servers = 2;",
        "$max_servers = 2; $notify_method = $forward_method = 'smtp:[127.0.0.1]:20025';",
      ),
      ["Findings\n  + amavisd.conf error reinjection-missing"],
    ],
  ])("%s", (_name, after, expected) => {
    const text = show(GOOD, after);
    for (const part of expected) expect(text).toContain(part);
  });
});

test.each([
  ["comments and blank lines", edited("main.cf", "relayhost", "# why\n\nrelayhost")],
  ["the way a list is written", edited("main.cf", "example.org, localhost", "example.org\n  localhost")],
  ["options in braces", edited("master.cf", "-o mynetworks=127.0.0.0/8", "-o { mynetworks = 127.0.0.0/8 }")],
  ["the default, written", edited("main.cf", "relayhost", "soft_bounce = no\nrelayhost")],
  ["a default of amavisd, written", edited("amavisd.conf", "$max_servers", "$log_level = 0;\n$max_servers")],
  ["blanks between columns", edited("master.cf", "smtp inet n - n", "smtp      inet  n -\tn")],
  ["the quotes of a string", edited("amavisd.conf", "'127.0.0.1'", '"127.0.0.1"')],
])("no difference: %s", (_name, after) => {
  expect(show(GOOD, after)).toBe("no difference for mail\n");
});

test("no difference: another order of parameters", () => {
  const text = GOOD.get("main.cf") ?? "";
  const lines = text.trimEnd().split("\n").reverse().join("\n");
  expect(show(GOOD, new Map([...GOOD, ["main.cf", `${lines}\n`]]))).toBe("no difference for mail\n");
});

describe("every fix makes a difference, and takes its finding away", () => {
  test.each([...allExamples(), ...allScenarios()])("%s", (_name, files) => {
    expect(isEmpty(compare(files, files))).toBe(true);
    for (const finding of analyse(archiveSource(files)).findings.slice(0, 3))
      for (const fix of finding.fixes().slice(0, 1)) {
        const found = compare(files, applyEdits(files, fix.edits));
        expect(found.goneFindings.map(({ code }) => code)).toContain(finding.code);
      }
  });
});

test("what is queued keeps the filter that was asked for", () => {
  const other = edited("main.cf", "scan:[127.0.0.1]:10024", "scan:[127.0.0.1]:10030");
  expect(compare(GOOD, other).queued.map(({ name }) => name)).toEqual(["scan:[127.0.0.1]:10024"]);
  expect(show(GOOD, other)).toContain(
    "what is queued still goes to scan:[127.0.0.1]:10024: postsuper -r ALL",
  );
  expect(compare(GOOD, edited("main.cf", "hello", "hi")).queued).toEqual([]);
  // There was no filter, so nothing that is queued asks for one.
  const none = edited("main.cf", "content_filter = scan:[127.0.0.1]:10024", "content_filter =");
  expect(compare(none, GOOD).queued).toEqual([]);
});
