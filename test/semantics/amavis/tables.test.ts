/**
 * Settings that do not do what they say: networks, lookup tables, banned rules, quarantine, signing, logs.
 *
 * What was run with amavisd 2.13 alone in a namespace of its own, mail sent to port 10024, a sink on 10025:
 * - bad-network: a comma, a name, a prefix of 33, nothing between the quotes, in @mynetworks, @inet_acl, in inet_acl of
 *   a bank, in @client_ipaddr_policy and @ip_repu_ignore_networks: "TROUBLE in pre_loop_hook", exit 13.
 * - lookup-constant: @whitelist_sender_maps = ('friend@example.org') let spam of another sender pass ("whitelisted
 *   sender"), the same in @blacklist_sender_maps discarded it; @local_domains_maps = ('example.net') made
 *   x@other.example local.
 * - lookup-entry-never: a comma in qw, `*.domain`, `*@domain`, `@domain` and a hash key with capitals did not match
 *   (lookup [local_domains] => undef); capitals in a list did. A header field with capitals in
 *   %allowed_added_header_fields changed nothing, in lower case it did.
 * - mynetworks-maps-unread: a client of a network that only @mynetworks_maps had got no MYNETS, one of 10/8 (default
 *   of @mynetworks) did.
 * - banned-rule-missing: a.exe passed with DEFAULT missing, with a name that no rule has, and with DEFAULT made of
 *   $banned_filename_re above its assignment; it was discarded with \$banned_filename_re there, and without
 *   %banned_rules.
 * - discard-without-copy: 250 "discarded", no file anywhere, and the log says {DiscardedInbound,Quarantined}.
 * - spam-bounced: a bounce to the forged sender with $sa_dsn_cutoff_level undefined or 999, none ("bounce.suppressed")
 *   with one below the score.
 * - redis-logging-off: a server that only notes commands saw no RPUSH without a limit, and one with it.
 * - syslog-facility: exit 1 for "male" and "mail.info"; with $do_syslog = 0 it runs.
 * - dkim-nothing-originates: not signed without a bank MYNETS, signed with an empty one.
 */
import { describe, expect, it, test } from "vitest";
import { evaluateAmavis } from "../../../server/src/semantics/amavis/evaluate.js";
import { evaluate, source } from "./support.js";

const KINDS =
  /^(?:bad-network|banned-rule-missing|discard-without-copy|dkim-nothing-originates|lookup-\w+(?:-\w+)?|mynetworks-maps-unread|redis-logging-off|spam-bounced|syslog-facility|checks-bypassed|quarantine-directory-unset)$/;
const kinds = (...texts: readonly string[]) =>
  evaluate(...texts)
    .problems.filter(({ kind }) => KINDS.test(kind))
    .map(({ kind, severity, fatal }) => `${kind} ${severity ?? (fatal ? "error" : "warning")}`);

const KEY = "$enable_dkim_signing = 1; dkim_key('example.com', 's', '/k.pem'); $QUARANTINEDIR = '/q';";
const EXE = "new_RE(qr'.exe$'i)";

describe("said", () => {
  it.each([
    ["@mynetworks = qw(127.0.0.0/8, 10.0.0.0/8);", ["bad-network error"]],
    ["@mynetworks = ('127.0.0.0/8 10.0.0.0/8');", ["bad-network error"]],
    ["@mynetworks = ('');", ["bad-network error"]],
    ["@inet_acl = qw(127.0.0.1 localhost 10.);", ["bad-network error", "bad-network error"]],
    ["$policy_bank{'A'} = { inet_acl => ['127.0.0.1', '10.0.0.300'] };", ["bad-network error"]],
    ["@client_ipaddr_policy = (['10.0.0.0/33'] => 'A');", ["bad-network error"]],
    ["@ip_repu_ignore_networks = ('host.example.com');", ["bad-network error"]],
    ["@mynetworks = qw(10.0.0.1 $mydomain);", ["bad-network error"]],
    [`@mynetworks = (${"'10.0.0.1', ".repeat(21)} '10.0.0.2,');`, ["bad-network error"]],
    ["@blacklist_sender_maps = ('bad@example.org');", ["lookup-constant error"]],
    ["@bypass_virus_checks_maps = ('.example.org');", ["lookup-constant error"]],
    ["@bypass_header_checks_maps = ('.example.org');", ["lookup-constant warning"]],
    ["@spam_lovers_maps = qw(postmaster@ abuse@);", ["lookup-constant error", "lookup-constant error"]],
    ['$mydomain = `x`; @local_domains_maps = (".$mydomain");', ["lookup-constant warning"]],
    ["@local_domains_maps = (['.a.b'], '.example.org');", ["lookup-constant warning"]],
    ["$policy_bank{'A'} = { virus_lovers_maps => ['a.example'] };", ["lookup-constant error"]],
    ["@local_domains_acl = qw(a.example, b.example);", ["lookup-entry-never warning"]],
    ["@local_domains_maps = ([qw(a.example, b.example)]);", ["lookup-entry-never warning"]],
    ["@local_domains_acl = qw(.$mydomain);", ["lookup-entry-never warning"]],
    ["@whitelist_sender_maps = ({ '*' => 1 });", ["lookup-entry-never warning"]],
    ["@spam_tag2_level_maps = ({ 'Boss@example.com' => 9 });", ["lookup-entry-never warning"]],
    [
      "$policy_bank{'A'} = { spam_kill_level_maps => [{ '@a.example' => 9 }] };",
      ["lookup-entry-never warning"],
    ],
    ["$prefer_our_added_header_fields{'X-Spam-Flag'} = 0;", ["lookup-entry-never warning"]],
    ["@mynetworks_maps = (\\@mynetworks, read_cidr('/x'));", ["mynetworks-maps-unread warning"]],
    [
      "@client_ipaddr_policy = (\\@mynetworks => 'MYNETS'); @mynetworks_maps = (['10.0.0.0/8']);",
      ["mynetworks-maps-unread warning"],
    ],
    ["$policy_bank{'A'} = { mynetworks_maps => [['10.0.0.0/8']] };", ["mynetworks-maps-unread warning"]],
    [`$banned_rules{'X'} = ${EXE}; $QUARANTINEDIR = '/q';`, ["banned-rule-missing error"]],
    [
      `%banned_rules = (X => ${EXE}); @banned_filename_maps = ('X,Y'); $QUARANTINEDIR = '/q';`,
      ["banned-rule-missing warning"],
    ],
    [
      `%banned_rules = (DEFAULT => ${EXE}); @banned_filename_maps = ({ 'a@b.c' => 'Y' }, 'DEFAULT'); $QUARANTINEDIR = '/q';`,
      ["banned-rule-missing warning"],
    ],
    [
      `%banned_rules = (DEFAULT => ${EXE}); $policy_bank{'A'} = { banned_filename_maps => ['Y'] }; $QUARANTINEDIR = '/q';`,
      ["banned-rule-missing error"],
    ],
    [
      `$banned_rules{'DEFAULT'} = $banned_filename_re; $banned_filename_re = ${EXE}; $QUARANTINEDIR = '/q';`,
      ["banned-rule-missing error"],
    ],
    ["$final_bad_header_destiny = D_DISCARD;", ["discard-without-copy warning"]],
    [`%banned_rules = (DEFAULT => ${EXE});`, ["discard-without-copy warning"]],
    // The quarantine method that somebody wrote is the better place.
    [
      "$final_spam_destiny = D_DISCARD; $spam_quarantine_method = 'local:spam-%m';",
      ["quarantine-directory-unset warning"],
    ],
    ["$final_spam_destiny = D_BOUNCE; $sa_dsn_cutoff_level = undef;", ["spam-bounced warning"]],
    ["$redis_logging_key = 'a'; $redis_logging_queue_size_limit = undef;", ["redis-logging-off warning"]],
    ["$DO_SYSLOG = 1; $syslog_facility = 'LOG_MAIL';", ["syslog-facility error"]],
    ["$do_syslog = 1; $syslog_facility = '';", ["syslog-facility error"]],
    [KEY, ["dkim-nothing-originates warning"]],
    [`${KEY} $policy_bank{'A'} = { originating => 0 };`, ["dkim-nothing-originates warning"]],
    [`${KEY} $originating = 0;`, ["dkim-nothing-originates warning"]],
  ])("%s", (text, expected) => {
    expect(kinds(text)).toEqual(expected);
  });
});

describe("not said", () => {
  it.each([
    ["@mynetworks = ('$IPV4_NETWORK', '${NET}/8', '@NETWORK@', 'PH_NETWORK');"],
    ["@mynetworks = (`nets`, $ENV{NET}, '127.0.0.0/8');"],
    [`@mynetworks = (${"'10.0.0.1', ".repeat(21)} '10.');`],
    ["@inet_acl = qw(127.0.0.1 [::1] !10.0.0.1 0.0.0.0/0);"],
    ["@blacklist_sender_maps = (['bad@example.org'], { 'a@b.c' => 1 }, \\@blacklist_sender_acl);"],
    ["@local_domains_maps = (1); @spam_lovers_maps = ('.'); @virus_admin_maps = ('a@b.c');"],
    ["@local_domains_maps = split(' ', $ENV{DOMAINS});"],
    ["@blacklist_sender_maps = (read_hash('/x.map')); @whitelist_sender_maps = ('PH_FRIENDS');"],
    ["@local_domains_acl = qw(. .Example.com !a.example user@b.example .__DOMAIN__ .$DOMAIN);"],
    ["%local_domains = ('.example.com' => 1, 'root@' => 1, MYDOMAIN => 1);"],
    ["@whitelist_sender_maps = (new_RE(qr'^.*@example.com$'i));"],
    ["$allowed_added_header_fields{lc 'X-Spam-Report'} = 1;"],
    ["@virus_name_to_spam_score_maps = ({ 'Eicar-Test' => 1 });"],
    ["@mynetworks_maps = (\\@mynetworks);"],
    ["@mynetworks_maps = (['10.0.0.0/8']); @client_ipaddr_policy = map { ($_, 'MYNETS') } @mynetworks_maps;"],
    [`%banned_rules = (DEFAULT => undef); $banned_filename_re = ${EXE}; $QUARANTINEDIR = '/q';`],
    [
      `%banned_rules = (DEFAULT => \\$banned_filename_re); $banned_filename_re = ${EXE}; $QUARANTINEDIR = '/q';`,
    ],
    [`%banned_rules = (X => ${EXE}); @lookup_sql_dsn = (['DBI:Pg:a']); $QUARANTINEDIR = '/q';`],
    [`%banned_rules = (X => ${EXE}); @banned_filename_maps = (f()); $QUARANTINEDIR = '/q';`],
    [`%banned_rules = (X => ${EXE}, f()); $QUARANTINEDIR = '/q';`],
    [`%banned_rules = (X => ${EXE}); @banned_filename_maps = ({ '.' => [${EXE}] }); $QUARANTINEDIR = '/q';`],
    ["$final_spam_destiny = D_DISCARD; $QUARANTINEDIR = undef;"],
    ["$final_spam_destiny = D_DISCARD; $QUARANTINEDIR = `x`;"],
    ["$final_spam_destiny = D_DISCARD; $spam_quarantine_method = undef;"],
    ["$final_spam_destiny = D_DISCARD; $spam_quarantine_method = 'sql:';"],
    ["$final_spam_destiny = D_DISCARD; @spam_quarantine_to_maps = ('a@b.c');"],
    ["$final_spam_destiny = D_BOUNCE; $sa_dsn_cutoff_level = 20;"],
    ["$final_spam_destiny = D_BOUNCE; $sa_dsn_cutoff_level = $ENV{X};"],
    ["$final_spam_destiny = D_BOUNCE; @spam_dsn_cutoff_level_maps = (10);"],
    ["$final_virus_destiny = D_DISCARD; $final_banned_destiny = D_DISCARD;"],
    ["$redis_logging_key = ''; "],
    ["$redis_logging_key = 'a'; $redis_logging_queue_size_limit = $ENV{X};"],
    ["$do_syslog = 1; $syslog_facility = 'local7';"],
    ["$syslog_facility = 'male';"],
    [`${KEY} $policy_bank{'MYNETS'} = {};`],
    [`${KEY} $policy_bank{'A'} = { originating => 1 };`],
    [`${KEY} $policy_bank{'A'} = { ACTION => sub { 1 } };`],
    [`${KEY} $policy_bank{$ENV{X}} = { originating => 1 };`],
    [`${KEY} package Amavis::Custom; sub new { 1 }`],
    [`${KEY} include_config_files('/etc/amavis/more');`],
    ["dkim_key('example.com', 's', '/k.pem');"],
  ])("%s", (text) => {
    expect(kinds(text)).toEqual([]);
  });
});

test("an entry of Ubuntu's own file that matches nothing is left alone", () => {
  const text = "@whitelist_sender_acl = qw( .$mydomain );";
  const found = (path: string) =>
    evaluateAmavis([source(path, text)]).problems.filter(({ kind }) => kind === "lookup-entry-never").length;
  expect(found("/etc/amavis/conf.d/21-ubuntu_defaults")).toBe(0);
  expect(found("/etc/amavis/conf.d/50-user")).toBe(1);
});

test("whether a domain is named among the local ones", () => {
  const named = (text: string, ...domains: readonly string[]) =>
    domains.map((domain) => evaluate(text).namesAsLocal(domain));
  expect(
    named("@local_domains_acl = qw(.a.example b.example);", "a.example", "x.a.example", "b.example"),
  ).toEqual([true, true, true]);
  expect(
    named("@local_domains_acl = qw(.a.example b.example);", "x.b.example", "xa.example", "c.example"),
  ).toEqual([false, false, false]);
  expect(named("@local_domains_acl = qw(!c.example user@d.example);", "c.example", "d.example")).toEqual([
    true,
    true,
  ]);
  const hash = "%local_domains = ('.a.example' => 1, 'b.example' => 0);";
  expect(named(hash, "x.a.example", "b.example", "example", "c.example")).toEqual([true, true, false, false]);
  expect(named("@local_domains_maps = (1);", "c.example")).toEqual([true]);
  expect(named("@local_domains_maps = ({ '.' => 1 });", "c.example")).toEqual([true]);
  for (const unknown of [
    '$mydomain = `x`; @local_domains_acl = (".$mydomain");',
    "@local_domains_maps = (read_hash('/x'));",
    "@local_domains_maps = (new_RE(qr'x'));",
    "@lookup_sql_dsn = (['DBI:Pg:a']);",
    "$policy_bank{'A'} = { local_domains_maps => [1] };",
    "include_config_files('/x');",
  ])
    expect(named(unknown, "c.example")).toEqual([undefined]);
});
