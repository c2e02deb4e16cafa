/** The ways of mail through filters: where it comes back, and what each stage does to it. */
import { describe, expect, test } from "vitest";
import { analyse } from "../../server/src/analysis.js";
import { checksContent, mapsAddresses, miltersOf } from "../../server/src/flow/paths.js";
import { restrictionsReached } from "../../server/src/flow/reached.js";
import { archiveSource, readArchive } from "../helpers/archive.js";

const read = (text: string) => analyse(archiveSource(readArchive(text).files));

/** "smtp > 127.0.0.1:10025", with ? behind a service that was guessed and ~ before a way of some mail only. */
function ways(text: string): string[] {
  return read(text).flow.paths.map(({ stages, conditional }) => {
    const names = stages.map(({ service, back }) => `${service.name}${back && !back.forward ? "?" : ""}`);
    return `${conditional ? "~" : ""}${names.join(" > ")}`;
  });
}

const FEED = "smtp-amavis unix - - n - 2 smtp";
const AMAVIS = "-- amavisd.conf --\n$inet_socket_port = 10024;";

describe("ways of mail", () => {
  test.each([
    [
      "through amavisd, from every entry",
      `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
pickup unix n - n 60 1 pickup
${FEED}
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
${AMAVIS}`,
      ["smtp > 127.0.0.1:10025", "pickup > 127.0.0.1:10025"],
    ],
    [
      "two filters in a row",
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
$policy_bank{'SECOND'} = { forward_method => 'smtp:[127.0.0.1]:20025' };`,
      ["smtp > 127.0.0.1:10025 > 127.0.0.1:20025"],
    ],
    [
      "a way back that is written for a filter of another host",
      `-- main.cf --
content_filter = scan:[10.1.2.3]:10024
-- master.cf --
smtp inet n - n - - smtpd
scan unix - - n - - smtp
10025 inet n - n - - smtpd
  -o content_filter=`,
      ["smtp > 10025?"],
    ],
    [
      "several of them: the next port",
      `-- main.cf --
-- master.cf --
smtp inet n - n - - smtpd
  -o content_filter=scan:[127.0.0.1]:10026
scan unix - - n - - smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
127.0.0.1:10027 inet n - n - - smtpd
  -o content_filter=`,
      ["smtp > 127.0.0.1:10027?"],
    ],
    [
      "none where several would do",
      `-- main.cf --
-- master.cf --
smtp inet n - n - - smtpd
  -o content_filter=scan:[127.0.0.1]:10030
scan unix - - n - - smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
127.0.0.1:10027 inet n - n - - smtpd
  -o content_filter=`,
      [],
    ],
    [
      "not to a port for users, and not to one that only this host reaches",
      `-- main.cf --
content_filter = scan:[10.1.2.3]:10024
-- master.cf --
smtp inet n - n - - smtpd
scan unix - - n - - smtp
10587 inet n - n - - smtpd
  -o content_filter=
  -o smtpd_sasl_auth_enable=yes
127.0.0.1:3525 inet n - n - - smtpd`,
      ["10587"],
    ],
    [
      "by a FILTER action for some, which leaves open whether any mail goes straight on",
      `-- main.cf --
smtpd_sender_restrictions = check_sender_access static:{FILTER smtp-amavis:[127.0.0.1]:10024}
-- master.cf --
smtp inet n - n - - smtpd
${FEED}
127.0.0.1:10025 inet n - n - - smtpd
  -o smtpd_sender_restrictions=
${AMAVIS}`,
      ["~smtp > 127.0.0.1:10025"],
    ],
    [
      "a circle has no end",
      `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
${FEED}
127.0.0.1:10025 inet n - n - - smtpd
${AMAVIS}`,
      [],
    ],
    [
      "amavisd hands mail to another host",
      `-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
${FEED}
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;
$forward_method = 'smtp:[10.9.9.9]:25';`,
      [],
    ],
  ])("%s", (_title, text, expected) => expect(ways(text)).toEqual(expected));
});

test("the address that a filter comes from", () => {
  const clients = (method: string, listen: string) =>
    read(`-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - - smtpd
${FEED}
${listen} inet n - n - - smtpd
  -o content_filter=
-- amavisd.conf --
$inet_socket_port = 10024;
$forward_method = '${method}';`).flow.waysBack.map(({ client }) => client);
  expect(clients("smtp:[127.0.0.1]:10025", "127.0.0.1:10025")).toEqual(["127.0.0.1"]);
  // A connection to 127.0.0.2 comes from 127.0.0.1.
  expect(clients("smtp:[127.0.0.2]:10025", "127.0.0.2:10025")).toEqual(["127.0.0.1"]);
  expect(clients("smtp:[::1]:10025", "[::1]:10025")).toEqual(["::1"]);
  expect(clients("smtp:[192.0.2.7]:10025", "192.0.2.7:10025")).toEqual(["192.0.2.7"]);
  expect(
    clients("smtp:[127.0.0.1]:10025'; $local_client_bind_address = '127.0.0.9", "127.0.0.1:10025"),
  ).toEqual([undefined]);
});

test("what stages do", () => {
  const { flow } = read(`-- main.cf --
non_smtpd_milters = inet:127.0.0.1:8891
smtpd_milters = inet:127.0.0.1:8891, unix:/run/m
-- master.cf --
smtp inet n - n - - smtpd
  -o smtpd_proxy_filter=127.0.0.1:10024
pickup unix n - n 60 1 pickup
  -o receive_override_options=no_milters,no_address_mappings
127.0.0.1:10025 inet n - n - - smtpd
  -o receive_override_options=no_header_body_checks
${AMAVIS}`);
  const seen = flow.paths.map(({ stages }) =>
    stages.map((stage) => [mapsAddresses(stage), checksContent(stage), miltersOf(stage)]),
  );
  expect(seen).toEqual([
    [
      // In front of the proxy filter there is no cleanup.
      [false, false, []],
      [true, false, ["inet:127.0.0.1:8891", "unix:/run/m"]],
    ],
    [[false, true, []]],
  ]);
});

test("options that a template fills in are not known", () => {
  const { flow } = read(`-- main.cf --
receive_override_options = {{ options }}
-- master.cf --
smtp inet n - n - - smtpd`);
  expect(flow.paths.map(({ stages }) => stages.map(mapsAddresses))).toEqual([[undefined]]);
});

describe("restrictions that a client comes to", () => {
  const asked = (client: string | undefined, main: string) => {
    const { system } = read(`-- main.cf --\n${main}\n-- master.cf --\nsmtp inet n - n - - smtpd`);
    return restrictionsReached(system.environment, client).map(({ restriction }) => restriction.name);
  };
  const LISTS = `mynetworks = 127.0.0.0/8
smtpd_restriction_classes = greylist
greylist = check_policy_service inet:127.0.0.1:10023
smtpd_client_restrictions = reject_rbl_client a.example, permit_mynetworks, reject_unknown_client_hostname
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_recipient_restrictions = greylist, permit, reject_invalid_hostname`;
  test("a trusted one", () =>
    expect(asked("127.0.0.1", LISTS)).toEqual(["reject_rbl_client", "check_policy_service", "permit"]));
  test("a stranger", () =>
    expect(asked(undefined, LISTS)).toEqual([
      "reject_rbl_client",
      "permit_mynetworks",
      "reject_unknown_client_hostname",
      "permit_mynetworks",
      "reject",
      "check_policy_service",
      "permit",
    ]));
  test("mynetworks that nobody set holds the loopback, and a table may hold anything", () => {
    const list = "smtpd_relay_restrictions = permit_mynetworks, reject\ninet_interfaces = all";
    expect(asked("127.0.0.1", list)).toEqual([]);
    expect(asked("192.0.2.1", `${list}\nmynetworks = hash:/etc/postfix/networks`)).toEqual([]);
    expect(asked("192.0.2.1", `${list}\nmynetworks = 10.0.0.0/8`)).toEqual(["permit_mynetworks", "reject"]);
  });
});
