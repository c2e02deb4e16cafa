// Configurations of amavisd made at random, in the language that people write them in: settings of every
// shape, helpers of one's own, interpolation, lists, tables, banks, conditions and loops.
import fc from "fast-check";

const SCALARS =
  "max_servers max_requests child_timeout log_level sa_tag_level_deflt sa_kill_level_deflt virus_admin X_HEADER_LINE MYHOME TEMPBASE QUARANTINEDIR db_home myhostname mydomain forward_method notify_method recipient_delimiter banned_quarantine_to spam_quarantine_to mailfrom_notify_admin".split(
    " ",
  );
const ARRAYS =
  "mynetworks inet_acl local_domains_acl listen_sockets bypass_virus_checks_acl keep_decoded_original_maps"
    .split(" ")
    .slice(0, 5);
const HASHES =
  "local_domains virus_lovers spam_lovers whitelist_sender blacklist_sender bypass_spam_checks".split(" ");
const CONSTANTS = ["D_PASS", "D_DISCARD", "D_BOUNCE", "D_REJECT", "CC_SPAM", "CC_VIRUS"];
const HELPERS = ["one", "two", "three"];

const word = fc.constantFrom(
  "a",
  "example.com",
  "10024",
  "smtp:[127.0.0.1]:10025",
  "Mail",
  "x y",
  "0",
  "",
  "-",
  "007",
  "1.50",
);
const number = fc.oneof(
  fc.integer({ min: 0, max: 70_000 }).map(String),
  fc.constantFrom("0x1F", "010", "1_000", "1e3", "0.5", "2.50", "8*60", "7 % 3", "2**5", "10/4", "-3"),
);
const single = word.map((text) => `'${text}'`);
const scalarName = fc.constantFrom(...SCALARS);
const helper = fc.constantFrom(...HELPERS);
const piece = fc.oneof(
  word,
  helper.map((name) => `$${name}`),
  helper.map((name) => `\${${name}}`),
  fc.constantFrom(
    "\\@",
    "\\$",
    "\\t",
    "\\x41",
    "@list",
    "$list[1]",
    "$list[-1]",
    "$table{k}",
    "$ref->[0]",
    "@{[ 1+2 ]}",
    "\\Ux\\E",
  ),
);
const double = fc.array(piece, { maxLength: 4 }).map((pieces) => `"${pieces.join(" ")}"`);
const other = fc.constantFrom(
  "q(a (nested) b)",
  "qq{v $one}",
  "q[it's]",
  "(undef)",
  "scalar(@list)",
  "$#list",
  "scalar(keys %table)",
);

const { scalar, list } = fc.letrec((tie) => ({
  scalar: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    fc.oneof(
      single,
      double,
      number,
      other,
      helper.map((name) => `$${name}`),
      fc.constantFrom(...CONSTANTS),
    ),
    fc
      .tuple(
        tie("scalar"),
        fc.constantFrom(".", "+", "*", "x 2 .", "||", "//", "&&", "==", "eq", "lt", "<"),
        tie("scalar"),
      )
      .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
    fc
      .tuple(tie("scalar"), tie("scalar"), tie("scalar"))
      .map(([condition, yes, no]) => `(${condition} ? ${yes} : ${no})`),
    fc
      .tuple(
        fc.constantFrom("lc", "uc", "ucfirst", "lcfirst", "length", "defined", "int", "abs"),
        tie("scalar"),
      )
      .map(([name, value]) => `${name}(${name === "defined" ? "$one" : value})`),
    tie("list").map((items) => `join(',', ${items})`),
    fc
      .tuple(tie("scalar"), tie("scalar"))
      .map(([first, second]) => `sprintf('%s-%03d', ${first}, ${second})`),
    tie("list").map((items) => `(${items})[0]`),
    fc.tuple(tie("scalar"), tie("scalar")).map(([first, second]) => `pair(${first}, ${second})`),
    tie("scalar").map((value) => `$code->(${value})`),
    tie("scalar").map((value) => `do { my $inner = ${value}; "$inner!" }`),
    fc
      .tuple(tie("scalar"), fc.integer({ min: -4, max: 6 }), fc.integer({ min: -3, max: 6 }))
      .map(([value, from, length]) => `(substr(${value}, ${from}, ${length}) // 'none')`),
    fc
      .tuple(fc.constantFrom("index", "rindex"), tie("scalar"), single)
      .map(([name, value, part]) => `${name}(${value}, ${part})`),
    tie("scalar").map((value) => `((${value}) =~ /([a-z]+)\\W(\\w*)/ ? "$2<$1>" : 'none')`),
    fc
      .tuple(
        tie("scalar"),
        fc.constantFrom("s/[ax]+/<$&>/r", "s/(\\w)(\\w)/$2$1/gr", "tr/a-y/b-z/r", "tr/0-9//dr"),
      )
      // Not on constants: Perl 5.36 takes the count of a folded tr///r for its truth.
      .map(([value, change]) => `(($one . ${value}) =~ ${change})`),
    fc
      .tuple(fc.constantFrom("%5s|", "%-6s|", "%.2s", "%05.1f", "%g", "%+d", "%03d", "%e"), tie("scalar"))
      .map(([pattern, value]) => `sprintf('${pattern}', ${value})`),
  ),
  list: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    fc
      .array(
        word.filter((text) => !/ |^$/.test(text)),
        { minLength: 1, maxLength: 4 },
      )
      .map((words) => `qw(${words.join(" ")})`),
    fc.array(tie("scalar"), { minLength: 1, maxLength: 4 }).map((items) => `(${items.join(", ")})`),
    fc.constantFrom(
      "@list",
      "(1..4)",
      "@list[0,1]",
      "sort(@list)",
      "reverse(@list)",
      "keys(%table)",
      "@$ref",
      "('a') x 3",
    ),
    tie("list").map((items) => `(map { "<$_>" } ${items})`),
    tie("list").map((items) => `(grep { $_ ne 'a' } ${items})`),
    tie("list").map((items) => `doubled(${items})`),
    tie("list").map((items) => `(sort { $a cmp $b } ${items})`),
    tie("list").map((items) => `(sort { $b <=> $a } ${items})`),
    tie("scalar").map((value) => `split(/[.x]/, ${value})`),
    tie("scalar").map((value) => `split(' ', ${value})`),
    fc.tuple(tie("list"), tie("list")).map(([left, right]) => `(${left}, ${right})`),
  ),
}));

const pairs = fc
  .array(fc.tuple(fc.constantFrom("a", "b", "k", "'x.y'", "'.'"), scalar), { minLength: 1, maxLength: 4 })
  .map((entries) => entries.map(([key, value]) => `${key} => ${value}`).join(", "));
const bankKey = fc.constantFrom(
  "originating",
  "forward_method",
  "protocol",
  "log_level",
  "bypass_spam_checks_maps",
  "virus_admin_maps",
  "os_fingerprint_method",
);

const simple = fc.oneof(
  fc.tuple(scalarName, scalar).map(([name, value]) => `$${name} = ${value};`),
  fc
    .tuple(scalarName, fc.constantFrom(".=", "+=", "||=", "//=", "*=", "-="), scalar)
    .map(([name, operator, value]) => `$${name} ${operator} ${value};`),
  fc.tuple(fc.constantFrom(...ARRAYS), list).map(([name, value]) => `@${name} = ${value};`),
  fc
    .tuple(fc.constantFrom("push", "unshift"), fc.constantFrom(...ARRAYS), list)
    .map(([verb, name, value]) => `${verb}(@${name}, ${value});`),
  fc.tuple(fc.constantFrom(...HASHES), pairs).map(([name, value]) => `%${name} = (${value});`),
  fc
    .tuple(fc.constantFrom(...HASHES), single, scalar)
    .map(([name, key, value]) => `$${name}{${key}} = ${value};`),
  fc.tuple(fc.constantFrom("$one", "$two", "$three"), scalar).map(([name, value]) => `${name} = ${value};`),
  list.map((value) => `@list = ${value};`),
  fc
    .tuple(fc.constantFrom("A", "B"), fc.array(fc.tuple(bankKey, scalar), { minLength: 1, maxLength: 3 }))
    .map(
      ([bank, entries]) =>
        `$policy_bank{'${bank}'} = { ${entries.map(([key, value]) => `${key} => ${value}`).join(", ")} };`,
    ),
  fc
    .tuple(fc.constantFrom("A", "B", "C"), bankKey, scalar)
    .map(([bank, key, value]) => `$policy_bank{'${bank}'}{${key}} = ${value};`),
  fc
    .tuple(fc.constantFrom("10024", "10026", "SOCK", "127.0.0.1:10026"), fc.constantFrom("A", "B", ""))
    .map(([key, bank]) => `$interface_policy{'${key}'} = '${bank}';`),
  fc.constantFrom(
    "$inet_socket_port = 10024;",
    "$inet_socket_port = [10024, 10026];",
    "$inet_socket_port = (10024, 10026);",
    "%policy_bank = (%policy_bank, C => { originating => 1 });",
    '@local_domains_maps = (\\%local_domains, [".$mydomain"]);',
    "$ref = \\@mynetworks;",
    "($one, $two) = ($two, $one);",
    "chomp($one);",
    "delete $table{k};",
    "$virus_admin = <<'END';\n$one text\nEND",
    '$X_HEADER_LINE = <<"END";\nat $two\nEND',
    "$notify_method = $forward_method;",
  ),
);

const statement = fc.oneof(
  { arbitrary: simple, weight: 8 },
  fc
    .tuple(simple, scalar, fc.constantFrom("if", "unless"))
    .map(([body, condition, keyword]) =>
      body.includes("<<") ? body : `${body.slice(0, -1)} ${keyword} ${condition};`,
    ),
  fc
    .tuple(scalar, simple, simple)
    .map(([condition, yes, no]) => `if (${condition}) {\n  ${yes}\n} else {\n  ${no}\n}`),
  fc
    .tuple(fc.integer({ min: 0, max: 4 }), scalarName)
    .map(
      ([count, name]) =>
        `for (my $i = 0; $i < ${count}; $i++) { $${name} .= "<$i>"; next if $i == 1; $two = $i }`,
    ),
  scalarName.map(
    (name) =>
      `my @queue = @list; while (my $next = shift @queue) { last if $next eq 'c'; $${name} .= $next }`,
  ),
  fc.constantFrom(
    "$one++;",
    "bump(3);",
    "delete @table{'k', 'w'};",
    "$_ .= 'z' for @list;",
    "$table{$_} = length for @list;",
  ),
  fc.tuple(list, scalarName).map(([items, name]) => `foreach my $each (${items}) { $${name} .= "$each;" }`),
  fc.tuple(list, fc.constantFrom(...ARRAYS)).map(([items, name]) => `push @${name}, lc($_) for ${items};`),
  fc.constantFrom("# a comment ; { ' ", "=pod\n\n$max_servers = 99;\n\n=cut\n", ";"),
);

const PROLOGUE =
  "use strict;\nmy $one = 'first'; my $two = 2; my $three;\nmy @list = ('a', 'b', 'c'); my %table = (k => 'v', w => 1); my $ref = [1, 2];\n" +
  'sub pair { my ($left, $right) = @_; return "$left-$right" } sub doubled { return map { ($_, $_) } @_ }\n' +
  "my $code = sub { my $given = shift; return $given . $two }; sub bump { $two += shift; return }\n";

/** So many texts; the same for the same seed. */
export function generateConfigurations(count, seed) {
  const configuration = fc.array(statement, { minLength: 3, maxLength: 14 });
  return fc
    .sample(configuration, { numRuns: count, seed })
    .map((statements) => `${PROLOGUE}${statements.join("\n")}\n1;\n`);
}
