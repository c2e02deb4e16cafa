/** Hover at places marked with `$0` in small mail systems; what is asked is that it says the thing a reader needs. */
import { describe, expect, test } from "vitest";
import { analyse } from "../../server/src/analysis.js";
import { hover } from "../../server/src/language/hover/hover.js";
import { archiveSource, readArchive } from "../helpers/archive.js";

const MAIN = `-- main.cf --
mydomain = example.org
myhostname = mx.$mydomain
smtpd_recipient_restrictions = permit_mynetworks, reject_unauth_destination
content_filter = smtp-amavis:[127.0.0.1]:10024
`;
const MASTER = `-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:20025 inet n - n - - smtpd
  -o content_filter=
  -o receive_override_options=no_milters
`;
const AMAVIS = `-- amavisd.conf --
$inet_socket_port = [10024, 10026];
$interface_policy{'10026'} = 'ORIGINATING';
$policy_bank{'ORIGINATING'} = { forward_method => 'smtp:[127.0.0.1]:20025' };
$forward_method = 'smtp:[127.0.0.1]:20025';
`;

/** Puts the cursor behind the first occurrence of a text and returns the hover's Markdown. */
function hoverAt(file: string, before: string): string {
  const { files } = readArchive(MAIN + MASTER + AMAVIS);
  const text = files.get(file) ?? "";
  const at = text.indexOf(before);
  expect(at, `${before} stands in ${file}`).toBeGreaterThanOrEqual(0);
  return hover(analyse(archiveSource(files)), `/mail/${file}`, at + before.length)?.contents ?? "";
}

describe("main.cf", () => {
  test.each([
    [
      "a parameter: what it is, its value here and why",
      "content_filt",
      ["**content_filter**", "smtp-amavis:[127.0.0.1]:10024", "main.cf line 4"],
    ],
    ["the services that set it otherwise", "content_filt", ["Set otherwise by", "127.0.0.1:20025", "empty"]],
    ["the chain behind a value", "myhostna", ["mx.example.org", "mydomain = example.org"]],
    ["a $name inside a value", "mx.$mydom", ["**mydomain**", "example.org"]],
    ["a transport: who uses it", "= smtp-ama", ["**smtp-amavis** (unix)", "content_filter"]],
    [
      "a port: range, IANA, convention, users",
      "[127.0.0.1]:100",
      ["**Port 10024**", "IANA", "amavisd listens on", "sends mail here to be filtered"],
    ],
    [
      "an address: what listens there",
      "smtp-amavis:[127.0",
      ["**127.0.0.1**", "loopback", "amavisd listens"],
    ],
    ["a restriction", "permit_mynet", ["**permit_mynetworks**"]],
  ])("%s", (_what, before, expected) => {
    const contents = hoverAt("main.cf", before);
    for (const part of expected) expect(contents).toContain(part);
  });
});

describe("master.cf", () => {
  test.each([
    [
      "an entry: what listens and what it asks for",
      "smt",
      ["**smtp** (inet)", "0.0.0.0:25", "amavisd listens there"],
    ],
    [
      "a reinjection: what brings mail to it, and its port",
      "127.0.0.1:200",
      ["Mail comes to it from", "$forward_method", "**Port 20025**", "unassigned by IANA"],
    ],
    [
      "an option in its service",
      "-o content_fil",
      ["for the service `127.0.0.1:20025`: empty", "-o, master.cf line 4"],
    ],
    ["a keyword value", "=no_milt", ["**no_milters**"]],
    ["a daemon", "n - n - - smt", ["**smtpd**"]],
    ["a column", "smtp inet ", ["**private**"]],
  ])("%s", (_what, before, expected) => {
    const contents = hoverAt("master.cf", before);
    for (const part of expected) expect(contents).toContain(part);
  });
});

describe("amavisd.conf", () => {
  test.each([
    [
      "a variable: value, origin, banks that replace it",
      "\n$forward_met",
      ["**$forward_method**", "smtp:[127.0.0.1]:20025", "amavisd.conf line 4", "ORIGINATING"],
    ],
    ["a listener's port", "[100", ["**Port 10024**", "amavisd listens on"]],
    ["a policy bank", "= 'ORIGIN", ["**Policy bank ORIGINATING**", "forward_method", "Answers on", "10026"]],
    ["a key of a bank", "{ forward_me", ["policy bank `ORIGINATING`", "**$forward_method**"]],
    [
      "a port in a method",
      "\n$forward_method = 'smtp:[127.0.0.1]:200",
      ["**Port 20025**", "Postfix service `127.0.0.1:20025` listens"],
    ],
  ])("%s", (_what, before, expected) => {
    const contents = hoverAt("amavisd.conf", before);
    for (const part of expected) expect(contents).toContain(part);
  });
});

test("text from the files is never markup", () => {
  const { files } = readArchive(
    "-- main.cf --\nmy`name = <b>[x](http://example.org)</b> `y`\n-- master.cf --\n",
  );
  const contents = hover(analyse(archiveSource(files)), "/mail/main.cf", 9)?.contents ?? "";
  expect(contents.replace(/(`+)[^`](?:.*?[^`])?\1(?!`)/g, "")).not.toMatch(/<b>|\]\(/);
});

test("outside of everything there is none", () => {
  expect(hoverAt("master.cf", "-o content_filter=\n")).toBe("");
});
