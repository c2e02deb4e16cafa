/** One message followed through a system; beside it what the real programs did with the same message. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { analyse } from "../../server/src/analysis.js";
import type { Message } from "../../server/src/flow/message.js";
import { trace } from "../../server/src/flow/trace.js";
import { archiveSource, readArchive } from "../helpers/archive.js";
import { allScenarios, sharedFolder } from "../helpers/shared.js";

const MESSAGE: Message = {
  port: 25,
  address: undefined,
  client: undefined,
  sender: "sender@example.com",
  recipient: "user@example.org",
};

function follow(files: ReadonlyMap<string, string>, message: Partial<Message> = {}) {
  const { system, flow } = analyse(archiveSource(files), undefined, { postfixVersion: "3.7" });
  return trace(system, flow, { ...MESSAGE, ...message });
}

const MAIN = `-- main.cf --
compatibility_level = 3.6
myhostname = mx.example.org
myorigin = example.org
mydestination =
relay_domains = example.org
mynetworks = 127.0.0.0/8
relayhost = [smart.example.net]
inet_protocols = ipv4
inet_interfaces = all
transport_maps = inline:{ {special.example.org = scan:[192.0.2.1]} }
virtual_alias_maps = inline:{ {list@example.org = a@example.org, b@example.org} }
smtpd_sender_restrictions = check_sender_access inline:{ {spam.example = REJECT go away}, {odd.example = DISCARD} }
`;
const MASTER = `-- master.cf --
smtp inet n - n - - smtpd
smtp unix - - n - - smtp
relay unix - - n - - smtp
scan unix - - n - 2 smtp
pickup unix n - n 60 1 pickup
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
  -o receive_override_options=no_address_mappings
`;
const AMAVIS = `-- amavisd.conf --
use strict;
$inet_socket_bind = '127.0.0.1';
$inet_socket_port = 10024;
1;
`;
const GOOD = readArchive(`${MAIN}content_filter = scan:[127.0.0.1]:10024\n${MASTER}${AMAVIS}`).files;

describe("a right system", () => {
  test.each<[string, Partial<Message>, string, number, string[]]>([
    ["to a domain of ours", {}, "delivered", 1, ["user@example.org relay [smart.example.net]"]],
    [
      "a list",
      { recipient: "list@example.org" },
      "delivered",
      1,
      ["a@example.org relay [smart.example.net]", "b@example.org relay [smart.example.net]"],
    ],
    [
      "by the transport table",
      { recipient: "x@special.example.org" },
      "delivered",
      1,
      ["x@special.example.org scan [192.0.2.1]"],
    ],
    ["relaying for a stranger", { recipient: "x@elsewhere.example" }, "rejected", 0, []],
    [
      "relaying for this host",
      { recipient: "x@elsewhere.example", client: "127.0.0.1" },
      "delivered",
      1,
      ["x@elsewhere.example smtp [smart.example.net]"],
    ],
    ["a sender that a table rejects", { sender: "x@spam.example" }, "rejected", 0, []],
    ["a sender whose mail is thrown away", { sender: "x@odd.example" }, "discarded", 0, []],
    [
      "from a local program",
      { port: "sendmail" },
      "delivered",
      1,
      ["user@example.org relay [smart.example.net]"],
    ],
    [
      "past the filter",
      { port: 10025, client: "127.0.0.1" },
      "delivered",
      0,
      ["user@example.org relay [smart.example.net]"],
    ],
    ["to a port where nothing listens", { port: 26 }, "rejected", 0, []],
  ])("%s", (_what, message, outcome, passes, deliveries) => {
    const result = follow(GOOD, message);
    expect([result.outcome, result.filterPasses]).toEqual([outcome, passes]);
    expect(
      result.deliveries.map(({ recipient, transport, nexthop }) => `${recipient} ${transport} ${nexthop}`),
    ).toEqual(deliveries);
  });

  test("hops carry the lines that cause them", () => {
    const { hops } = follow(GOOD);
    const causes = hops.map(
      ({ at, because }) =>
        `${at} | ${because.map(({ file, range }) => (GOOD.get(file.slice(6)) ?? "").slice(range.start, range.end)).join(" + ")}`,
    );
    expect(causes).toEqual([
      "smtpd 0.0.0.0:25 | smtp",
      "queue manager | scan:[127.0.0.1]:10024",
      "amavisd 127.0.0.1:10024 | 10024",
      "amavisd 127.0.0.1:10024 | ",
      "smtpd 127.0.0.1:10025 | 127.0.0.1:10025",
      "queue manager, user@example.org | [smart.example.net]",
    ]);
  });
});

describe("a broken system", () => {
  const broken = (main: string, master: string, amavis: string, message?: Partial<Message>) =>
    follow(
      readArchive(`${MAIN}${main}\n${MASTER}${master}${AMAVIS.replace("1;\n", `${amavis}\n1;\n`)}`).files,
      message,
    );
  test.each([
    [
      "no reinjection",
      broken("content_filter = scan:[127.0.0.1]:10024", "", "$forward_method = 'smtp:[127.0.0.1]:20025';"),
      "deferred",
      0,
    ],
    [
      "a loop",
      broken(
        "content_filter = scan:[127.0.0.1]:10024",
        "127.0.0.1:20025 inet n - n - - smtpd\n",
        "$forward_method = 'smtp:[127.0.0.1]:20025';",
      ),
      "looped",
      24,
    ],
    ["no such transport", broken("content_filter = nowhere:[127.0.0.1]:10024", "", ""), "deferred", 0],
    ["no port", broken("content_filter = scan:[127.0.0.1]", "", ""), "bounced", 0],
  ])("%s", (_what, result, outcome, passes) => {
    expect([result.outcome, result.filterPasses]).toEqual([outcome, passes]);
  });
});

/** Each was run with the real programs by test/oracle/run-daemons.mjs; the scenario's name stands beside it. */
describe("as the running daemons do it", () => {
  const PIPE =
    "filter unix - n n - 4 pipe\n  user=nobody argv=/usr/bin/spamc -e /usr/sbin/sendmail -G -i -f ${sender} -- ${recipient}\n";
  const entries = "smtp inet n - n - - smtpd\nsmtp unix - - n - - smtp\npickup unix n - n 60 1 pickup\n";
  const run = (main: string, master: string, message: Partial<Message> = {}) =>
    follow(
      readArchive(
        `-- main.cf --
compatibility_level = 3.6
myorigin = example.org
mydestination =
relay_domains = example.org
relayhost = [smart.example.net]
inet_protocols = ipv4
inet_interfaces = all
${main}
-- master.cf --
${entries}${master}
error unix - - n - - error
discard unix - - n - - discard
relay unix - - n - - smtp
`,
      ).files,
      message,
    );
  const outcomeOf = (main: string, master = "", message: Partial<Message> = {}) => {
    const { outcome, filterPasses, deliveries } = run(main, master, message);
    return [
      outcome,
      filterPasses,
      deliveries.map(({ recipient, copies }) => `${recipient} ${copies}`).join(" "),
    ];
  };

  test("t04: a command behind pipe(8) hands mail back with sendmail, once", () => {
    expect(
      outcomeOf("", `2525 inet n - n - - smtpd\n  -o content_filter=filter:\n${PIPE}`, { port: 2525 }),
    ).toEqual(["delivered", 1, "user@example.org 1"]);
  });
  test("t05: where pickup asks for the filter too, it goes round", () => {
    expect(outcomeOf("content_filter = filter:", PIPE).slice(0, 2)).toEqual(["looped", 49]);
  });
  test("a command that is not known", () => {
    expect(outcomeOf("content_filter = filter:", PIPE.replace("-e /usr/sbin/sendmail", ""))[0]).toBe(
      "unknown",
    );
  });
  test("m1: a filter transport that throws mail away", () => {
    expect(outcomeOf("content_filter = discard:")[0]).toBe("discarded");
  });
  test("t22: REDIRECT replaces the recipients, BCC adds one", () => {
    const table = (action: string) => `smtpd_sender_restrictions = check_sender_access static:{${action}}`;
    expect(outcomeOf(table("REDIRECT other@example.org"))).toEqual(["delivered", 0, "other@example.org 1"]);
    expect(outcomeOf(table("BCC other@example.org"))).toEqual([
      "delivered",
      0,
      "user@example.org 1 other@example.org 1",
    ]);
  });
  test.each([
    ["REJECT no", "rejected"],
    ["DISCARD", "discarded"],
    ["HOLD", "stuck"],
  ])("t23: %s in header_checks", (action, outcome) => {
    expect(outcomeOf(`header_checks = static:{${action}}`)[0]).toBe(outcome);
  });
  test("t23: mail of a local program is not refused but bounced", () => {
    expect(outcomeOf("header_checks = static:{REJECT no}", "", { port: "sendmail" })[0]).toBe("bounced");
  });
  test("t23: header checks that are switched off", () => {
    const off = "receive_override_options = no_header_body_checks";
    expect(outcomeOf(`header_checks = static:{REJECT no}\n${off}`)[0]).toBe("delivered");
  });
  test("t09: what a milter says is taken for granted", () => {
    const { assumptions } = run("smtpd_milters = inet:127.0.0.1:8891", "");
    expect(assumptions).toContain("the milter inet:127.0.0.1:8891 answers and lets it pass");
    expect(
      run("smtpd_milters = inet:127.0.0.1:8891\nreceive_override_options = no_milters", "").assumptions,
    ).toEqual([]);
  });
  test("t41: a milter address that is none refuses all mail, unless milter_default_action says otherwise", () => {
    expect(outcomeOf("smtpd_milters = tcp:127.0.0.1:8891")[0]).toBe("rejected");
    expect(outcomeOf("smtpd_milters = tcp:127.0.0.1:8891\nmilter_default_action = accept")[0]).toBe(
      "delivered",
    );
  });
  test("t17: a recipient whose mail goes to error(8) is refused at the door, unless such checks are off", () => {
    const main = "transport_maps = inline:{ {example.org = error:5.1.2 gone} }";
    expect(outcomeOf(main)[0]).toBe("rejected");
    expect(outcomeOf(`${main}\nsmtpd_reject_unlisted_recipient = no`)[0]).toBe("bounced");
  });
  test("t35: a recipient that no table lists is refused; a table that is not here lets it pass", () => {
    const boxes = "virtual_mailbox_domains = example.org\nrelay_domains =\nvirtual_transport = relay";
    expect(outcomeOf(`${boxes}\nvirtual_mailbox_maps = inline:{a@example.org=x}`)[0]).toBe("rejected");
    expect(outcomeOf(`${boxes}\nvirtual_mailbox_maps = inline:{user@example.org=x}`)[0]).toBe("delivered");
    expect(outcomeOf(`${boxes}\nvirtual_mailbox_maps = mysql:/etc/postfix/boxes.cf`)[0]).toBe("delivered");
  });
  test("t33: a name that a chrooted client looks up in the hosts file", () => {
    const main = "content_filter = scan:[localhost]:10024";
    const master = "scan unix - - y - - lmtp\n  -o lmtp_dns_support_level=disabled\n";
    expect(outcomeOf(main, master)[0]).toBe("unknown");
    expect(outcomeOf(main, master.replace(" y ", " n "))[0]).toBe("deferred");
  });
  test("t31: an alias that names itself and another, mapped twice, doubles the other", () => {
    const main =
      "virtual_alias_maps = inline:{ {user@example.org = user@example.org, copy@example.org} }\ncontent_filter = scan:[127.0.0.1]:10025";
    const master = "scan unix - - n - - smtp\n127.0.0.1:10025 inet n - n - - smtpd\n  -o content_filter=\n";
    expect(outcomeOf(main, master)[2]).toBe("user@example.org 1 copy@example.org 2");
  });
  test("d6: a filter that is refused before it names a recipient tries again; later it gives up", () => {
    const master = (delay: string) =>
      `scan unix - - n - - smtp\n127.0.0.1:10025 inet n - n - - smtpd\n  -o content_filter=\n  -o smtpd_delay_reject=${delay}\n  -o smtpd_client_restrictions=reject\n`;
    const files = (delay: string) =>
      readArchive(
        `${MAIN}content_filter = scan:[127.0.0.1]:10024\n-- master.cf --\nsmtp inet n - n - - smtpd\n${master(delay)}${AMAVIS}`,
      ).files;
    expect(follow(files("no")).outcome).toBe("deferred");
    expect(follow(files("yes")).outcome).toBe("bounced");
  });
  test("s1: two services that share a socket and do the same", () => {
    const twice = (options: string) =>
      `127.0.0.1:10025 inet n - n - - smtpd\nlocalhost:10025 inet n - n - - smtpd\n${options}`;
    const message = { port: 10025, client: "127.0.0.1", address: "127.0.0.1" };
    expect(outcomeOf("", twice(""), message)[0]).toBe("delivered");
    expect(outcomeOf("", twice("  -o content_filter=nowhere:\n"), message)[0]).toBe("unknown");
  });
});

interface Scenario {
  readonly mails?: readonly {
    readonly port?: number;
    readonly rcpts?: readonly string[];
    readonly local?: string;
    readonly host?: string;
    readonly count?: number;
  }[];
  readonly expect: {
    readonly running?: boolean;
    readonly runningAtEnd?: boolean;
    readonly deliveries?: Readonly<Record<string, number>>;
  };
}

/** Scenarios that files alone do not decide: a reload that is refused leaves the old files in force. */
const OTHER_FILES = new Set(["n22-reload-bad-master"]);
describe.skipIf(sharedFolder === undefined)("the scenarios: predicted as observed, or unknown", () => {
  const scenarios = allScenarios().flatMap(([id, files]) => {
    const text = readFileSync(join(sharedFolder ?? "", "oracle/scenarios", id, "scenario.json"), "utf8");
    const scenario: Scenario = JSON.parse(text);
    const { running, runningAtEnd, deliveries } = scenario.expect;
    const observed = running === true && runningAtEnd !== false && deliveries !== undefined && scenario.mails;
    return observed && !OTHER_FILES.has(id) ? [[id, files, scenario] as const] : [];
  });

  test.each(scenarios)("%s", (_id, files, { mails = [], expect: observed }) => {
    const predicted: Record<string, number> = {};
    for (const { port = 25, rcpts = ["user@example.test"], local, host, count = 1 } of mails)
      for (const recipient of rcpts) {
        const result = follow(files, {
          port,
          recipient,
          client: local ?? "127.0.0.1",
          address: host,
          sender: "sender@example.org",
        });
        if (result.outcome === "unknown") return;
        for (const { recipient: to, copies } of result.deliveries)
          predicted[to] = (predicted[to] ?? 0) + copies * count;
      }
    // What reaches the sender are notices, messages of their own.
    const { "sender@example.org": _notices, ...delivered } = observed.deliveries ?? {};
    expect(predicted).toEqual(delivered);
  });

  test("few are unknown", () => {
    const unknown = scenarios.filter(([, files, { mails = [] }]) =>
      mails.some(
        ({ port = 25, local, host }) =>
          follow(files, { port, client: local ?? "127.0.0.1", address: host }).outcome === "unknown",
      ),
    );
    expect(unknown.map(([id]) => id)).toEqual([
      // An external filter, a socket that two programs want, names that a chroot or DNS may not know.
      "c1-series-dumb",
      "g2-postfix-first",
      "g3-amavis-on-reinjection-port",
      "o2-chroot-name",
      "o6-chroot-dash-compat0",
      "p14-localhost-brackets-dns",
    ]);
  });
});
