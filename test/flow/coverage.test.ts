/** Which ways into Postfix pass a filter, and how many connections reach it. */
import { describe, expect, test } from "vitest";
import { analyse } from "../../server/src/analysis.js";
import { feedConnections, mostProcesses, transportLimit } from "../../server/src/flow/capacity.js";
import { losesFilter, mailEntries } from "../../server/src/flow/coverage.js";
import { clientValue, feederOf, feeders, feedSource } from "../../server/src/flow/feeders.js";
import { archiveSource, readArchive } from "../helpers/archive.js";

const AMAVIS = "-- amavisd.conf --\n$inet_socket_port = [10024, 10026];\n$inet_socket_bind = '127.0.0.1';";
const read = (text: string) => {
  const files = new Map([["main.cf", ""], ...readArchive(text).files]);
  return analyse(archiveSource(files));
};

function entries(text: string): string[] {
  const { system, flow } = read(text);
  return mailEntries(system, flow).map(
    ({ way, service, postscreen, filters, sometimes, exempted }) =>
      `${way} ${service.name}${postscreen ? ` behind ${postscreen.name}` : ""}: ${filters.map(({ target }) => target.kind).join() || "-"}${sometimes ? " sometimes" : ""}${exempted ? " own" : ""}`,
  );
}

describe("entries", () => {
  test("ports, names of ports, and pickup", () => {
    expect(
      entries(`-- master.cf --
smtp inet n - n - - smtpd
  -o content_filter=smtp-amavis:[127.0.0.1]:10024
192.0.2.1:25 inet n - n - - smtpd
submission inet n - n - - smtpd
submissions inet n - n - - smtpd
  -o content_filter=
2525 inet n - n - - smtpd
127.0.0.1:587 inet n - n - - smtpd
127.0.0.1:10025 inet n - n - - smtpd
pickup unix n - n 60 1 pickup
smtp-amavis unix - - n - 2 smtp
${AMAVIS}`),
    ).toEqual([
      "internet smtp: amavis own",
      "internet 192.0.2.1:25: -",
      "submission submission: -",
      "submission submissions: - own",
      "local pickup: -",
    ]);
  });

  test("postscreen leads to its pass service; without one there is no entry", () => {
    expect(
      entries(`-- main.cf --
content_filter = smtp-amavis:[127.0.0.1]:10024
-- master.cf --
smtp inet n - n - 1 postscreen
192.0.2.1:25 inet n - n - 1 postscreen
  -o smtpd_service_name=other
smtpd pass - - n - - smtpd
  -o content_filter=
unused pass - - n - - smtpd
smtp-amavis unix - - n - 2 smtp
${AMAVIS}`),
    ).toEqual(["internet smtpd behind smtp: - own"]);
  });

  test("a FILTER action is a filter for some mail, and a service that takes mail back is no entry", () => {
    expect(
      entries(`-- main.cf --
smtpd_sender_restrictions = check_sender_access static:{FILTER smtp-amavis:[127.0.0.1]:10024}
-- master.cf --
smtp inet n - n - - smtpd
587 inet n - n - - smtpd
  -o smtpd_proxy_filter=127.0.0.1:10026
25025 inet n - n - - smtpd
465 inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
${AMAVIS}
$forward_method = 'smtp:[127.0.0.1]:465';`),
    ).toEqual(["internet smtp: - sometimes", "submission 587: amavis own"]);
  });

  test("a template leaves out what it fills in", () => {
    expect(
      entries("-- master.cf --\n{{ port }} inet n - n - - smtpd\n587 inet n - n - - {{ program }}"),
    ).toEqual([]);
  });
});

test("a filter on postscreen is lost where the smtpd behind it has none", () => {
  const lost = (postscreen: string, behind: string, main = "") => {
    const { system } = read(
      `-- main.cf --\n${main}\n-- master.cf --\nsmtp inet n - n - 1 postscreen\n  ${postscreen}\nsmtpd pass - - n - - smtpd\n  ${behind}`,
    );
    const service = system.services[0];
    return (
      service &&
      losesFilter(system, service, postscreen.includes("proxy") ? "smtpd_proxy_filter" : "content_filter")
        ?.name
    );
  };
  expect(lost("-o content_filter=scan:x", "-o smtpd_banner=x")).toBe("smtpd");
  expect(lost("-o smtpd_proxy_filter=10024", "-o content_filter=scan:x")).toBe("smtpd");
  expect(lost("-o content_filter=scan:x", "-o content_filter=other:y")).toBeUndefined();
  expect(lost("-o content_filter=", "-o smtpd_banner=x")).toBeUndefined();
  expect(lost("-o content_filter={{ filter }}", "-o smtpd_banner=x")).toBeUndefined();
  expect(lost("-o content_filter=scan:x", "-o smtpd_banner=x", "content_filter = scan:x")).toBeUndefined();
});

describe("feeding transports", () => {
  const SYSTEM = `-- main.cf --
smtp_bind_address = 192.0.2.1
content_filter = smtp:[127.0.0.1]:10024
-- master.cf --
25 inet n - n - - smtpd
587 inet n - n - - smtpd
465 inet n - n - - smtpd
  -o content_filter=lmtp-amavis:[127.0.0.1]:10026
2525 inet n - n - - smtpd
  -o smtpd_proxy_filter=127.0.0.1:10024
2526 inet n - n - - smtpd
  -o content_filter=scan:dummy
smtp unix - - n - - smtp
lmtp-amavis unix - - n - 2 lmtp
scan unix - n n - - pipe user=x argv=/x
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
${AMAVIS}`;

  test("one for each transport, one step for each place, and what they share", () => {
    const { system, flow } = read(SYSTEM);
    expect(
      feeders(system, flow).map(({ service, protocol, steps, shared }) => [
        service.name,
        protocol,
        steps.length,
        shared,
      ]),
    ).toEqual([
      ["smtp", "smtp", 1, true],
      ["lmtp-amavis", "lmtp", 1, false],
    ]);
    const names = flow.requests.map((step) => feederOf(system, flow, step)?.service.name);
    expect(names).toEqual(["smtp", "smtp", "lmtp-amavis", undefined, undefined]);
  });

  test("each reads the parameters of its program", () => {
    const { system, flow } = read(SYSTEM);
    const [smtp, lmtp] = feeders(system, flow);
    expect(smtp && clientValue(smtp, "bind_address").text).toBe("192.0.2.1");
    expect(smtp && feedSource(smtp, "127.0.0.1")).toBe("192.0.2.1");
    expect(smtp && feedSource(smtp, "::1")).toBe("::1");
    expect(lmtp && feedSource(lmtp, "127.0.0.1")).toBe("127.0.0.1");
  });
});

describe("capacity", () => {
  const connections = (main: string, maxproc: string, nexthops = ["[127.0.0.1]:10024"]) => {
    const { system, flow } = read(`-- main.cf --
${main}
-- master.cf --
${nexthops.map((nexthop, index) => `${2500 + index} inet n - n - - smtpd\n  -o content_filter=am:${nexthop}`).join("\n")}
am unix - - n - ${maxproc} smtp
${AMAVIS}`);
    const [feeder] = feeders(system, flow);
    return feeder && feedConnections(system, feeder);
  };

  test.each([
    ["", "2", 2],
    ["", "-", 20],
    ["default_process_limit = 10", "-", 10],
    ["default_process_limit = $unknown_name_of_mine", "-", undefined],
    ["am_destination_concurrency_limit = 3", "-", 3],
    ["default_destination_concurrency_limit = 4", "0", 4],
    ["am_destination_concurrency_limit = 0", "0", Number.POSITIVE_INFINITY],
    ["am_destination_recipient_limit = 1", "30", 30],
    ["am_destination_concurrency_limit = {{ limit }}", "30", undefined],
    ["", "{{ processes }}", undefined],
  ])("%s with maxproc %s: %s", (main, maxproc, expected) => {
    expect(connections(main, maxproc)).toBe(expected);
  });

  test("each nexthop has its own concurrency, and the processes are one number", () => {
    const both = ["[127.0.0.1]:10024", "[127.0.0.1]:10026"];
    expect(connections("am_destination_concurrency_limit = 3", "-", both)).toBe(6);
    expect(connections("am_destination_concurrency_limit = 3", "5", both)).toBe(5);
  });

  test("limits of services and transports", () => {
    const { system } = read(`-- main.cf --
am_destination_recipient_limit = 7
-- master.cf --
25 inet n - n - 0 smtpd
am unix - - n - 3 smtp
bm unix - - n - - smtp`);
    const [smtpd, am, bm] = system.services;
    expect([smtpd, am, bm].map((one) => one && mostProcesses(one))).toEqual([
      Number.POSITIVE_INFINITY,
      3,
      100,
    ]);
    expect([am, bm].map((one) => one && transportLimit(system, one, "destination_recipient_limit"))).toEqual([
      7, 50,
    ]);
  });
});
