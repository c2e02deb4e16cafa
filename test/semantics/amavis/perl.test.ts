/** Idioms of Perl that people use in configurations; amavisd's own reading of more of them: test/oracle/amavis-cases. */
import { describe, expect, it } from "vitest";
import { evaluate, nameProblems, shown } from "./support.js";

/** What $virus_admin is afterwards. */
function admin(text: string): string | undefined {
  return shown(evaluate(text), "$virus_admin");
}

describe("subs", () => {
  it.each([
    ["sub f { my ($a, $b) = @_; return \"$a:$b\" } $virus_admin = f('x', 'y');", "'x:y'"],
    ["sub f { my $h = shift; my $p = shift || 25; \"$h:$p\" } $virus_admin = f('x');", "'x:25'"],
    [
      "sub f { return wantarray ? 'list' : 'scalar' } my @x = f(); $virus_admin = $x[0] . f();",
      "'listscalar'",
    ],
    ["sub f { my $n = shift; $n < 2 ? 1 : $n * f($n - 1) } $virus_admin = f(5);", "120"],
    ["{ my $n = 7; sub next_one { $n++ } } next_one(); $virus_admin = next_one();", "8"],
    ["my $f = sub { my $x = shift; sub { $x . shift } }; $virus_admin = $f->('a')->('b');", "'ab'"],
    ["sub f { $_[0] = 'set' } f($virus_admin);", "'set'"],
    ["sub f { for (1..3) { return $_ if $_ == 2 } } $virus_admin = f();", "2"],
    ["sub f { return unless $_[0]; 'yes' } $virus_admin = f(1);", "'yes'"],
    ["sub f { my @l = (4, 5); return @l } $virus_admin = f();", "2"],
  ])("%s", (text, expected) => expect(admin(text)).toBe(expected));
});

describe("blocks and loops", () => {
  it.each([
    ["$virus_admin = do { my $x = 'a'; if (1) { $x . 'b' } else { 'c' } };", "'ab'"],
    ["$virus_admin = eval { die \"no\\n\"; 1 } ? 'ran' : $@;", "'no\n'"],
    ["my $n = 0; O: for my $i (1..3) { for (1..3) { next O if $_ == 2; $n++ } } $virus_admin = $n;", "3"],
    ["W: while (1) { for (1..3) { last W if $_ == 2 } } $virus_admin = 'out';", "'out'"],
    ["{ last if 1; $virus_admin = 'in' } $virus_admin //= 'out';", "'out'"],
    ["for (my $i = 0; $i < 3; $i++) { $virus_admin .= $i }", "'012'"],
    ["my $i = 5; $i-- until $i < 3; $virus_admin = $i;", "2"],
    ["my @q = (1, 2); while (my $x = shift @q) { $virus_admin .= $x }", "12"],
    ["my $r = ['a']; $_ .= 'x' for @$r; $virus_admin = $r->[0];", "'ax'"],
    [
      "my %h = (a => 1, b => 2); my %i = map { $_ => 1 } keys %h; $virus_admin = join ',', sort keys %i;",
      "'a,b'",
    ],
    ["my %h = (a => 1, b => 2); my %i; $i{lc $_} = $h{$_} for keys %h; $virus_admin = $i{a} + $i{b};", "3"],
    [
      "my %h = (a => 1, b => 2); $virus_admin .= $_ for keys %h;",
      "unknown: a loop over a list that is not known",
    ],
  ])("%s", (text, expected) => expect(admin(text)).toBe(expected));
});

describe("patterns", () => {
  it.each([
    ["$virus_admin = 'mx7.a' =~ /^mx(\\d+)\\./ ? \"n$1\" : 'none';", "'n7'"],
    ["my ($k, $v) = 'a=b' =~ /^(\\w+)=(\\w+)$/; $virus_admin = \"$v$k\";", "'ba'"],
    ["($virus_admin = ' a b ') =~ s/^\\s+|\\s+$//g;", "'a b'"],
    ["my $x = 'ab'; $virus_admin = $x =~ s/(a)(b)/$2\\1/r;", "'ba'"],
    ["($virus_admin = 'Hello') =~ tr/a-zA-Z/n-za-mN-ZA-M/;", "'Uryyb'"],
    ["my $d = 'x'; $virus_admin = 'a.x' =~ /\\.\\Q$d\\E$/i ? 1 : 0;", "1"],
    ["$virus_admin = join '|', split /[,\\s]+/, 'a, b c';", "'a|b|c'"],
    ["$virus_admin = join '|', split(/(,)/, 'a,b,c', 2);", "'a|,|b,c'"],
    ["my $t = 'aXbX'; while ($t =~ /X/g) { $virus_admin .= 'x' }", "'xx'"],
    ["if ('b1' =~ /(\\d)/) { 'z' =~ /(z)/ } $virus_admin = $1;", "1"],
    ['$virus_admin = "a\\n" =~ /a$/ ? 1 : 0;', "1"],
  ])("%s", (text, expected) => expect(admin(text)).toBe(expected));
});

describe("texts and numbers", () => {
  it.each([
    ["$virus_admin = substr('abcdef', -3, 2);", "'de'"],
    ["$virus_admin = 'abc'; substr($virus_admin, 0, 1) = 'ZZ';", "'ZZbc'"],
    ["$virus_admin = rindex('a:b:c', ':') . index('abc', 'z');", "'3-1'"],
    ["$virus_admin = sprintf('%05.1f|%-4s|%+d|%x|%2$s', 3.14159, 'b', 3, 255);", "'003.1|b   |+3|ff|b'"],
    ["$virus_admin = 'Az'; $virus_admin++;", "'Ba'"],
    ["$virus_admin = join ',', '08'..'10', 'y'..'ab';", "'08,09,10,y,z,aa,ab'"],
    ["$virus_admin = 123456789012345678;", "123456789012345678"],
    ["$virus_admin = 1e15 . ' ' . 1e-5 . ' ' . 0o17;", "'1e+15 1e-05 15'"],
    ["$virus_admin = 1/3*3;", "1"],
    ["$virus_admin = 0.1 + 0.2 == 0.3 ? 'same' : 'other';", "'other'"],
    ["$virus_admin = join ' ', sort { $b <=> $a } 3, 10, 2;", "'10 3 2'"],
    ["sub num { $a <=> $b } $virus_admin = join ' ', sort num 10, 9;", "'9 10'"],
    ["my %h = (9 => 1, 10 => 2); $virus_admin = join ' ', sort { $a <=> $b } keys %h;", "'9 10'"],
    ["my $n = 'N'; $virus_admin = <<~E;\n    a $n\n      b\n    E\n", "'a N\n  b\n'"],
    ["$virus_admin = <<'E';\r\na\r\nE\r\n", "'a\n'"],
  ])("%s", (text, expected) => expect(admin(text)).toBe(expected));
});

describe("tables and references", () => {
  it.each([
    ["my %h; exists $h{a}{b}; $virus_admin = exists $h{a} ? 'made' : 'not';", "'made'"],
    ["my %h = (a => 1, b => 2, c => 3); delete @h{qw(a b)}; $virus_admin = join ',', keys %h;", "'c'"],
    ["my $r = { a => [4, 5] }; $virus_admin = \"$#{$r->{a}} \" . join '', $r->{a}->@[0, 1];", "'1 45'"],
    ["my ($p, $q) = (0, 0); (1 ? $p : $q) = 5; $virus_admin = $p;", "5"],
    ["my %c; my ($r) = \\@{ $c{d} }; push @$r, 9; $virus_admin = $c{d}[0];", "9"],
    ["no strict; my $n = 'virus_admin'; $$n = 'symbolic';", "'symbolic'"],
    ["$virus_admin = ref(qr/x/) . ref(sub {}) . ref(\\\\1);", "'RegexpCODEREF'"],
  ])("%s", (text, expected) => expect(admin(text)).toBe(expected));
});

describe("what Perl refuses", () => {
  it.each([
    'use strict;\nmy %h = map { "$_" => 1 } qw(a b);',
    "use strict;\nmy @x = map { 'a', 1 } qw(a b);",
    "use strict;\n$virus_admin = abc;",
    "use strict;\n$virus_admin = $b[0];",
    "$virus_admin = <<~E;\n    a\n  b\n    E\n",
  ])("%s", (text) => expect(nameProblems(evaluate(text)).filter(({ fatal }) => fatal)).toHaveLength(1));

  it.each([
    'use strict;\nmy %h = map {; "$_" => 1 } qw(a b); my @m = map { { n => $_ } } 1..2;',
    'use strict;\nmy %h = map { lc $_ => 1 } qw(a b); my @x = map { "a" . $_ => 1 } 1;',
    "use strict;\nformat STDOUT =\n@<<<\n$virus_admin\n.\n$virus_admin = 'x';",
    "\u00ef\u00bb\u00bfuse strict;\n$virus_admin = 'x';",
    "use strict;\nuse Some::Module;\n$virus_admin = exported;",
    "use strict;\nsub own { 1 }\n$virus_admin = own;",
    "use strict;\nmy $by = sub { $a cmp $b };\n@mynetworks = sort $by 'x', 'y';",
  ])("not: %s", (text) => expect(nameProblems(evaluate(text))).toEqual([]));
});

it("leaves names of a table that compare as equal in no order", () => {
  const text =
    "my %h = (k => 1, w => 2); @mynetworks = sort { $a <=> $b } keys %h; $virus_admin = @mynetworks;";
  expect(evaluate(text).value("@mynetworks")?.display).toMatchObject({ kind: "unknown" });
});

describe("what would take for ever is given up, and the rest is read", () => {
  it.each([
    ["a pattern that tries every way", "my $s = 'a' x 1400; for (1..5000) { $log_level++ if $s =~ /a*a*b/ }"],
    ["a pattern again and again", "my $s = 'a' x 4900; for (1..40000) { $log_level++ if $s =~ /a*b/ }"],
    ["long texts", "my $x = ''; for (1..5000) { $x .= 'abcdefgh' x 25; $log_level = lc($x) . uc($x) }"],
    ["lists", "my @a = (1..5000); for (1..5000) { my @b = (@a, 1); $log_level = scalar(@b) }"],
    [
      "tables",
      "my %h = map { $_ => 1 } (1..5000); for (1..5000) { my %g = %h; $log_level = %g ? 1 : join '', %h }",
    ],
    ["replacements", "my $x = 'ab' x 2400; for (1..5000) { $x =~ s/a/a/g; $log_level = $x }"],
  ])("%s", (_, text) => {
    const configuration = evaluate(`${text}\n$virus_admin = 'read'; 1;`);
    expect(shown(configuration, "$virus_admin")).toBe("'read'");
    expect(configuration.value("$log_level")?.display).toMatchObject({ kind: "unknown" });
  });
});
