/** Completion at a cursor marked `|`: what comes first, what is there, what is not. */
import { describe, expect, test } from "vitest";
import { AMAVIS, completeIn, MAIN, MASTER } from "./completionSystem.js";

interface Expected {
  /** The first labels, in order. */
  readonly first?: readonly string[];
  readonly has?: readonly string[];
  readonly not?: readonly string[];
  /** What the first item puts in place of the word. */
  readonly inserts?: string;
  /** The text that is replaced. */
  readonly replaces?: string;
  readonly details?: Readonly<Record<string, string>>;
  readonly deprecated?: readonly string[];
  readonly nothing?: true;
}

type Case = readonly [what: string, lines: string, expected: Expected];

const amavisStart = AMAVIS.replace(/1;\n$/, "");
const BASE: Readonly<Record<string, string>> = {
  "main.cf": MAIN,
  "master.cf": MASTER,
  "amavisd.conf": amavisStart,
};

function check(files: Readonly<Record<string, string>>, expected: Expected, trigger?: string): void {
  const shown = completeIn(files, trigger);
  const { labels, items } = shown;
  if (expected.nothing) expect(labels).toEqual([]);
  else expect(labels.length, "something is offered").toBeGreaterThan(0);
  if (expected.first) expect(labels.slice(0, expected.first.length)).toEqual(expected.first);
  for (const label of expected.has ?? []) expect(labels).toContain(label);
  for (const label of expected.not ?? []) expect(labels).not.toContain(label);
  if (expected.inserts !== undefined) {
    const insert = items[0]?.insert ?? items[0]?.label ?? "";
    const text =
      typeof insert === "string"
        ? insert
        : insert.map((part) => (typeof part === "string" ? part : part.text)).join("");
    expect(text).toBe(expected.inserts);
  }
  if (expected.replaces !== undefined)
    expect(shown.text.slice(shown.range?.start, shown.range?.end)).toBe(expected.replaces);
  for (const [label, detail] of Object.entries(expected.details ?? {}))
    expect(items.find((item) => item.label === label)?.detail ?? "").toContain(detail);
  for (const label of expected.deprecated ?? [])
    expect(items.find((item) => item.label === label)?.deprecated).toBe(true);
}

/** Cases whose lines stand at the end of a file. */
function cases(file: string, list: readonly Case[]): void {
  test.each(list)("%s", (_what, lines, expected) =>
    check({ [file]: `${BASE[file] ?? ""}${lines}` }, expected),
  );
}

describe("names in main.cf", () => {
  cases("main.cf", [
    [
      "an empty line: what decides most",
      "|",
      { first: ["myorigin", "relayhost", "inet_interfaces"], inserts: "myorigin = " },
    ],
    [
      "half a name",
      "smtpd_tls|",
      { first: ["smtpd_tls_security_level", "smtpd_tls_cert_file"], replaces: "smtpd_tls" },
    ],
    [
      "half a name above other lines",
      "relayh|\nfoo_domain = x\n",
      { first: ["relayhost"], inserts: "relayhost = ", replaces: "relayh" },
    ],
    ["inside a name: all of it is replaced", "relay|hos\n", { has: ["relayhost"], replaces: "relayhos" }],
    [
      "before an equals sign",
      "relayh| = x\n",
      { first: ["relayhost"], inserts: "relayhost", replaces: "relayh" },
    ],
    ["before an equals sign without blanks", "relayh|=x\n", { first: ["relayhost"], inserts: "relayhost" }],
    [
      "what is set is marked and stands behind",
      "my|",
      { first: ["myorigin"], details: { myhostname: "set in line 2" } },
    ],
    [
      "the name that is being written is not set already",
      "my|origin = x\n",
      { details: { myorigin: "" }, first: ["myorigin"] },
    ],
    ["deprecated names come last", "smtpd_use_t|", { has: ["smtpd_use_tls"], deprecated: ["smtpd_use_tls"] }],
    [
      "names that the program sets itself are not offered",
      "process_|",
      { not: ["process_name", "process_id"] },
    ],
    [
      "settings of a transport that is here",
      "smtp-amavis_dest|",
      { first: ["smtp-amavis_destination_concurrency_limit", "smtp-amavis_destination_recipient_limit"] },
    ],
    ["no settings of a transport that is not here", "other_dest|", { nothing: true }],
    [
      "a name that is used and nowhere set",
      "foo = $my_networks\nmy_|",
      { first: ["my_networks"], details: { my_networks: "nowhere set" } },
    ],
    ["a comment", "# relayh|", { nothing: true }],
    ["a comment with blanks before it", "   # relayh|", { nothing: true }],
    ["behind a name without an equals sign", "relayhost |", { nothing: true }],
    ["column 1 of a line that goes on", "mydestination =\n|  a\n", { nothing: true }],
  ]);
  test("a restriction class without its list", () =>
    check(
      { "main.cf": `${MAIN.replace(/^greylist = .*\n/m, "")}g|` },
      { first: ["greylist"], details: { greylist: "class" } },
    ));
  test("a template's tag", () => check({ "main.cf": `${MAIN}myhostname = {{ my|` }, { nothing: true }));
  test("behind a template's tag", () =>
    check({ "main.cf": `{{ header }}\n${MAIN}relayh|` }, { first: ["relayhost"] }));
  test("an empty file", () => check({ "main.cf": "|" }, { first: ["myhostname", "mydomain", "myorigin"] }));
});

describe("values in main.cf", () => {
  cases("main.cf", [
    [
      "yes or no, the default last",
      "disable_vrfy_command = |",
      { first: ["yes", "no"], details: { no: "the default" } },
    ],
    ["behind the equals sign without a blank", "disable_vrfy_command =|", { first: ["yes", "no"] }],
    ["on a line of its own", "disable_vrfy_command =\n  |", { first: ["yes", "no"] }],
    ["half a word", "smtpd_tls_security_level = en|", { first: ["encrypt"], replaces: "en" }],
    [
      "only the server's levels",
      "smtpd_tls_security_level = |",
      { first: ["may", "encrypt", "none"], not: ["dane", "verify"] },
    ],
    [
      "all levels of the client",
      "smtp_tls_security_level = |",
      { first: ["may", "encrypt", "dane"], has: ["verify", "secure"] },
    ],
    [
      "words of a list that are not there yet",
      "notify_classes = bounce, |, 2bounce",
      { has: ["resource"], not: ["bounce", "2bounce"] },
    ],
    [
      "units behind a number",
      "queue_run_delay = 10|",
      { first: ["10s", "10m", "10h", "10d", "10w"], replaces: "10" },
    ],
    ["a number's default", "default_process_limit = |", { has: ["100"] }],
    ["an unknown name", "my_own_thing = |", { nothing: true }],
    ["styles of mynetworks", "mynetworks_style = |", { first: ["subnet", "host", "class"] }],
    ["levels of compatibility", "compatibility_level = |", { has: ["3.6", "2"] }],
    ["protocols", "smtpd_tls_mandatory_protocols = |", { first: [">=TLSv1.2"], has: ["!SSLv3"] }],
    [
      "override options",
      "receive_override_options = no_milters,|",
      { has: ["no_address_mappings"], not: ["no_milters"] },
    ],
    ["addresses", "inet_interfaces = |", { first: ["all", "loopback-only"], not: ["hash:"] }],
    [
      "networks that are not there yet",
      "mynetworks = 127.0.0.0/8, |",
      { first: ["[::1]/128"], not: ["127.0.0.0/8"] },
    ],
    [
      "destinations",
      "mydestination = $myhostname, |",
      { first: ["localhost.$mydomain", "localhost"], not: ["$myhostname"] },
    ],
    ["types of header checks", "header_checks = |", { first: ["pcre:", "regexp:"] }],
    ["types of addresses", "postscreen_access_list = permit_mynetworks, |", { has: ["cidr:"] }],
    [
      "types of tables",
      "virtual_alias_maps = |",
      { first: ["hash:"], has: ["texthash:", "mysql:", "hash:/etc/postfix/transport"] },
    ],
    [
      "files of the workspace, the fitting one first",
      "virtual_alias_maps = hash:|",
      {
        first: ["hash:/etc/postfix/virtual"],
        has: ["hash:/etc/postfix/transport"],
        not: ["hash:/etc/postfix/main.cf", "hash:/etc/postfix/virtual.db"],
        replaces: "hash:",
      },
    ],
    [
      "half a path",
      "virtual_alias_maps = hash:/etc/postfix/vi|\n",
      { first: ["hash:/etc/postfix/virtual"], replaces: "hash:/etc/postfix/vi" },
    ],
    ["a table in a table", "virtual_alias_maps = proxy:|", { first: ["proxy:hash:"], not: ["proxy:proxy:"] }],
    [
      "a file of a database",
      "virtual_alias_maps = proxy:mysql:|",
      { first: ["proxy:mysql:/etc/postfix/mysql-virtual.cf"] },
    ],
    [
      "tables in braces",
      "virtual_alias_maps = unionmap:{hash:/etc/postfix/virtual, |}",
      { first: ["hash:"], not: ["hash:/etc/postfix/virtual"] },
    ],
    [
      "the filter that listens here",
      "content_filter = |",
      {
        first: ["smtp-amavis:[127.0.0.1]:10024", "smtp-amavis:[127.0.0.1]:10026"],
        has: ["smtp-amavis:"],
        not: ["local", "error:"],
        details: { "smtp-amavis:[127.0.0.1]:10024": "amavisd listens here" },
      },
    ],
    [
      "behind a transport",
      "content_filter = smtp-amavis:|",
      { first: ["smtp-amavis:[127.0.0.1]:10024"], replaces: "smtp-amavis:" },
    ],
    [
      "half an endpoint",
      "content_filter = smtp-amavis:[127.0.0.1]:100|24",
      { first: ["smtp-amavis:[127.0.0.1]:10024"], replaces: "smtp-amavis:[127.0.0.1]:10024" },
    ],
    [
      "a transport",
      "virtual_transport = |",
      { first: ["lmtp:unix:private/dovecot-lmtp"], has: ["smtp", "local"] },
    ],
    ["a proxy filter", "smtpd_proxy_filter = |", { first: ["127.0.0.1:10024"] }],
    ["a relay", "relayhost = |", { first: ["[smtp.example.com]:587"], inserts: "[smtp.example.com]:587" }],
    [
      "milters that are used here",
      "non_smtpd_milters = |",
      { first: ["$smtpd_milters", "inet:127.0.0.1:8891"] },
    ],
    ["a service of that kind", "cleanup_service_name = |", { first: ["cleanup"], not: ["qmgr"] }],
    ["services", "master_service_disable = |", { has: ["smtp/inet", "pickup/unix"] }],
    [
      "as many as the transport has processes",
      "smtp-amavis_destination_concurrency_limit = |",
      { first: ["4"], details: { "4": "smtp-amavis" } },
    ],
    [
      "a restriction class",
      "my_class = reject\nsmtpd_restriction_classes = greylist, |",
      { first: ["my_class"], not: ["greylist"] },
    ],
    ["inside a condition", "myorigin = ${mydomain?{|", { has: ["$mydomain"] }],
    ["a comment between the lines of a value", "mydestination =\n  a,\n  # b |\n  c\n", { nothing: true }],
    ["keywords as people spell them", "smtpd_discard_ehlo_keywords = |", { has: ["chunking", "dsn"] }],
  ]);
  test("tables that the release does not have are left out", () => {
    const { labels } = completeIn({ "main.cf": "compatibility_level = 3.6\nvirtual_alias_maps = |\n" });
    expect(labels).toContain("mongodb:");
    expect(
      completeIn({ "main.cf": "compatibility_level = 2\nvirtual_alias_maps = |\n" }).labels,
    ).not.toContain("mongodb:");
  });
});

describe("names behind a dollar sign", () => {
  cases("main.cf", [
    [
      "the usual ones",
      "relay_domains = $my|",
      { first: ["myhostname", "mydomain"], replaces: "my", inserts: "myhostname" },
    ],
    [
      "in braces, which are closed",
      "relay_domains = ${my|",
      { first: ["myhostname"], inserts: "myhostname}" },
    ],
    ["in parentheses", "relay_domains = $(my|", { first: ["myhostname"], inserts: "myhostname)" }],
    ["in closed braces", "relay_domains = ${my|}", { first: ["myhostname"], inserts: "myhostname" }],
    ["before a condition", "relay_domains = ${my|?x}", { first: ["myhostname"], inserts: "myhostname" }],
    ["with the value", "relay_domains = $mydo|", { details: { mydomain: "example.org" } }],
    ["names of one's own come first", "nets = 1\nmynetworks = $n|", { first: ["nets"] }],
    ["never the parameter itself", "mynetworks = $mynet|", { not: ["mynetworks"] }],
    ["a dollar sign that is none", "smtpd_banner = $$my|", { not: ["myhostname"], nothing: true }],
    [
      "names of the message",
      "mailbox_command = /usr/bin/procmail -a $|",
      { first: ["user", "home"], not: ["myhostname"] },
    ],
    ["names that each program has", "syslog_name = postfix/$service|", { has: ["service_name"] }],
    [
      "names of the answer",
      "default_rbl_reply = $rbl_|",
      { has: ["rbl_domain", "rbl_reason"], not: ["myhostname"] },
    ],
  ]);
});

describe("restrictions", () => {
  cases("main.cf", [
    [
      "in their usual order",
      "smtpd_recipient_restrictions = |",
      {
        first: ["permit_mynetworks", "permit_sasl_authenticated", "reject_unauth_destination"],
        has: ["greylist"],
        not: ["check_etrn_access", "reject_maps_rbl", "check_relay_domains"],
      },
    ],
    [
      "without those that are there, before and behind",
      "smtpd_recipient_restrictions = permit_mynetworks, |, reject_unauth_destination",
      { first: ["permit_sasl_authenticated"], not: ["permit_mynetworks", "reject_unauth_destination"] },
    ],
    [
      "on a line of its own",
      "smtpd_recipient_restrictions =\n  permit_mynetworks\n  |",
      { first: ["permit_sasl_authenticated"], not: ["permit_mynetworks"] },
    ],
    ["half a name", "smtpd_helo_restrictions = reject_non|", { first: ["reject_non_fqdn_helo_hostname"] }],
    ["what fits the list first", "smtpd_sender_restrictions = check_|", { first: ["check_sender_access"] }],
    ["nothing behind the end of the list", "smtpd_recipient_restrictions = permit, |", { nothing: true }],
    [
      "table types behind check_*_access",
      "smtpd_recipient_restrictions = check_sender_access |",
      { first: ["hash:"], not: ["permit_mynetworks"] },
    ],
    [
      "files behind the type",
      "smtpd_recipient_restrictions = check_recipient_access hash:|",
      { has: ["hash:/etc/postfix/transport"] },
    ],
    [
      "policy services that are used here",
      "smtpd_recipient_restrictions = check_policy_service |",
      { first: ["inet:127.0.0.1:10023"] },
    ],
    ["DNS lists", "smtpd_client_restrictions = reject_rbl_client |", { first: ["zen.spamhaus.org"] }],
    [
      "DNS lists of domains",
      "smtpd_sender_restrictions = reject_rhsbl_sender |",
      { first: ["dbl.spamhaus.org"] },
    ],
    [
      "what can reject behind warn_if_reject",
      "smtpd_sender_restrictions = warn_if_reject |",
      { has: ["reject_unknown_sender_domain"], not: ["permit_mynetworks"] },
    ],
    [
      "a class is a list too",
      "strict = x\nsmtpd_restriction_classes = greylist strict\nstrict = |",
      { has: ["permit_mynetworks", "greylist"], not: ["strict"] },
    ],
    [
      "the blank that an argument needs",
      "smtpd_recipient_restrictions = check_policy_s|",
      { inserts: "check_policy_service " },
    ],
    ["the end of data", "smtpd_data_restrictions = |", { first: ["reject_unauth_pipelining"] }],
    [
      "only what is known already, without delay",
      "smtpd_delay_reject = no\nsmtpd_client_restrictions = |",
      { has: ["check_client_access"], not: ["reject_non_fqdn_recipient", "check_helo_access"] },
    ],
  ]);
});

describe("columns of master.cf", () => {
  cases("master.cf", [
    ["types, by the look of the name", "127.0.0.1:10030 |", { first: ["inet", "unix"] }],
    ["types of a name", "relay2 |", { first: ["unix", "inet"] }],
    ["half a type", "relay2 un|", { first: ["unix"], replaces: "un" }],
    ["a TCP port is never private", "10030 inet |", { first: ["n"], not: ["-", "y"] }],
    ["private", "x unix |", { first: ["-"] }],
    ["a service that others connect to", "flush unix |", { first: ["n"] }],
    ["unprivileged", "x unix - |", { first: ["-"] }],
    ["chroot as the others have it", "x unix - - |", { first: ["y"] }],
    ["chroot of what cannot be locked in", "local unix - n |", { first: ["n"] }],
    ["wakeup", "tlsmgr unix - - n |", { first: ["1000?"] }],
    ["wakeup of others", "x unix - - n |", { first: ["-"] }],
    ["processes", "x unix - - n - |", { first: ["-"] }],
    ["processes of a feed", "amavisfeed unix - - n - |", { first: ["4"], details: { "4": "amavisd" } }],
    [
      "programs of a port",
      "10030 inet n - n - - |",
      { first: ["smtpd"], has: ["postscreen"], not: ["qmgr", "postlogd"] },
    ],
    ["programs of a socket", "x unix - - n - - |", { first: ["smtp", "lmtp", "pipe"], not: ["postlogd"] }],
    ["the program of a known service", "tlsmgr unix - - n 1000? 1 |", { first: ["tlsmgr"] }],
    ["half a program", "x unix - - n - - clea|", { first: ["cleanup"], replaces: "clea" }],
    ["a datagram socket", "postlog unix-dgram n - n - 1 |", { first: ["postlogd"], not: ["smtp"] }],
    ["a column in the middle of a finished line", "x unix - - |n - - smtp\n", { has: ["n"], replaces: "" }],
    ["a comment", "# smtp |", { nothing: true }],
  ]);
});

describe("options and arguments", () => {
  const entry = "127.0.0.1:10030 inet n - n - - smtpd\n";
  const submission = "submission inet n - y - - smtpd\n";
  cases("master.cf", [
    ["a line of its own", `${submission}  |`, { first: ["-o", "syslog_name"], inserts: "-o " }],
    ["behind the program", "submission inet n - y - - smtpd |", { first: ["-o"] }],
    [
      "a name without -o",
      `${entry}  content_f|`,
      { first: ["content_filter"], inserts: "-o content_filter=" },
    ],
    [
      "-o alone, for users",
      `${submission}  -o |`,
      {
        first: ["syslog_name", "smtpd_tls_security_level"],
        inserts: "syslog_name=",
        not: ["smtp_helo_name", "postscreen_dnsbl_sites"],
      },
    ],
    [
      "-o alone, for what takes mail back",
      `${entry}  -o |`,
      { first: ["content_filter", "receive_override_options", "mynetworks"] },
    ],
    [
      "only what the service does not have",
      `${entry}  -o content_filter=\n  -o |`,
      { first: ["receive_override_options"], not: ["content_filter"] },
    ],
    [
      "glued to -o",
      `${entry}  -osmtpd_tls_sec|`,
      { has: ["smtpd_tls_security_level"], replaces: "smtpd_tls_sec" },
    ],
    [
      "in braces",
      `${entry}  -o { smtpd_tls_sec| = may }`,
      { has: ["smtpd_tls_security_level"], replaces: "smtpd_tls_sec", inserts: "smtpd_tls_security_level" },
    ],
    [
      "a line that lost its indentation",
      `${entry}-o mynet|`,
      { has: ["mynetworks"], inserts: "mynetworks=" },
    ],
    [
      "what cleanup reads",
      "cleanup2 unix n - n - 0 cleanup\n  -o |",
      { first: ["syslog_name", "header_checks"], not: ["smtpd_tls_security_level"] },
    ],
    [
      "lmtp has names of its own",
      "f unix - - n - - lmtp\n  -o |",
      { not: ["smtp_tls_security_level"], has: ["lmtp_tls_security_level"] },
    ],
    [
      "a feed",
      "amavisfeed unix - - n - 2 smtp\n  -o |",
      { first: ["smtp_data_done_timeout", "smtp_send_xforward_command"] },
    ],
    [
      "a level for users",
      `${submission}  -o smtpd_tls_security_level=|`,
      { first: ["encrypt", "may", "none"] },
    ],
    ["a level for a filter on this host", `${entry}  -o smtpd_tls_security_level=|`, { first: ["none"] }],
    [
      "nothing is a value too",
      `${entry}  -o content_filter=|`,
      { first: ["(empty)"], inserts: "", not: ["smtp-amavis:[127.0.0.1]:10024"] },
    ],
    [
      "a filter for users",
      `${submission}  -o content_filter=|`,
      { has: ["smtp-amavis:[127.0.0.1]:10026", "(empty)"] },
    ],
    [
      "restrictions for users",
      `${submission}  -o smtpd_client_restrictions=permit_sasl_authenticated,|`,
      { first: ["reject"], not: ["permit_sasl_authenticated"] },
    ],
    [
      "a list in braces",
      `${submission}  -o { smtpd_client_restrictions = permit_mynetworks, | }`,
      { first: ["permit_sasl_authenticated"], not: ["permit_mynetworks"] },
    ],
    [
      "a comma before an argument, where a blank would end the value",
      `${entry}  -o smtpd_client_restrictions=check_client_a|`,
      { inserts: "check_client_access," },
    ],
    ["a name behind a dollar sign", `${entry}  -o mynetworks=$my|`, { first: ["myhostname", "mydomain"] }],
    ["a log name from the service's", `${entry}  -o syslog_name=|`, { first: ["postfix/10030"] }],
    [
      "attributes of pipe, the needed ones first",
      "x unix - n n - - pipe\n  |",
      { first: ["user=", "argv="], has: ["flags=", "null_sender=", "-o"] },
    ],
    [
      "attributes that are not there yet",
      "x unix - n n - - pipe\n  flags=DR user=vmail |",
      { first: ["argv="], not: ["user=", "flags=", "-o"] },
    ],
    [
      "letters of flags",
      "x unix - n n - - pipe\n  flags=D|",
      { first: ["flags=DR", "flags=Dh"], not: ["flags=DD"], replaces: "flags=D" },
    ],
    ["letters for smtp", "x unix - - n - - smtp flags=|", { has: ["flags=D"], not: ["flags=h"] }],
    [
      "names in the command",
      "x unix - n n - - pipe\n  user=vmail argv=/bin/x -d ${|",
      { first: ["recipient", "sender"], inserts: "recipient}", not: ["myhostname"] },
    ],
    ["nothing else in the command", "x unix - n n - - pipe\n  user=vmail argv=/bin/x |", { nothing: true }],
    [
      "users that others run as",
      "y unix - n n - - pipe\n  user=vmail:vmail argv=/bin/y\nx unix - n n - - pipe\n  user=|",
      { first: ["user=vmail:vmail"] },
    ],
    ["spawn", "x unix - n n - 0 spawn\n  |", { first: ["user=", "argv="], not: ["flags="] }],
    ["the argument of another letter", `${entry}  -n |`, { nothing: true }],
    ["a comment between options", `${entry}  # -o content_f|\n  -o mynetworks=\n`, { nothing: true }],
  ]);
});

describe("amavisd's names", () => {
  cases("amavisd.conf", [
    [
      "with its sigil",
      "$da|",
      { first: ["$daemon_user", "$daemon_group"], replaces: "$da", inserts: "$daemon_user = " },
    ],
    [
      "without a sigil",
      "daemon_u|",
      { first: ["$daemon_user"], inserts: "$daemon_user = ", replaces: "daemon_u" },
    ],
    ["a list", "@local|", { first: ["@local_domains_maps", "@local_domains_acl"] }],
    ["a sigil alone", "@|", { first: ["@local_domains_maps"] }],
    ["a wrong sigil is put right", "$inet_ac|", { first: ["@inet_acl"], inserts: "@inet_acl = " }],
    ["before an equals sign", "$log_le| = 2;", { first: ["$log_level"], inserts: "$log_level" }],
    [
      "what is set stands behind",
      "$max_|",
      { details: { $max_servers: "set in line 2" }, has: ["$max_requests"] },
    ],
    ["read, what is set is as good as any", "$x = $myd|;", { first: ["$mydomain"], inserts: "$mydomain" }],
    ["in double quotes", '$x = "a.$myd|";', { first: ["$mydomain"], not: ["%policy_bank"] }],
    ["not in single quotes", "$x = 'a.$myd|';", { nothing: true }],
    ["a name of these files", "my $relay = 'x';\n$y = $rel|;", { first: ["$relay"] }],
    [
      "an element of a hash",
      "$allowed_added|",
      { first: ["$allowed_added_header_fields{...}"], inserts: "$allowed_added_header_fields{}" },
    ],
    [
      "the hash of an element",
      "$interface_pol|{'10024'} = 'X';",
      { first: ["$interface_policy"], inserts: "$interface_policy" },
    ],
    ["in a block", "if (1) {\n  $daemon_u|\n}", { first: ["$daemon_user"] }],
    ["a policy bank", "policy_b|", { has: ["$policy_bank{...} = { ... }"] }],
    ["a comment", "# $max|", { nothing: true }],
    ["a comment behind a statement", "$x = 1; # $max|", { nothing: true }],
    ["functions", "$x = read_h|", { first: ["read_hash"], inserts: 'read_hash("")' }],
    ["documentation", "=pod\n\n$max|\n\n=cut\n", { nothing: true }],
  ]);
});

describe("amavisd's values", () => {
  cases("amavisd.conf", [
    [
      "what becomes of spam",
      "$final_spam_destiny = |;",
      { first: ["D_PASS", "D_DISCARD"], not: ["CC_SPAM"] },
    ],
    ["what becomes of viruses", "$final_virus_destiny = D_|;", { first: ["D_DISCARD"] }],
    ["categories", "%final_destiny_by_ccat = ( |", { first: ["CC_VIRUS"] }],
    ["destinies of categories", "%final_destiny_by_ccat = ( CC_VIRUS, |", { first: ["D_DISCARD"] }],
    [
      "a method that reaches Postfix",
      "$forward_method = '|';",
      {
        first: ["smtp:[127.0.0.1]:10025"],
        inserts: "smtp:[127.0.0.1]:10025",
        details: { "smtp:[127.0.0.1]:10025": "master.cf" },
      },
    ],
    [
      "a quote that is not closed",
      "$forward_method = '|",
      { first: ["smtp:[127.0.0.1]:10025"], inserts: "smtp:[127.0.0.1]:10025'" },
    ],
    [
      "a quote that is not closed above other lines",
      "$forward_method = 'smtp:|\n$log_level = 1;\n$x = 'a';\n",
      { first: ["smtp:[127.0.0.1]:10025"], replaces: "smtp:" },
    ],
    ["without quotes", "$forward_method = |;", { first: ["'smtp:[127.0.0.1]:10025'"] }],
    [
      "half a method",
      "$forward_method = 'smtp:[127|.0.0.1]:1';",
      { first: ["smtp:[127.0.0.1]:10025"], replaces: "smtp:[127.0.0.1]:1" },
    ],
    ["a quarantine", "$virus_quarantine_method = '|';", { first: ["local:virus-%m"] }],
    [
      "keys of a bank",
      "$policy_bank{'X'} = {\n  |\n};",
      { first: ["originating", "forward_method"], inserts: "originating => ", not: ["max_servers"] },
    ],
    [
      "half a key",
      "$policy_bank{'X'} = {\n  originating => 1,\n  forw|\n};",
      { first: ["forward_method"], replaces: "forw" },
    ],
    [
      "a key that is there",
      "$policy_bank{'X'} = { originating => 1, |",
      { first: ["forward_method"], not: ["originating"] },
    ],
    ["a key before its arrow", "$policy_bank{'X'} = { forw| => 'x' };", { inserts: "forward_method" }],
    [
      "a key that stands behind",
      "$policy_bank{'X'} = {\n  |\n  originating => 1,\n};",
      { first: ["forward_method"], not: ["originating"] },
    ],
    ["the key that is being written", "$policy_bank{'X'} = { orig| => 1 };", { first: ["originating"] }],
    ["a list of banks", "%policy_bank = (\n  'X' => {\n    |\n  },\n);", { first: ["originating"] }],
    [
      "the value of a key",
      "$policy_bank{'X'} = { forward_method => '|' };",
      { first: ["smtp:[127.0.0.1]:10025"] },
    ],
    ["a bank's yes and no", "$policy_bank{'X'} = { originating => | };", { first: ["1", "0"] }],
    ["a bank's switch", "$policy_bank{'X'} = { bypass_spam_checks_maps => | };", { first: ["[1]"] }],
    ["a bank's protocol", "$policy_bank{'X'} = { protocol => '|' };", { first: ["SMTP", "LMTP", "AM.PDP"] }],
    ["names of banks", "$policy_bank{'|'} = {};", { has: ["ORIGINATING", "MYNETS"] }],
    [
      "a bank that is used and not there",
      "$interface_policy{'10024'} = 'NEWBANK';\n$policy_bank{'|'} = {};",
      { first: ["NEWBANK"] },
    ],
    ["names of banks without quotes", "$policy_bank{|", { has: ["'MYNETS'"] }],
    ["ports that have no bank yet", "$interface_policy{'|'} = 'X';", { first: ["10024"], has: ["10026"] }],
    ["a bank for a port", "$interface_policy{'10024'} = '|';", { first: ["ORIGINATING"] }],
    ["a bank for a port in a list", "%interface_policy = ( '10024' => '|' );", { first: ["ORIGINATING"] }],
    ["a port in a list", "%interface_policy = ( '|' => 'X' );", { has: ["10026"] }],
    ["networks of the listener", "@inet_acl = qw( | );", { first: ["127.0.0.1", "[::1]"] }],
    [
      "Postfix's networks",
      "@mynetworks = qw( 127.0.0.0/8 | );",
      { first: ["192.0.2.0/24"], not: ["127.0.0.0/8"] },
    ],
    [
      "Postfix's domains",
      '@local_domains_maps = ( ["|"] );',
      { first: [".$mydomain"], has: ["example.net"] },
    ],
    [
      "in single quotes no variable",
      "@local_domains_maps = ( ['|'] );",
      { not: [".$mydomain"], has: ["example.net"] },
    ],
    ["Postfix's name", "$myhostname = '|';", { first: ["mx.example.org"] }],
    ["an address", "$inet_socket_bind = '|';", { first: ["127.0.0.1"] }],
    ["as many as the transport has processes", "$max_servers = |;", { first: ["4"] }],
    ["how much is logged", "$log_level = |;", { first: ["0", "1", "2", "3", "4", "5"] }],
    ["a level of TLS", "$tls_security_level_in = '|';", { first: ["may", "encrypt"] }],
  ]);
  test("the port that Postfix sends mail to", () =>
    check(
      { "amavisd.conf": "$inet_socket_port = |;\n" },
      { first: ["10024"], details: { "10024": "content_filter" } },
    ));
  test("half a port", () =>
    check({ "amavisd.conf": "$inet_socket_port = 100|;\n" }, { first: ["10024"], not: ["[10024, 10026]"] }));
});

describe("a list that nobody asked for", () => {
  test.each<[string, Record<string, string>, string, boolean]>([
    ["a value that one has to choose", { "main.cf": `${MAIN}smtpd_tls_security_level =|` }, "=", true],
    [
      "an option that one has to choose",
      { "master.cf": `${MASTER}x inet n - n - - smtpd\n  -o smtpd_tls_security_level=|` },
      "=",
      true,
    ],
    [
      "an option that is mostly empty",
      { "master.cf": `${MASTER}x inet n - n - - smtpd\n  -o content_filter=|` },
      "=",
      false,
    ],
    ["a value behind a blank", { "main.cf": `${MAIN}content_filter = |` }, " ", true],
    ["a name", { "main.cf": `${MAIN}foo|` }, "-", false],
    ["an option's name", { "master.cf": `${MASTER}x inet n - n - - smtpd\n  -o |` }, " ", true],
    ["a dollar sign", { "main.cf": `${MAIN}relay_domains = $|` }, "$", true],
    ["the next item", { "main.cf": `${MAIN}smtpd_recipient_restrictions = permit_mynetworks,|` }, ",", true],
    ["a blank in a Perl expression", { "amavisd.conf": `${amavisStart}$x = 1 + |` }, " ", false],
    ["a blank behind an assignment", { "amavisd.conf": `${amavisStart}$final_spam_destiny = |` }, " ", true],
    ["a quote", { "amavisd.conf": `${amavisStart}$forward_method = '|'` }, "'", true],
    ["a bank's brace", { "amavisd.conf": `${amavisStart}$policy_bank{|` }, "{", true],
    ["a blank between words", { "master.cf": `${MASTER}x |` }, " ", true],
    ["a dash in a column", { "master.cf": `${MASTER}x unix -|` }, "-", false],
  ])("%s", (_what, files, trigger, offered) => {
    expect(completeIn(files, trigger).labels.length > 0).toBe(offered);
  });
});
