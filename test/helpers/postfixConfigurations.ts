/** Random Postfix configurations with all that the two files' readers treat specially; most are valid. */
import fc from "fast-check";

const NAMES = [
  "myhostname",
  "mydomain",
  "mydestination",
  "mynetworks",
  "relayhost",
  "smtpd_banner",
  "content_filter",
  "virtual_alias_maps",
  "smtpd_restriction_classes",
  "smtpd_recipient_restrictions",
  "forward_path",
  "default_rbl_reply",
  "virtual_maps",
  "fallback_relay",
  "compatibility_level",
  "smtp_destination_rate_delay",
  "relay_destination_concurrency_limit",
  "filter_time_limit",
  "filter_destination_recipient_limit",
  "local_destination_recipient_limit",
  "process_name",
  "service_name",
  "stress",
  "smtpd_delay_reject",
  "a",
  "b",
  "c",
  "d",
  "my_name",
  "A",
  "a-b",
  "smtpd_foo",
  "t_hosts",
  "t_domain",
  "t_server_host",
  "class1",
]; // prettier
const name = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...NAMES) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("2bounce_notice_recipient", "x:y", "\u00e9t\u00e9", "f$a", "smtp/inet", "#x"),
  },
);
const reference = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...NAMES.filter((one) => /^\w+$/.test(one))) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "nosuch",
      "undefined_x",
      "mail_name",
      "default_transport",
      "smtp_bind_address",
      "queue_directory",
      "x_time_limit",
    ),
  },
);
const blank = fc.constantFrom("", "", " ", "\t", "  ", "\r");
const plain = fc.constantFrom(
  "a",
  "b.example",
  "10",
  "9",
  "3.6",
  "[127.0.0.1]:25",
  "hash:/etc/x",
  "ldap:t",
  "mysql:t",
  "proxy:ldap:t",
  "permit",
  "reject,",
  "{ x y }",
  "$$",
  ",",
  ":",
  "?",
  "}",
  "=",
  '"q"',
  "#",
  "inline:{ldap:t}",
  "class1",
  "\u000b",
  "\f",
  "\u00fc",
);
const operator = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom("==", "!=", "<", "<=", ">=", ">", "<level", ">=level", "==level") },
  { weight: 1, arbitrary: fc.constantFrom("=", "<foo", "=~", "") },
);

/** A value of the `$` language. */
export const postfixValue: fc.Arbitrary<string> = fc.letrec<{
  value: string;
  part: string;
  expression: string;
}>((tie) => ({
  value: fc
    .array(tie("part"), { maxLength: 4, depthIdentifier: "value" })
    .chain((parts) =>
      fc
        .array(blank, { minLength: parts.length, maxLength: parts.length })
        .map((blanks) => parts.map((part, index) => part + (blanks[index] ?? "")).join("")),
    ),
  part: fc.oneof(
    { maxDepth: 4, depthIdentifier: "value", withCrossShrink: true },
    { weight: 6, arbitrary: plain },
    { weight: 3, arbitrary: reference.map((one) => `$${one}`) },
    { weight: 1, arbitrary: fc.tuple(blank, reference, blank).map(([x, one, y]) => `$(${x}${one}${y})`) },
    { weight: 3, arbitrary: tie("expression") },
  ),
  expression: fc.oneof(
    { weight: 3, arbitrary: fc.tuple(blank, reference, blank).map(([x, one, y]) => `\${${x}${one}${y}}`) },
    {
      weight: 3,
      arbitrary: fc
        .tuple(reference, blank, fc.constantFrom("?", ":"), tie("value"))
        .map(([one, x, mark, text]) => `\${${one}${x}${mark}${text}}`),
    },
    {
      weight: 4,
      arbitrary: fc
        .tuple(reference, blank, tie("value"), blank, tie("value"))
        .map(([one, x, yes, y, no]) => `\${${one}${x}?${y}{${yes}}${x}:{${no}}${y}}`),
    },
    {
      weight: 4,
      arbitrary: fc
        .tuple(tie("value"), operator, tie("value"), blank, tie("value"), tie("value"))
        .map(
          ([l, sign, r, x, yes, no]) =>
            `\${${x}{${l}}${x}${sign}${x}{${r}}${x}?${x}{${yes}}${x}:${x}{${no}}}`,
        ),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(tie("value"), operator, tie("value"))
        .map(([l, sign, r]) => `\${{${l}} ${sign} {${r}}}`),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        "${}",
        "$",
        "${a",
        "$(b",
        "${a?{b}c}",
        "${a-b}",
        "${ }",
        "${?x}",
        "${{a}}",
        "${{a} == b}",
        "${{a}=={b}x}",
        "$(a?{b)",
        "${a:{b}c}",
        "${length{x}}",
        "${a b}",
      ),
    },
  ),
})).value;

/** Mostly harmless: a fault ends every postconf, and then there is little to compare. */
const value = fc.oneof(
  { weight: 5, arbitrary: fc.array(plain, { maxLength: 3 }).map((words) => words.join(" ")) },
  { weight: 3, arbitrary: fc.tuple(plain, reference).map(([text, one]) => `${text} $${one}`) },
  { weight: 3, arbitrary: postfixValue },
);

const between = fc.oneof(
  { weight: 8, arbitrary: fc.constant("") },
  {
    weight: 2,
    arbitrary: fc.constantFrom("# comment\n", "\n", "   \n", "  # indented\n", "\t\n", "#\r\n", "\r\n"),
  },
);
const lineEnd = fc.oneof(
  { weight: 9, arbitrary: fc.constant("\n") },
  { weight: 1, arbitrary: fc.constantFrom("\r\n", " \n", "\t\r\n") },
);
/** Now and then blanks of a text become line breaks with a continuation, comments between. */
const folded = (text: fc.Arbitrary<string>) =>
  fc
    .tuple(text, fc.constantFrom("", "", "", "", "", "\n  ", "\n# c\n\t", "\r\n ", "\n\n #c\n ", "\n\u000b"))
    .map(([one, fold]) =>
      fold === "" ? one : one.replaceAll(" ", (blank, at: number) => (at % 2 === 0 ? fold : blank)),
    );

const entry = fc.oneof(
  {
    weight: 60,
    arbitrary: fc
      .tuple(name, blank, blank, folded(value))
      .map(([one, x, y, text]) => `${one}${x}=${y}${text}`),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(name, fc.constantFrom(0, 500, 5000))
      .map(([one, length]) => `${one} = ${"long ".repeat(length)}end`),
  },
  { weight: 1, arbitrary: fc.tuple(name, plain).map(([one, text]) => `${one} = x\0${text}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "a",
      "= b",
      "a b = c",
      "\ufeffa = b",
      "\0",
      "a\0 = b",
      "a = $a",
      "b = $c\nc = $b",
      "d = ${{$d} == {x}}",
    ),
  },
);

const BASE = "myhostname = mx.example.org\nmydomain = example.org\nmynetworks = 127.0.0.0/8\n";

export const mainText = fc
  .tuple(
    fc.oneof(
      { weight: 12, arbitrary: fc.constant("") },
      { weight: 1, arbitrary: fc.constantFrom("  stray\n", "\tx = y\n", " # no\n", "\ufeff") },
    ),
    fc.oneof(
      { weight: 9, arbitrary: fc.constant(BASE) },
      {
        weight: 1,
        arbitrary: fc.constantFrom("", "compatibility_level = 3.6\n", `${BASE}compatibility_level = 2\n`),
      },
    ),
    fc.array(
      fc.tuple(between, entry, lineEnd).map((parts) => parts.join("")),
      { maxLength: 8 },
    ),
    fc.boolean(),
  )
  .map(([start, base, entries, ends]) => {
    const text = start + base + entries.join("");
    return latin(ends ? text : text.replace(/\n$/, ""));
  });

/** One character for each byte, as the tests hand texts to both readers. */
function latin(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

const column = (good: readonly string[], bad: readonly string[]) =>
  fc.oneof(
    { weight: 150, arbitrary: fc.constantFrom(...good) },
    { weight: 1, arbitrary: fc.constantFrom(...bad) },
  );
const optionWord = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.tuple(name, value).map(([one, text]) => `-o ${one}=${text.replace(/[ \t\r\n]+/g, ",")}`),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(name, blank, value).map(([one, x, text]) => `-o {${x}${one}${x}=${x}${text}}`),
  },
  { weight: 2, arbitrary: fc.tuple(name, plain).map(([one, text]) => `-o${one}=${text}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "-v",
      "-vv",
      "-D",
      "-vo a=b",
      "-o a",
      "-o {a = b",
      "-o {a=b}c",
      "-o {a}",
      "-o {=b}",
      "-ofoo=b",
      "-o a=",
      "-o =b",
      "-o{ a = b c }",
      "-o a = b",
      "-s 0",
      "--",
      "-o",
    ),
  },
);
const operand = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom("flags=R", "user=nobody", "argv=/bin/x", "${sender}", "-f", "a=b"),
  },
  { weight: 2, arbitrary: fc.constantFrom("{ a b }", "{a}", "{a b", "{a} b}", "{a b}c", "{{a} b}") },
);
const serviceEntry = fc
  .tuple(
    column(
      ["smtp", "25", "127.0.0.1:10025", "filter", "relay", "local", "pickup", "a-b", "x:y", "[::1]:26"],
      ["{a b}", "-", "\u00e9"],
    ),
    column(["inet", "unix", "fifo", "pass", "unix-dgram"], ["INET", "tcp", "-", ""]),
    column(["n", "-", "y"], ["x", "yn", "N"]),
    column(["n", "-", "y"], ["x"]),
    column(["n", "-", "y"], ["x"]),
    column(["-", "60", "1000?", "0"], ["?", "-?", "60s", "-1", "x"]),
    column(["-", "0", "100"], ["-1", "x", "1?"]),
    column(
      ["smtpd", "smtp", "pipe", "spawn", "local", "cleanup", "/usr/bin/pipe", "lmtp", "virtual", "error"],
      ["{smtpd x}"],
    ),
    fc.array(optionWord, { maxLength: 4 }),
    fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(operand, { maxLength: 3 }) },
    ),
  )
  .map(([...parts]) => [...parts.slice(0, 8), ...parts[8], ...parts[9]].join(" "));

const masterEntry = fc.oneof(
  { weight: 100, arbitrary: folded(serviceEntry) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "-o a=b",
      "smtp inet",
      "smtp inet n - n - -",
      "smtp inet n - n - - smtpd\0 -o a=b",
      "\0",
    ),
  },
);

export const masterText = fc
  .tuple(
    fc.oneof(
      { weight: 15, arbitrary: fc.constant("") },
      { weight: 1, arbitrary: fc.constantFrom("  -o a=b\n", "\ufeff") },
    ),
    fc.array(
      fc.tuple(between, masterEntry, lineEnd).map((parts) => parts.join("")),
      { maxLength: 5 },
    ),
  )
  .map(([start, entries]) => latin(start + entries.join("")));

/** A folder with both files. */
export const configuration = fc.record({ main: mainText, master: masterText });
