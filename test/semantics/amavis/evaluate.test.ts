import { describe, expect, it } from "vitest";
import { evaluate, evaluateTemplate, evaluateWith, shown, source } from "./support.js";

describe("known values", () => {
  it.each([
    ["$max_servers = 2 + 3 * 4;", "$max_servers", "14"],
    ["$child_timeout = 8*60; $child_timeout .= 's';", "$child_timeout", "'480s'"],
    ["$inet_socket_port = 010024;", "$inet_socket_port", "4116"],
    ["$inet_socket_port = 10_024;", "$inet_socket_port", "10024"],
    ["$inet_socket_port = (10024, 10026);", "$inet_socket_port", "10026"],
    ["$sa_kill_level_deflt = 0.1 + 0.2;", "$sa_kill_level_deflt", "0.3"],
    ["$log_level = 7 % -3; $log_level = -7 / 2;", "$log_level", "-3.5"],
    ["$mydomain = 'a.b'; $virus_admin = \"p\\@$mydomain\";", "$virus_admin", "'p@a.b'"],
    ["$X_HEADER_LINE = \"\\Uab\\E \\ucd [${\\ 'x'}] @{[ 1+1 ]}\";", "$X_HEADER_LINE", "'AB Cd [x] 2'"],
    ["@mynetworks = (qw(a b), ('c') x 2, 1..3);", "@mynetworks", "('a', 'b', 'c', 'c', 1, 2, 3)"],
    ['@inet_acl = map { "10.0.0.$_" } grep { $_ > 1 } 1..3;', "@inet_acl", "('10.0.0.2', '10.0.0.3')"],
    [
      "push @mynetworks, 'x'; unshift @mynetworks, 'y'; $#mynetworks = 1;",
      "@mynetworks",
      "('y', '127.0.0.0/8')",
    ],
    [
      "%local_domains = (a => 1); %local_domains = (%local_domains, b => 2);",
      "%local_domains",
      "(a => 1, b => 2)",
    ],
    ["%local_domains = map { lc($_) => 1 } qw(A B); delete $local_domains{a};", "%local_domains", "(b => 1)"],
    [
      "@local_domains_maps = (\\%local_domains, [\".$mydomain\"], { 'x y' => undef });",
      "@local_domains_maps",
      "(\\%local_domains, ['.!change-mydomain-variable!.example.com'], { 'x y' => undef })",
    ],
    ["$final_spam_destiny = D_DISCARD; $final_virus_destiny = D_PASS;", "$final_virus_destiny", "1"],
    ["$log_level = 1 if 0; $log_level = 2 unless 0; $log_level++ for 1..3;", "$log_level", "5"],
    ["if ($max_servers > 1) { $log_level = 4 } else { $log_level = 5 }", "$log_level", "4"],
    ['foreach my $n (@inet_acl) { $n = "<$n>" }', "@inet_acl", "('<127.0.0.1>', '<[::1]>')"],
    ["my $p = 10024; $inet_socket_port = [$p, $p + 2];", "$inet_socket_port", "[10024, 10026]"],
    ["my $r = \\@mynetworks; @$r = ('z'); push @{$r}, 'w';", "@mynetworks", "('z', 'w')"],
    ["($log_level, my $rest, @mynetworks) = (3, 4, 5, 6);", "@mynetworks", "(5, 6)"],
    [
      "$myhostname = lc('MX') . '.' . join('.', 'a', 'b') . sprintf('%03d', 7);",
      "$myhostname",
      "'mx.a.b007'",
    ],
    ["$LOGFILE = '/x'; ", "$logfile", "'/x'"],
    ["$Amavis::Conf::log_level = 3; $other::log_level = 9;", "$log_level", "3"],
    ["package other; $log_level = 9; package Amavis::Conf; $log_level++;", "$log_level", "1"],
    ["use constant PORT => 10099; $inet_socket_port = PORT;", "$inet_socket_port", "10099"],
    ["local $max_servers = 9;", "$max_servers", "2"],
    ["{ local $max_servers = 9; $log_level = $max_servers } ", "$log_level", "9"],
    ["my $max_servers = 9;", "$max_servers", "2"],
    ["$log_level = 3; return 1; $log_level = 4;", "$log_level", "3"],
    ["$banned_filename_re = new_RE(qr'a'i);", "$banned_filename_re", "new_RE(...)"],
    ["@x = (1, 2, 3); $log_level = $x[-1] + @x + $#x;", "$log_level", "8"],
    ["$myhostname = <<E . 'x';\na $log_level\nE\n", "$myhostname", "'a 0\nx'"],
    ["$log_level = exists $policy_bank{''} && defined $forward_method ? 1 : 2;", "$log_level", "1"],
    ["($myhostname = 'a') =~ s/a/b/; $myhostname = 'c';", "$myhostname", "'c'"],
    ["@mynetworks = ((grep { $_ > 5 } 1..3)[0], 'a', (1..3)[7]);", "@mynetworks", "('a', undef)"],
    ["$virus_admin = length(undef) // 'none';", "$virus_admin", "'none'"],
    ["$virus_admin = sprintf('%03d %3d|%03d', -2, -2, 7);", "$virus_admin", "'-02  -2|007'"],
    [
      "%local_domains = (b => 1, a => 2); @mynetworks = sort keys %local_domains;",
      "@mynetworks",
      "('a', 'b')",
    ],
    [
      "%local_domains = (b => 1, a => 2); @mynetworks = keys %local_domains;",
      "@mynetworks",
      "unknown: the order of the entries of a table",
    ],
    ["$TEMPBASE = $MYHOME; $MYHOME = '/y';", "$db_home", "'/y/db'"],
  ])("%s", (text, name, expected) => {
    expect(shown(evaluate(text), name)).toBe(expected);
  });

  it("go from file to file, the last assignment wins", () => {
    const configuration = evaluate("$max_servers = 2; $log_level = 1;", "my $x = 3; $max_servers = $x;");
    expect(shown(configuration, "$max_servers")).toBe("3");
    expect(configuration.value("$max_servers")?.origins).toEqual([
      { file: "/2", range: { start: 26, end: 28 } },
    ]);
  });

  it("have no place when they are defaults", () => {
    expect(evaluate("").value("$forward_method")).toEqual({
      display: "'smtp:[127.0.0.1]:10025'",
      origins: [],
    });
    expect(evaluate("").value("$no_such_variable")).toBeUndefined();
  });

  it("keep the places of elements that were added later", () => {
    const text = "@mynetworks = ('a');\npush @mynetworks, 'b';";
    const origins = evaluate(text).value("@mynetworks")?.origins ?? [];
    expect(origins.map(({ range }) => text.slice(range.start, range.end))).toEqual([
      "push @mynetworks, 'b'",
      "'a'",
    ]);
  });
});

describe("values that are not known", () => {
  it.each([
    ["chomp($mydomain = `hostname -d`);", "$mydomain", "unknown: the output of the command hostname -d"],
    [
      "$myhostname = \"mx.$mydomain\" if -e '/x';",
      "$myhostname",
      "unknown: a condition that is not known here",
    ],
    ['$mydomain = `x`; $virus_admin = "p\\@$mydomain.org";', "$virus_admin", "'p@?.org'"],
    ["@mynetworks = read_array('/x');", "@mynetworks", "(read_array('/x'))"],
    ["read_hash(\\%local_domains, '/x');", "%local_domains", "unknown: the content of /x"],
    ["$log_level = $ENV{LEVEL};", "$log_level", "unknown: the environment of the process"],
    ["$log_level = own(1);", "$log_level", "unknown: the result of own()"],
    [
      "sub own { $log_level = 3 if -e '/x' } own();",
      "$log_level",
      "unknown: a condition that is not known here",
    ],
    ["if (-e '/x') { push @mynetworks, 'a' }", "@mynetworks", "unknown: a condition that is not known here"],
    ["while (<F>) { $log_level++ }", "$log_level", "unknown: a loop that is not followed"],
    ["for my $n (read_array('/x')) { $h{$n} = 1; $log_level = 2 }", "$log_level", "2"],
    ["for my $n (`x`) { $log_level = 2 }", "$log_level", "unknown: a loop over a list that is not known"],
    ["$myhostname =~ s/a/b/;", "$myhostname", "unknown: the result of a pattern"],
    ["$myhostname = 'a'; $myhostname =~ s/(?>a)/b/;", "$myhostname", "unknown: the result of a pattern"],
    [
      "$myhostname = 'a' x 300; $myhostname =~ s/a*a*a*a*b//;",
      "$myhostname",
      "unknown: the result of a pattern",
    ],
    ["$log_level = 1; eval '$log_level = 2';", "$log_level", "unknown: the result of eval()"],
    [
      "for (`x`) { $local_domains{$_} = 1 }",
      "%local_domains",
      "unknown: a loop over a list that is not known",
    ],
    ["while (1) { $log_level++ }", "$log_level", "unknown: a loop that is not followed"],
    ["sub f { f() } $log_level = f();", "$log_level", "unknown: a call that is not followed"],
    [
      "$log_level = eval { require Some::Module; 1 } ? 1 : 2;",
      "$log_level",
      "unknown: a condition that is not known here",
    ],
    [
      "$log_level = 2; return 1 if -e '/x'; $log_level = 3;",
      "$log_level",
      "unknown: a condition that is not known here may end the file before",
    ],
    ["-e '/x' and $log_level = 3;", "$log_level", "unknown: a condition that is not known here"],
    ["$log_level = -e '/x' ? 1 : 2;", "$log_level", "unknown: a condition that is not known here"],
    ["do '/etc/more.conf';", "$log_level", "unknown: what /etc/more.conf sets, which is included here"],
    ["$log_level = 5; include_config_files('/x'); $log_level = 6;", "$log_level", "6"],
    ["$log_level = ;\n$max_servers = 3;", "$log_level", "unknown: the statement has a mistake in it"],
    ["$log_level = 'x' x 10_000_000;", "$log_level", "unknown: a very long text"],
  ])("%s", (text, name, expected) => {
    expect(shown(evaluate(text), name)).toBe(expected);
  });

  it("do not spread further than they must", () => {
    const configuration = evaluate(
      "if (-e '/x') { $log_level = 3; my $max_servers = 7 } $notify_method = 'smtp:[a]:1';",
    );
    expect(shown(configuration, "$max_servers")).toBe("2");
    expect(shown(configuration, "$notify_method")).toBe("'smtp:[a]:1'");
  });
});

describe("included files", () => {
  const text = "$log_level = 1;\ninclude_optional_config_files('/more');\n$max_servers = 4;";

  it("are read where they are known", () => {
    const configuration = evaluateWith(text, {
      include: (path) => source(path, "$log_level = 2; my $x = 1;"),
    });
    expect(shown(configuration, "$log_level")).toBe("2");
  });

  it("change nothing when they are known to be missing", () => {
    const configuration = evaluateWith(text, { include: () => "missing" });
    expect(shown(configuration, "$log_level")).toBe("1");
    expect(configuration.listenersOpen).toBeUndefined();
  });

  it("may set anything when they are not known", () => {
    const configuration = evaluateWith(text, {});
    expect(shown(configuration, "$log_level")).toMatch(/^unknown: what \/more sets/);
    expect(configuration.listenersOpen).toBeDefined();
    expect(shown(configuration, "$max_servers")).toBe("4");
  });

  it("may include each other", () => {
    const configuration = evaluateWith("include_config_files('/a');", {
      include: (path) => source(path, "include_config_files('/a');"),
    });
    expect(configuration.listenersOpen).toBeDefined();
  });
});

describe("templates", () => {
  it.each([
    ["$max_servers = {{ n }};", "$max_servers", "unknown: a place that another program fills in"],
    ["$forward_method = 'smtp:[{{ h }}]:10025';", "$forward_method", "'smtp:[?]:10025'"],
    [
      "{% if a %}\n$log_level = 3;\n{% endif %}\n",
      "$log_level",
      "unknown: a part that another program may leave out",
    ],
    ["$log_level = 3;\n{{ more }}\n", "$log_level", "unknown: text that another program fills in"],
    ["$log_level = 3;\n{{ more }}\n$log_level = 4;", "$log_level", "4"],
    ["$log_level = $LEVEL; ", "$log_level", "unknown: a place that another program fills in"],
    ["$max_servers = %servers;", "$max_servers", "unknown: a place that another program fills in"],
    ["@mynetworks = qw(a {{ b }} c);", "@mynetworks", "('a', ?, ?, ?, 'c')"],
  ])("%s", (text, name, expected) => {
    expect(shown(evaluateTemplate(text), name)).toBe(expected);
  });
});

describe("places for edits", () => {
  const text = `$inet_socket_port = [10024];
$policy_bank{'A'} = {
  forward_method => 'smtp:[127.0.0.1]:1',
};
$policy_bank{A}{protocol} = 'LMTP';
%policy_bank = (%policy_bank, B => { originating => 1 });
$interface_policy{'10026'} = 'A';
push @listen_sockets, 10030;
`;
  const configuration = evaluate(text);
  const found = (name: string): string[][] =>
    configuration
      .assignments(name)
      .map(({ range, valueRange }) => [range, valueRange].map((part) => text.slice(part.start, part.end)));

  it("are statements with their values", () => {
    expect(found("$inet_socket_port")).toEqual([["$inet_socket_port = [10024];", "[10024]"]]);
    expect(found("%interface_policy{10026}")).toEqual([["$interface_policy{'10026'} = 'A';", "'A'"]]);
    expect(found("%interface_policy")).toHaveLength(1);
    expect(found("@listen_sockets")).toHaveLength(1);
    expect(found("$forward_method")).toEqual([]);
  });

  it("are pairs inside of banks", () => {
    expect(found("%policy_bank{A}{forward_method}")).toEqual([
      ["forward_method => 'smtp:[127.0.0.1]:1'", "'smtp:[127.0.0.1]:1'"],
    ]);
    expect(found("%policy_bank{A}{protocol}")).toEqual([["$policy_bank{A}{protocol} = 'LMTP';", "'LMTP'"]]);
    expect(found("%policy_bank{B}{originating}")).toEqual([["originating => 1", "1"]]);
  });
});
