import { describe, expect, it } from "vitest";
import { nearestVariable } from "../../../server/src/semantics/amavis/spelling.js";
import { editDistance } from "../../../server/src/syntax/editDistance.js";
import { evaluate, evaluateTemplate, nameProblems } from "./support.js";

/** [text, name, fatal, text after the fix] */
const slips: readonly (readonly [string, string, boolean, string | undefined])[] = [
  [
    "use strict; $inet_socket_prt = 10024;",
    "$inet_socket_prt",
    true,
    "use strict; $inet_socket_port = 10024;",
  ],
  ["$inet_socket_prt = 10024;", "$inet_socket_prt", false, "$inet_socket_port = 10024;"],
  [
    "use strict; @inet_socket_port = (10024, 10026);",
    "@inet_socket_port",
    true,
    "use strict; $inet_socket_port = [10024, 10026];",
  ],
  [
    "use strict; $mynetworks = ['10.0.0.0/8'];",
    "$mynetworks",
    true,
    "use strict; @mynetworks = ('10.0.0.0/8');",
  ],
  ["use strict; $inet_acl = '127.0.0.1';", "$inet_acl", true, "use strict; @inet_acl = '127.0.0.1';"],
  [
    "use strict; $interface_polcy{'10026'} = 'A';",
    "%interface_polcy",
    true,
    "use strict; $interface_policy{'10026'} = 'A';",
  ],
  [
    "use strict; $notify_method = $foward_method;",
    "$foward_method",
    true,
    "use strict; $notify_method = $forward_method;",
  ],
  [
    'use strict; $virus_admin = "me@example.com";',
    "@example",
    true,
    'use strict; $virus_admin = "me\\@example.com";',
  ],
  ['$virus_admin = "me@example.com";', "@example", false, '$virus_admin = "me\\@example.com";'],
  [
    'use strict; $X_HEADER_LINE = "at $myhostname[0]";',
    "@myhostname",
    true,
    'use strict; $X_HEADER_LINE = "at ${myhostname}[0]";',
  ],
  [`$X_HEADER_LINE = "$mydomain's";`, "$mydomain's", false, `$X_HEADER_LINE = "\${mydomain}'s";`],
  ["use strict; $own_helper = 1; $log_level = $own_helper;", "$own_helper", true, undefined],
  ["$never_read_anywhere = 1;", "$never_read_anywhere", false, undefined],
  ["use 5.012; $own_thing = 1; $x = $own_thing;", "$own_thing", true, undefined],
];

describe("names that nobody declares", () => {
  it.each(slips)("%s", (text, name, fatal, mended) => {
    const problem = nameProblems(evaluate(text))[0];
    expect(problem).toMatchObject({ fatal, file: "/1" });
    expect(problem?.message).toContain(name);
    const { fix } = problem ?? {};
    const result =
      fix === undefined
        ? undefined
        : text.slice(0, fix.range.start) + fix.newText + text.slice(fix.range.end);
    expect(result).toBe(mended);
    if (mended !== undefined) expect(nameProblems(evaluate(mended))).toEqual([]);
  });

  it.each([
    ["use strict; my $x = 1; our @y = ($x); local $max_servers = 3; foreach my $z (1) { $log_level = $z }"],
    ["use strict; use vars qw($own @list); $own = 1; @list = ($own);"],
    [
      "use strict; $Amavis::Conf::whatever = 1; $Foo::bar = 2; $ENV{TMPDIR} = $0; $_ = $1; @x::y = sort { $a <=> $b } 1;",
    ],
    ["use strict; no strict 'vars'; $own = 1; $log_level = $own;"],
    ["$own = 1; $log_level = $own;"],
    ["use strict; sub f { my ($part) = @_; return $part } { our $inner = 1; $inner++ }"],
    ["use strict; $LOGFILE = '/x'; $DO_SYSLOG = 1; %final_destiny_by_ccat = (); $DEBUG = 1;"],
    ["use strict; $log_level = '$not_interpolated @neither'; $X_HEADER_LINE = \"5\\$ \\@ home %d\";"],
    ["use strict; @mynetworks = qw($no @one);"],
    ['use strict; $myhostname = "$DOMAIN"; $mydomain = $OTHER_NAME;'],
    ["use strict; package Own; $x = 1;"],
  ])("are none in: %s", (text) => {
    expect(nameProblems(evaluate(text))).toEqual([]);
  });

  it("are helpers when one file sets and another reads them", () => {
    expect(nameProblems(evaluate("$own = 1;", "$log_level = $own;"))).toEqual([]);
    expect(nameProblems(evaluate("$own = 1;", "use strict; $log_level = $own;"))).toMatchObject([
      { file: "/2", fatal: true },
    ]);
  });

  it("are reported once in a file", () => {
    expect(nameProblems(evaluate("use strict; $foo_bar = 1; $foo_bar = 2;"))).toHaveLength(1);
  });

  it("are not reported in statements that have a mistake, nor for what a template fills in", () => {
    expect(nameProblems(evaluate("use strict; $x = ;")).map(({ kind }) => kind)).toEqual(["perl-syntax"]);
    expect(
      nameProblems(evaluateTemplate("use strict; $max_servers = $SERVERS; $log_level = %level;")),
    ).toEqual([]);
    expect(nameProblems(evaluateTemplate("use strict; $forward_metod = {{ x }};"))).toMatchObject([
      { fatal: false },
    ]);
    expect(
      nameProblems(evaluateTemplate("use strict;\n{% if a %}\n$forward_metod = 1;\n{% endif %}\n")),
    ).toEqual([]);
  });

  it("can be constants", () => {
    expect(nameProblems(evaluate("use strict; $final_spam_destiny = D_PAS;"))).toMatchObject([
      { kind: "bareword", fatal: true, fix: { newText: "D_PASS" } },
    ]);
    expect(nameProblems(evaluate("$final_spam_destiny = D_PAS;"))).toEqual([]);
    expect(
      nameProblems(evaluate("use strict; use constant D_PAS => 1; $final_spam_destiny = D_PAS;")),
    ).toEqual([]);
  });
});

describe("uses", () => {
  it("name the variable that is meant", () => {
    const text =
      '$policy_bank{A}{b} = "$mydomain"; push @mynetworks, $#inet_acl; my $x = $mynetworks[0]; $x++;';
    const found = evaluate(text).uses.map(
      ({ name, access, location }) =>
        `${access} ${name} ${text.slice(location.range.start, location.range.end)}`,
    );
    expect(found.sort()).toEqual([
      "read $mydomain $mydomain",
      "read @inet_acl $#inet_acl",
      "read @mynetworks $mynetworks",
      "write %policy_bank $policy_bank",
      "write @mynetworks @mynetworks",
    ]);
  });
});

describe("spelling", () => {
  it("counts edits", () => {
    expect([
      editDistance("abc", "abc", 3),
      editDistance("abc", "acb", 3),
      editDistance("abc", "abd", 3),
      editDistance("abc", "xyz", 3),
    ]).toEqual([0, 1, 1, 3]);
  });

  it("prefers the same sigil", () => {
    expect(nearestVariable("$forward_methd")).toBe("$forward_method");
    expect(nearestVariable("@forward_method_map")).toBe("@forward_method_maps");
    expect(nearestVariable("%mynetworks")).toBe("@mynetworks");
    expect(nearestVariable("$xyzzy")).toBeUndefined();
  });
});
