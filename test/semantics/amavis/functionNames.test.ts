import { describe, expect, it } from "vitest";
import { evaluate, evaluateWith, nameProblems, shown } from "./support.js";

describe("functions, constants and modules that nothing defines", () => {
  it.each([
    ["use strict; $final_spam_destiny = DiPASS;", "There is no constant DiPASS", "D_PASS"],
    ["use strict; %h = (b > 1);", "b is a word without quotes", undefined],
    ["use strict; $log_level = $x ? CC_BAeH : 1;", "CC_BAeH", "CC_BADH"],
    ["use strict; if (D_BOUNC) { $log_level = 1 }", "There is no constant D_BOUNC", "D_BOUNCE"],
    ["use strict; @x = grep { _ ne 'a' } 1;", "_ is a word", undefined],
    ["@x = (read_ahsh('/x'));", "There is no function read_ahsh", "read_hash"],
    ["if (1) { $x = psrintf('%s', 1); }", "There is no function psrintf", undefined],
    ["&enable_it; $x = 1;", "There is no function enable_it", undefined],
    ["@x = rep { $_ } 1;", "There is no function rep", undefined],
    ["use POSIX; $x = nwe_RE(1);", "There is no function nwe_RE", "new_RE"],
    ["use tsrict;", "Perl has no module tsrict", "strict"],
    ["use stri", "Perl has no module stri", "strict"],
    ["$quarantine_subdir_levels = 1;  enable quarantine dir hashing", "There is no function dir", undefined],
    ["$log_level = 1 / 0;", "divides by zero", undefined],
    ["use strict; $log_level = '0' ? 1 : D_REJlCT if 1;", "D_REJlCT", "D_REJECT"],
    ["use strict; $$MYHOME = '/x';", "a text", undefined],
    ["use strict; @x = @$MYHOME;", "a text", undefined],
    ["use strict; $x = $$notify_method;", "a text", undefined],
  ])("%s", (text, message, mended) => {
    const problems = nameProblems(evaluate(text)).filter(({ message: said }) => said.includes(message));
    expect(problems).toMatchObject([{ fatal: true }]);
    expect(problems[0]?.fix?.newText).toBe(mended);
  });

  it.each([
    ["$final_spam_destiny = DiPASS;"],
    ["use strict; $inet_socket_port = [PH_AMAVISD_SMTP_PORT, 10026]; $max_servers = MAX_SERVERS;"],
    ["use strict; $log_level = 1 ? D_PASS : D_PAS;"],
    [
      "use strict; use POSIX; $log_level = LC_ALL; $x = strftime('%Y', localtime);".replace(
        "$x",
        "$log_level",
      ),
    ],
    ["use strict; use POSIX qw(strftime EINTR); $log_level = strftime('%Y', EINTR);"],
    ["use strict; sub own { 1 } $log_level = own(1); $log_level = own; *other = sub { 2 }; other();"],
    ["if (-e '/x') { missing(1) } sub never { missing(2) } eval { missing(3) }; $log_level = \\&missing;"],
    [
      "use strict; open(F, '/x'); while (<F>) { print STDERR $_ } close F; $log_level = -e _ ? -foo : getpwuid(0);",
    ],
    ["use strict; Foo->new(1); new Foo(1); $ENV{HOME} = { foo => 1, -bar => 2 }; $log_level = __PACKAGE__;"],
    ["use strict; no strict 'refs'; $$MYHOME = 1;"],
    ["$$MYHOME = 1; use warnings; use Sys::Hostname; $log_level = hostname;"],
    ["use strict; eval { $$MYHOME = 1 };"],
    ["use strict; 1;   ensure a defined return"],
    ["use strict; $log_level = 1 unless 1 || $x; $log_level = D_PAS unless 1;".replace("$x", "$log_level")],
    ["use strict; $log_level = 1 if defined &never_there; $log_level = 2 if defined(&nor_this);"],
    ["require '/x'; something(1);"],
  ])("silent: %s", (text) => {
    expect(nameProblems(evaluateWith(text, { include: () => undefined }))).toEqual([]);
  });

  it("know what another file defines", () => {
    expect(nameProblems(evaluate("sub own { 1 }", "use strict; $log_level = own(2);"))).toEqual([]);
  });
});

describe("values", () => {
  it.each([
    ["$log_level = 'ab' | 'c';", "$log_level", "unknown: the result of | with a text"],
    ["$log_level = 5 | 2;", "$log_level", "7"],
    ["$log_level = '<' . \"@_\";", "$log_level", "'<?'"],
    ["$virus_admin = 'a\r\nb';", "$virus_admin", "'a\nb'"],
    ["$virus_admin = <<E;\r\na $log_level\r\nE\r\n", "$virus_admin", "'a 0\n'"],
    ["@mynetworks = qw(10.0.0.0/8 \u00a0127.0.0.0/8);", "@mynetworks", "('10.0.0.0/8', '\u00a0127.0.0.0/8')"],
  ])("%s", (text, name, expected) => {
    expect(shown(evaluate(text), name)).toBe(expected);
  });

  it("come into being behind a reference", () => {
    const text = "$$virus_quarantine_to = 'a'; $log_level = $$virus_quarantine_to;";
    expect(shown(evaluate(text), "$virus_quarantine_to")).not.toContain("undef");
  });
});
