/** What Perl refuses when it compiles a configuration, and what only looks like it: each tried with Perl 5.36. */
import { describe, expect, it } from "vitest";
import { parseAmavis } from "../../../server/src/syntax/amavis/parser.js";

describe("refused", () => {
  it.each([
    ['$x = "${mydomain";', "opens a subscript"],
    ['$x = "a $h{ b";', "opens a subscript"],
    ['$x = "a $l[1 b";', "opens a subscript"],
    ["push $x, 1;", "push needs an array"],
    ["push @x . lc($_) for 1;", "push needs an array"],
    ["push(&x, 1);", "push needs an array"],
    ["unshift $h{a}, 1;", "unshift needs an array"],
    ["push %h, 1;", "push needs an array"],
    ["@x = keys $h;", "keys needs a hash or an array"],
    ["$x = 1 if defined @y;", "leave out defined"],
    ["$x = 1 if defined(%{$y});", "leave out defined"],
    ["chomp($x => `hostname`);", "chomp cannot change this"],
    ["my &ref = [1];", "After my a variable has to follow"],
    ["my $x[0] = 1;", "After my a variable has to follow"],
    ["foreach my @each (1, 2) { }", "begins with $"],
    ["%h{'a'} = { b => 1 };", "cannot be assigned to"],
    ["&log_level = 1;", "cannot be assigned to"],
    ["$x = ''/opt/kav/bin/scanner', 'b';", "a name has to follow"],
    ["$x = join, ',', @x;", "join needs more arguments"],
    ["$x = lc('a', 'b');", "lc takes no more than 1"],
    ["@x = (a =>> 5);", "A value is missing before >"],
    ["use strict $x = 1;", "use strict takes"],
    ["$x = substr('a');", "substr needs more arguments"],
  ])("%s", (text, message) => {
    const { problems } = parseAmavis(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toContain(message);
  });

  it("at the opener of a text that is closed too late", () => {
    const text = "$a = 1;\n$x = 'one;\n$y = 'two';\n";
    const [problem] = parseAmavis(text).problems;
    expect(problem?.range.start).toBe(text.indexOf("'one"));
    const pattern = "@x = (qr\"^(a|b'i,\n  qr'^(c|d)\"'i);";
    expect(parseAmavis(pattern).problems[0]?.range.start).toBeLessThan(pattern.indexOf("\n"));
  });
});

describe("not refused", () => {
  it.each([
    ["$x = %1; @y = @2;"],
    ["@x = grep {$ _ ne 'a' } @ y;"],
    ["$x = \"$h{'a b'} $h{a}[0] $l[-1] $l[$i+1] @h{'a','b'} $r->{a}->[1] @{[ 1+1 ]} ${\\ 'x'}\";"],
    ['$x = "$h{\\"a\\"} me\\@example.com {x} [y] $z [1] 5$ {";'],
    ["$x = qr/^a{3}$|[$chars]b$/; $y = qr/$x{3}[ab]/;"],
    ["push @$x, 1; push @{$h{a}}, 1; push $x->@*, 1; push(my @y, 2); shift; pop @x; shift @{$x};"],
    ["@x = keys %$h; @y = values @z; while (my ($k, $v) = each %h) { }"],
    ["$x = 1 if defined $y && defined &f && defined($h{a}); chomp(my $z = `hostname`); chomp(@x, $y);"],
    ["my ($a, undef, %h) = @_; my $x :shared; for our $y (1) { } foreach $z (1) { }"],
    ["1;   ensure a defined return"],
    ["$x = main'x; $y = $main'z; print'a';"],
    ["$x = lc $y, 1; $x = join(',', @x); $x = index $x, 'a'; $x = time; $y = shift || 'a';"],
    ["use strict; use strict 'refs'; no strict qw(refs subs); no strict ('vars', 'refs');"],
    ["$x = 1; @   # a comment\n\n$y = 0; $z = @ {$y};"],
    ["$x = 'a\nb' . 'c'; $y = \"d\ne\"\n;"],
  ])("%s", (text) => {
    expect(parseAmavis(text).problems).toEqual([]);
  });
});
