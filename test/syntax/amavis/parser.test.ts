import { describe, expect, it } from "vitest";
import { parseAmavis } from "../../../server/src/syntax/amavis/parser.js";
import { sketch } from "./support.js";

describe("values", () => {
  it.each([
    [`$x = 'it\\'s \\n';`, `($x = 'it's \\n')`],
    [`$x = "a\\tb\\x41\\101";`, "($x = 'a\tbAA')"],
    [`$x = q{a {b} c};`, `($x = 'a {b} c')`],
    [`$x = qq<a <$y> c>;`, `($x = "a <{$y}> c")`],
    [`@x = qw[ a b\n c ];`, `(@x = [a|b|c])`],
    [
      `$x = "$a->[0]{k} $h{k} \${z}s @l @{$r} \\@home";`,
      `($x = "{deref%(deref@($a)[0]){'k'}} {%h{'k'}} {$z}s {@l} {deref@($r)} @home")`,
    ],
    [`$x = "user@ 5$ %d";`, `($x = 'user@ 5$ %d')`],
    [`$x = qr'^\\.(a|b)$'ix;`, `($x = regex<^\\.(a|b)$>ix)`],
    [`$x =~ s{a} # why\n {b}g;`, `($x =~ substitute<a>g)`],
    [`$y = tr/a-z//; $z = y/a/b/;`, `($y = transliterate<a-z>) ($z = transliterate<a>)`],
    [`$x = { s => 1, y => 2, q => 3, m=>4 };`, `($x = hash('s', 1, 'y', 2, 'q', 3, 'm', 4))`],
    [`$h{s} = $h{y}{tr};`, `(%h{'s'} = deref%(%h{'y'}){'tr'})`],
    [`$x = $y / 2; $z = 4 / 2 / 1;`, `($x = ($y / 2)) ($z = (4 / 2 / 1))`],
    [`@x = split /,/, $y;`, `(@x = split(match<,>, $y))`],
    [`@x = (1..7, 1.5, .5, 1e3, 0x1F, 10_024);`, `(@x = list((1 .. 7), 1.5, .5, 1e3, 0x1F, 10_024))`],
    ["$x = `hostname`;", "($x = command<`hostname`>)"],
    [`$x = shift // 'd';`, `($x = (shift() // 'd'))`],
    [`print <<A, <<"B";\na\nA\nb $x\nB\n1;`, `print('a\n', "b {$x}\n") 1`],
    [`$x = <<~'E';\n    a\n      b\n    E\n1;`, `($x = 'a\n  b\n') 1`],
    [`$x = 127.0.0.1;`, `($x = 127.0.0.1)`],
  ])("%s", (text, expected) => {
    expect(sketch(text)).toBe(expected);
    expect(parseAmavis(text).problems).toEqual([]);
  });
});

describe("expressions", () => {
  it.each([
    [`$policy_bank{'A'}{k} = \\$x;`, `(deref%(%policy_bank{'A'}){'k'} = reference($x))`],
    [`@$x = @{$y}[0,1];`, `(deref@($x) = slice(deref@($y), list(0, 1)))`],
    [
      `@x{qw(a b)} = ($#x, $#{$r}, $$r[0]);`,
      `(slice(%x, [a|b]) = list(last-index(@x), deref#($r), deref@($r)[0]))`,
    ],
    [`$x = $a ? $b : $c ? 1 : 2;`, `($x = ternary($a, $b, ternary($c, 1, 2)))`],
    [`$a = $b || $c && !$d;`, `($a = ($b || ($c && !($d))))`],
    [`open F, 'x' or die "no";`, `(open(F, 'x') or die('no'))`],
    [
      `@x = map { lc($_) => 1 } grep { /x/ } @y;`,
      `(@x = map(block(list(lc($_), 1)), grep(block(match<x>), @y)))`,
    ],
    [`@x = map { a => 1 }, @y;`, `(@x = map(hash('a', 1), @y))`],
    [`$x = -e '/x' && -s _ > 3;`, `($x = (-e('/x') && (-s(_) > 3)))`],
    [`my ($a, $b) = @_; local $c = 1; our @d;`, `(my(list($a, $b)) = @_) (local($c) = 1) our(@d)`],
    [`$x->method(1)->{k}->(2)[3];`, `deref@(dynamic-call(deref%(method-call($x, 1)){'k'}, 2))[3]`],
    [`@a = ('a') x 3 . 'b' x 2;`, `(@a = ((list('a') x 3) . ('b' x 2)))`],
    [`$x = sub ($$) { return 1 };`, `($x = sub(block(return(1))))`],
    [`$x = (stat $f)[7];`, `($x = slice(list(stat($f)), 7))`],
    [`$x = D_PASS + CC_SPAM.",1";`, `($x = (D_PASS + CC_SPAM . ',1'))`],
    [`($x = $y) =~ tr/a/b/;`, `(list(($x = $y)) =~ transliterate<a>)`],
    [
      `$n = %h % 3; &f(1); &$g; $k = \\&do_it;`,
      `($n = (%h % 3)) f(1) dynamic-call($g) ($k = reference(&do_it))`,
    ],
    [`require('/x') if (-e '/x');`, `require('/x') if list(-e('/x'))`],
  ])("%s", (text, expected) => {
    expect(sketch(text)).toBe(expected);
    expect(parseAmavis(text).problems).toEqual([]);
  });
});

describe("statements", () => {
  it.each([
    [
      `if ($a) { $x = 1 } elsif ($b) { $x = 2 } else { $x = 3 }`,
      `if($a, block(($x = 1)), $b, block(($x = 2)), block(($x = 3)))`,
    ],
    [`foreach my $k (keys %h) { delete $h{$k} }`, `my($k, keys(%h), block(delete(%h{$k})))`],
    [
      `for (my $i = 0; $i < 3; $i++) { push @x, $i }`,
      `for((my($i) = 0), ($i < 3), ++($i), block(push(@x, $i)))`,
    ],
    [`sub f($;@) { 1 } f 1, 2;`, `sub-definition(block(1)) f(1, 2)`],
    [`use Socket 1.97 qw(a); use 5.010; no strict 'refs';`, `use([a]) use() use('refs')`],
    [`package main; LINE: while (1) { last LINE }`, `package() while(1, block(last()))`],
    [`=pod\n\n$x = 'it;\n\n=cut\n$y = 1;`, `($y = 1)`],
    [`1;\n__END__\n$x = 'it;`, `1`],
    [`BEGIN { $x = 1 } ;;`, `block(($x = 1)) ; ;`],
    [`$x = 1 # last statement without a semicolon`, `($x = 1)`],
  ])("%s", (text, expected) => {
    expect(sketch(text)).toBe(expected);
    expect(parseAmavis(text).problems).toEqual([]);
  });
});

/** One mistake: where it is reported (marked ‹ ›), how it would be mended, and what can still be read. */
const mistakes: readonly (readonly [string, string, string | undefined, string])[] = [
  ["$x = 1‹2›\n$y = 3;", "A semicolon is missing", ";", "($x = 12) ($y = 3)"],
  ["$x = D_PAS‹S›\nuse strict;", "A semicolon is missing", ";", "($x = D_PASS) use()"],
  ["$x = ‹'›abc;\n$y = 'd';", "never closed with '", "'", "($x = 'abc') DAMAGED ($y = 'd')"],
  [
    '$x = ‹"›abc;  # why\n$y = \'d\';\n$z = "e";',
    'never closed with "',
    '"',
    "($x = 'abc') DAMAGED ($y = 'd') ($z = 'e')",
  ],
  ["@x = ‹(›1, 2;\n$y = 3;", "This ( has no closing )", ")", "(@x = list(1, 2)) DAMAGED ($y = 3)"],
  ["@x = ‹(›1, 2\n$y = 3;", "This ( has no closing )", ");", "(@x = list(1, 2)) DAMAGED ($y = 3)"],
  [
    "$b{a} = ‹{›\n  k => 1,\n$y = 3;",
    "This { has no closing }",
    "};",
    "(%b{'a'} = hash('k', 1)) DAMAGED ($y = 3)",
  ],
  ["$x = 1‹)›;\n$y = 2;", "operator or a semicolon is missing", undefined, "($x = 1) DAMAGED ($y = 2)"],
  ["‹}›\n$y = 2;", "closes nothing", undefined, "; ($y = 2)"],
  ["$x = ‹;›\n$y = 2;", "A value is missing", undefined, "($x = MISSING) DAMAGED ($y = 2)"],
  [
    "@x = ('a' ‹'b'›);\n$y = 2;",
    "comma, an operator or a closing bracket",
    undefined,
    "(@x = list('a', 'b')) DAMAGED ($y = 2)",
  ],
  ["@x = (1, 2‹]›;\n$y = 2;", "where ) has to close", undefined, "(@x = list(1, 2)) DAMAGED ($y = 2)"],
  ["if ($a) ‹{› $x = 1;\n$y = 2;", "This { has no closing }", undefined, "if($a, block(($x = 1), ($y = 2)))"],
  ["$x = 1 + ‹=› 2;", "A value is missing", undefined, "($x = ((1 + MISSING) = 2)) DAMAGED"],
  ["$x = ‹<<E›;\nabc\n$y = 2;", "closes this here-document", undefined, "($x = 'abc\n') DAMAGED ($y = 2)"],
  ["D_PASS ‹=› 3;", "cannot be assigned to", undefined, "(D_PASS = 3) DAMAGED"],
];

describe("mistakes", () => {
  it.each(mistakes)("%s", (marked, message, fix, expected) => {
    const text = marked.replace(/[‹›]/g, "");
    const { problems } = parseAmavis(text);
    expect(problems.map((problem) => problem.message).join()).toContain(message);
    expect(problems).toHaveLength(1);
    const [problem] = problems;
    const start = marked.indexOf("‹");
    expect(problem?.range).toEqual({ start, end: marked.indexOf("›") - 1 });
    expect(problem?.kind).toBe("perl-syntax");
    expect(problem?.fix?.newText).toBe(fix);
    expect(sketch(text)).toBe(expected);
  });

  it("are mended by the fix that they carry", () => {
    for (const [marked] of mistakes) {
      const text = marked.replace(/[‹›]/g, "");
      const fix = parseAmavis(text).problems[0]?.fix;
      if (fix === undefined) continue;
      const mended = text.slice(0, fix.range.start) + fix.newText + text.slice(fix.range.end);
      expect(parseAmavis(mended).problems, mended).toEqual([]);
    }
  });

  it("are told apart: two statements, two problems", () => {
    expect(parseAmavis("$x = ;\n$y = 1;\n$z = (1;\n").problems.map(({ range }) => range.start)).toEqual([
      5, 20,
    ]);
  });

  it("do not arise from texts that look like assignments inside strings", () => {
    expect(
      parseAmavis(`$x = 'a long text that stands for itself\n$y = 1\nand goes on';\n$z = 2;`).problems,
    ).toEqual([]);
  });
});

describe("templates", () => {
  it.each([
    ["$max_servers = {{ servers }};", "($max_servers = placeholder())"],
    ["$x = <%= @a['b'] %>;", "($x = placeholder())"],
    ["$x = 'smtp:[{{ host }}]:10025';", `($x = "smtp:[<placeholder>]:10025")`],
    [
      "$x = @PORT@; $y = __PORT__; $z = %(port)s;",
      "($x = placeholder()) ($y = placeholder()) ($z = placeholder())",
    ],
    ["@x = ( 'a', {{ more }} );", "(@x = list('a', placeholder()))"],
    ["@x = ( ['a']<%= @more %> );", "(@x = list(placeholder(array('a'))))"],
    ["@x = qw( a {{b}} );", "(@x = [a|{{b}}])"],
    ["{{ everything }}\n$x = 1;", "template-statement<{{ everything }}> ($x = 1)"],
    ["{% if a %}\n$x = 1;\n{% endif %}\n$y = 2;", "template-block(($x = 1)) ($y = 2)"],
    [
      "<% if @a -%>\n$x = 1;\n<% else -%>\n$x = 2;\n<% end -%>\n$y = 2;",
      "template-block(($x = 1), ;, ($x = 2)) ($y = 2)",
    ],
    ["<% @l.each do |n| -%>\n$h{'<%= n %>'} = 1;\n<% end -%>", `template-block((%h{"<placeholder>"} = 1))`],
    [
      "@x = qw( a\n<% @l.each do |n| -%>\n <%= n %>\n<% end -%>\n);",
      "(@x = [a|<%|@l.each|do||n||-%>|<%=|n|%>|<%|end|-%>])",
    ],
    ["{# a comment it's #}\n$x = 1;", "($x = 1)"],
  ])("%s", (text, expected) => {
    expect(sketch(text, true)).toBe(expected);
    expect(parseAmavis(text, { template: true }).problems).toEqual([]);
  });

  it("have mistakes of their own outside of their tags only", () => {
    const text = "{% if a %}\n$x = ;\n{% endif %}\n$y = {{ z }}\n$z = ;\n";
    expect(parseAmavis(text, { template: true }).problems.map(({ range }) => range.start)).toEqual([
      text.lastIndexOf(";"),
    ]);
  });

  it("are recognised in a text that is no Perl", () => {
    expect(parseAmavis("<% if @a -%>\n$x = 1;\n<% end -%>\n")).toMatchObject({
      template: true,
      problems: [],
    });
    expect(parseAmavis("$x = { %{$y} };")).toMatchObject({ template: false, problems: [] });
  });
});
