import { describe, expect, it } from "vitest";
import { normalAddress } from "../../../server/src/semantics/amavis/addresses.js";
import { evaluate, lines, methods } from "./support.js";

describe("listeners", () => {
  it.each([
    ["", []],
    ["$inet_socket_port = 10024;", ["127.0.0.1:10024", "[::1]:10024"]],
    [
      "$inet_socket_port = [10024, 10026]; $inet_socket_bind = '127.0.0.1';",
      ["127.0.0.1:10024", "127.0.0.1:10026"],
    ],
    ["$inet_socket_port = 10024; $inet_socket_bind = undef;", ["[::]:10024*"]],
    ["$inet_socket_port = 10024; $inet_socket_bind = '';", ["[::]:10024*"]],
    ["$inet_socket_port = 10024; $inet_socket_bind = '*';", ["[::]:10024*"]],
    ["$inet_socket_port = 10024; $inet_socket_bind = '::';", ["[::]:10024*"]],
    ["$inet_socket_port = 10024; $inet_socket_bind = '0.0.0.0';", ["0.0.0.0:10024"]],
    [
      "$inet_socket_port = 10024; $inet_socket_bind = ['[::1]', '10.0.0.1'];",
      ["[::1]:10024", "10.0.0.1:10024"],
    ],
    ["$inet_socket_port = 70025; $inet_socket_bind = '127.0.0.1';", ["127.0.0.1:4489"]],
    ["$inet_socket_port = [10024, 10024]; $inet_socket_bind = '127.0.0.1';", ["127.0.0.1:10024"]],
    [
      "@listen_sockets = ('*:1', ':2', '127.0.0.1:3', '[0:0::1]:4', 'inet:5', 'localhost:6', '10007/tcp');",
      [
        "[::]:1*",
        "[::]:2*",
        "127.0.0.1:3",
        "[::1]:4",
        "127.0.0.1:5",
        "[::1]:5",
        "localhost:6",
        "127.0.0.1:10007",
        "[::1]:10007",
      ],
    ],
    [
      "$unix_socketname = '/run/a'; @listen_sockets = ('unix:/run/b', '/run/c'); $inet_socket_port = '';",
      ["/run/b", "/run/c", "/run/a"],
    ],
    ["$unix_socketname = ['/run/a', '/run/b'];", ["/run/a", "/run/b"]],
    [
      "@listen_sockets = (10024); $inet_socket_bind = '127.0.0.1'; push @listen_sockets, 10026;",
      ["127.0.0.1:10024", "127.0.0.1:10026"],
    ],
  ])("%s", (text, expected) => {
    const configuration = evaluate(text);
    expect(lines(configuration)).toEqual(expected);
    expect(configuration.listenersOpen).toBeUndefined();
  });

  it.each([
    ["$inet_socket_port = `x`;", []],
    ["$inet_socket_port = [10024, $ENV{P}]; $inet_socket_bind = '127.0.0.1';", ["127.0.0.1:10024"]],
    ["$inet_socket_port = 10024; $inet_socket_bind = `x`;", []],
    ["$inet_socket_port = 'smtp';", []],
    ["if (-e '/x') { $inet_socket_port = 10024 }", []],
    ["$inet_socket_port = 0; $inet_socket_bind = '127.0.0.1';", ["127.0.0.1:0"]],
  ])("may be more than those that are known: %s", (text, expected) => {
    const configuration = evaluate(text);
    expect(lines(configuration)).toEqual(expected);
    expect(configuration.listenersOpen?.kind).toBe("unknown");
  });

  it("know what decided port and address", () => {
    const text = "$inet_socket_port = [10024, 10026];\n$inet_socket_bind = '127.0.0.1';";
    const [first, second] = evaluate(text).listeners;
    expect(first?.origin?.range).toEqual({ start: text.indexOf("10024"), end: text.indexOf("10024") + 5 });
    expect(second?.origin?.range.start).toBe(text.indexOf("10026"));
    expect(first?.bindOrigin?.range.start).toBe(text.indexOf("'127"));
    expect(evaluate("$inet_socket_port = 10024;").listeners[0]?.bindOrigin).toBeUndefined();
  });

  it.each([["$inet_socket_port = '10024, 10026';"], ["$unix_socketname = '/run/a|unix';"]])(
    "are refused: %s",
    (text) => {
      const sockets = evaluate(text).problems.filter(({ kind }) => kind === "bad-listen-socket");
      expect(sockets.map(({ kind, fatal }) => [kind, fatal])).toEqual([["bad-listen-socket", true]]);
    },
  );
});

describe("policy banks", () => {
  const banks =
    "$policy_bank{A} = { protocol => 'LMTP' }; $policy_bank{B} = { forward_method => 'smtp:[b]:1' };";
  const ports =
    "$inet_socket_bind = '127.0.0.1'; $inet_socket_port = [10024, 10026]; $unix_socketname = '/s';";

  it.each([
    ["$interface_policy{'10026'} = 'A';", ["/s", "127.0.0.1:10024", "127.0.0.1:10026 A"]],
    [
      "$interface_policy{10026} = 'A'; $interface_policy{'127.0.0.1:10026'} = 'B';",
      ["/s", "127.0.0.1:10024", "127.0.0.1:10026 A+B"],
    ],
    [
      "$interface_policy{SOCK} = 'A'; $interface_policy{'/s'} = 'B';",
      ["/s A+B", "127.0.0.1:10024", "127.0.0.1:10026"],
    ],
    ["$interface_policy{'10026'} = 'A,B';", ["/s", "127.0.0.1:10024", "127.0.0.1:10026"]],
    [
      "%interface_policy = ('10024' => 'NONE', '10026' => 'B');",
      ["/s", "127.0.0.1:10024", "127.0.0.1:10026 B"],
    ],
  ])("%s", (text, expected) => {
    expect(lines(evaluate(banks + ports + text))).toEqual(expected);
  });

  it("override the global values key by key", () => {
    const configuration = evaluate(
      `${banks + ports}$interface_policy{10024} = 'A'; $interface_policy{10026} = 'B'; $forward_method = 'smtp:[g]:1';`,
    );
    const [, lmtp, other] = configuration.listeners;
    expect([lmtp?.protocol.value, other?.protocol.value]).toEqual(["LMTP", ""]);
    expect([lmtp, other].map((listener) => listener && methods(listener.forward))).toEqual([
      "smtp:[g]:1",
      "smtp:[b]:1",
    ]);
  });

  it("hold references that show later assignments", () => {
    const text =
      "$inet_socket_port = 10024; $policy_bank{A} = { forward_method => \\$notify_method }; $interface_policy{10024} = 'A'; $notify_method = 'smtp:[n]:1';";
    const [listener] = evaluate(text).listeners;
    expect(listener && methods(listener.forward)).toBe("smtp:[n]:1");
  });

  it("have entries with places", () => {
    const text = "$policy_bank{'A'} = { originating => 1, forward_method => undef };";
    const bank = evaluate(text).banks.get("A");
    expect(
      [...(bank?.entries.values() ?? [])].map(({ key, display, keyRange }) => [
        key,
        display,
        text.slice(keyRange.range.start, keyRange.range.end),
      ]),
    ).toEqual([
      ["originating", "1", "originating"],
      ["forward_method", "undef", "forward_method"],
    ]);
    expect(bank?.origin?.range.start).toBe(text.indexOf("'A'"));
  });

  it("that are not known make everything they could set unknown", () => {
    const text =
      "$inet_socket_port = 10024; $interface_policy{10024} = 'A'; if (-e '/x') { $policy_bank{A} = { forward_method => undef } }";
    const [listener] = evaluate(text).listeners;
    expect(listener && methods(listener.forward)).toMatch(/^unknown/);
  });
});

describe("where mail goes", () => {
  const first = (text: string) => {
    const [listener] = evaluate(`$inet_socket_port = 10024;${text}`).listeners;
    if (listener === undefined) throw new Error("no listener");
    return listener;
  };

  it.each([
    ["", "smtp:[127.0.0.1]:10025", "smtp:[127.0.0.1]:10025"],
    ["$forward_method = 'smtp:[127.0.0.1]:20025';", "smtp:[127.0.0.1]:20025", "smtp:[127.0.0.1]:10025"],
    [
      "$forward_method = 'smtp:[a]:1'; $notify_method = $forward_method; $forward_method = 'smtp:[b]:1';",
      "smtp:[b]:1",
      "smtp:[a]:1",
    ],
    ["$forward_method = undef;", "", "smtp:[127.0.0.1]:10025"],
    ["$forward_method = ['smtp:[a]:1', 'smtp:[b]:2'];", "smtp:[a]:1 smtp:[b]:2", "smtp:[127.0.0.1]:10025"],
    ["$forward_method = 'smtp:*:*'; $notify_method = 'SMTP:*:10025';", "smtp:*:*", "SMTP:*:10025"],
    ["$forward_method = `x`;", "unknown: the output of the command x", "smtp:[127.0.0.1]:10025"],
    [
      "@forward_method_maps = ([]);",
      "unknown: each recipient may have a forward method of its own",
      "smtp:[127.0.0.1]:10025",
    ],
    ["@forward_method_maps = (\\$notify_method); $notify_method = 'smtp:[n]:1';", "smtp:[n]:1", "smtp:[n]:1"],
  ])("%s", (text, forward, notify) => {
    const listener = first(text);
    expect([methods(listener.forward), methods(listener.notify)]).toEqual([forward, notify]);
  });

  it("falls back from release to notify, from resend to forward", () => {
    const listener = first(
      "$forward_method = 'smtp:[f]:1'; $notify_method = 'smtp:[n]:1'; $requeue_method = 'smtp:[q]:25';",
    );
    expect([listener.resend, listener.release, listener.requeue].map(methods)).toEqual([
      "smtp:[f]:1",
      "smtp:[n]:1",
      "smtp:[q]:25",
    ]);
    expect(methods(first("$release_method = 'smtp:[r]:1';").release)).toBe("smtp:[r]:1");
  });

  it("has the place of the text and the place of the setting", () => {
    const text = "$forward_method = 'smtp:[a]:1'; $notify_method = $forward_method;";
    const { notify } = first(text);
    const [method] = "kind" in notify.value ? [] : notify.value;
    const offset = "$inet_socket_port = 10024;".length;
    expect(notify.origin?.range.start).toBe(offset + text.lastIndexOf("$forward_method"));
    expect(method?.origin?.range.start).toBe(offset + text.indexOf("'smtp"));
    expect(first("").forward.origin).toBeUndefined();
  });

  it.each([
    ["smtp:[127.0.0.1]:10025", { scheme: "smtp", host: "127.0.0.1", port: 10025 }],
    ["LMTP:localhost:24:ignored", { scheme: "lmtp", host: "localhost", port: 24 }],
    ["smtp:[::1]:10025", { scheme: "smtp", host: "::1", port: 10025 }],
    ["smtp:*:*", { scheme: "smtp", host: "*", port: "*" }],
    ["lmtp:/var/run/lmtp", { scheme: "lmtp", path: "/var/run/lmtp" }],
    ["pipe:flags=q argv=/bin/x", { scheme: "pipe" }],
    ["local:spam", { scheme: "local" }],
  ])("takes apart %s", (text, expected) => {
    const { value } = first(`$forward_method = '${text}';`).forward;
    expect(value).toMatchObject([{ text, fault: undefined, ...expected }]);
  });

  it.each([
    ["smtp:[127.0.0.1]", "Empty/unknown port number"],
    ["smtp:127.0.0.1", "Empty/unknown port number"],
    ["smtp:[127.0.0.1]:smtp", "Invalid port number"],
    ["smtp:[127.0.0.1]:0", "Invalid port number"],
    ["smtp:[127.0.0.1]:70000", "Invalid port number"],
    ["smtp::10025", "Empty/unknown host address"],
    ["smtp:[/run/socket]", "Empty/unknown port number"],
    ["smtp:localhost", "taken as a Unix socket"],
    ["smtps:[a]:465", "unknown protocol: smtps"],
    ["127.0.0.1:10025", "no recognized protocol name"],
    ["[127.0.0.1]:10025", "no recognized protocol name"],
    ["10025", "no recognized protocol name"],
  ])("sees what is wrong with %s", (text, fault) => {
    const { value } = first(`$forward_method = '${text}';`).forward;
    expect("kind" in value ? "" : value[0]?.fault).toContain(fault);
  });

  it("keeps what is known of a text that is partly unknown", () => {
    const { value } = first(
      '$h = `x`; $forward_method = "smtp:[$h]:10025"; $notify_method = "smtp:[a]:$h";',
    ).forward;
    expect(value).toMatchObject([
      { scheme: "smtp", host: undefined, port: 10025, partlyUnknown: true, fault: undefined },
    ]);
  });
});

describe("addresses", () => {
  it.each([
    ["[::1]", "::1"],
    ["0:0:0:0:0:0:0:1", "::1"],
    ["FE80::1:0:0:2", "fe80::1:0:0:2"],
    ["::ffff:127.0.0.1", "::ffff:7f00:1"],
    ["1::0:0", "1::"],
    ["::", "::"],
    ["a:b", "a:b"],
    ["LocalHost", "LocalHost"],
  ])("%s is %s", (written, expected) => {
    expect(normalAddress(written)).toBe(expected);
  });
});
