/** What the model has to say about a configuration: each kind of condition, and its near misses. */
import { describe, expect, it } from "vitest";
import { evaluate } from "./support.js";

const QUIET = new Set(["no-strict", "mydomain-default", "no-listeners"]);
const kinds = (...texts: readonly string[]) =>
  evaluate(...texts)
    .problems.map(({ kind }) => kind)
    .filter((kind) => !QUIET.has(kind));

const PORT = "$inet_socket_port = 10024;";
const BANK = "$inet_socket_port = [10024, 10026]; $interface_policy{'10026'} = 'A';";

describe("said", () => {
  it.each([
    ["$inet_socket_port = (10024, 10026);", ["list-to-scalar"]],
    ["$inet_socket_port = qw(10024 10026);", ["list-to-scalar"]],
    [`${PORT} if (1) { $virus_admin = ('a', 'b'); }`, ["list-to-scalar"]],
    ["@listen_sockets = [10024];", ["array-ref-to-array"]],
    [`${PORT} @inet_acl = ('127.0.0.1', ['10.0.0.1']);`, ["array-ref-to-array"]],
    ["@listen_sockets = (010024);", ["port-octal"]],
    ["$inet_socket_port = 010;", ["port-privileged", "port-octal"].sort()],
    [`${PORT} $db_home = '$MYHOME/db';`, ["dollar-in-single-quotes"]],
    [`${PORT} my $log_level = 5;`, ["my-shadows"]],
    [`${PORT} my ($log_level, $max_servers) = (5, 6);`, ["my-shadows", "my-shadows"]],
    [`${PORT} $sa_timeout = 30;`, ["retired-variable"]],
    ["$inet_socket_port = '25';", ["port-privileged"]],
    ["$inet_socket_port = [10024, 10024];", ["duplicate-listener"]],
    ["@listen_sockets = ('0.0.0.0:10024', '127.0.0.1:10024');", ["wildcard-and-specific"]],
    ["@listen_sockets = ('[::]:10024', '127.0.0.1:10024');", ["wildcard-and-specific"]],
    ["@listen_sockets = ('*:10024', '[::1]:10024');", ["wildcard-and-specific"]],
    ["@listen_sockets = ('0.0.0.0:10024', '[::]:10024');", ["wildcard-and-specific"]],
    [`${BANK}`, ["bank-undefined"]],
    [`${BANK} $policy_bank{'A'} = 1;`, ["bank-not-ref"]],
    [`${BANK} $policy_bank{'A'} = [1];`, ["bank-not-ref"]],
    [`${BANK} $policy_bank{'A'} = { originating => 1 }; $policy_bank{'B'} = {};`, ["bank-unused"]],
    [`${BANK} $policy_bank{'A'} = { max_servers => 1 };`, ["bank-unknown-key"]],
    [`${BANK} $policy_bank{'A'}{forward_metod} = 'x';`, ["bank-unknown-key"]],
    [`${BANK} %policy_bank = (A => {});`, ["bank-base-lost"]],
    [`${PORT} @client_ipaddr_policy = (['10/8'], 'MYNETS,NONE');`, ["bank-undefined"]],
    [`${PORT} $policy_bank{'A'} = {}; $interface_policy{'[::1]:10025'} = 'A';`, ["interface-port-unbound"]],
    [`${PORT} $policy_bank{'A'} = {}; $interface_policy{'[::A]:10024'} = 'A';`, ["interface-key-syntax"]],
    [`${PORT} $policy_bank{'A'} = {}; $interface_policy{'10024,10026'} = 'A';`, ["interface-key-syntax"]],
    [`${PORT} $protocol = 'smtp';`, ["protocol-value"]],
    [`${PORT} $protocol = 'COURIER';`, ["protocol-value"]],
    ["$unix_socketname = '/s';", ["protocol-missing-unix"]],
    [`$protocol = 'LMTP'; $unix_socketname = '/${"x".repeat(107)}';`, ["unix-path-too-long"]],
    [`${PORT} $forward_method = $notify_method = ['smtp:a:1', 'lmtp:b:2'];`, ["method-mixed-schemes"]],
    [`${PORT} $forward_method = 'smtp:[127.0.0.1]:10099';`, ["notify-stale"]],
    [`${PORT} $myhostname = 'mail';`, ["myhostname-not-fqdn"]],
    [`${PORT} $myhostname = 'mail.';`, ["myhostname-not-fqdn"]],
    [`${PORT} $max_requests = '20x';`, ["number-as-text"]],
    [`${PORT} $final_virus_destiny = 'D_PASS';`, ["number-as-text"]],
    [`${PORT} @bypass_spam_checks_maps = (1);`, ["checks-bypassed"]],
    [`${PORT} $enable_dkim_signing = 1;`, ["dkim-key-missing"]],
    [`${PORT} $virus_quarantine_method = 'local:virus-%m';`, ["quarantine-directory-unset"]],
    [`${PORT} $log_level = 1; $log_level = 2;`, ["overridden-later"]],
    [`${PORT} $sa_kill_level_deflt = 6; @spam_kill_level_maps = (5);`, ["legacy-variable"]],
  ])("%s", (text, expected) => {
    expect(kinds(text).sort()).toEqual([...expected].sort());
  });

  it("across files", () => {
    expect(kinds(`${PORT} $log_level = 1;`, "$log_level = 2;")).toEqual(["overridden-later"]);
  });
});

describe("not said", () => {
  it.each([
    ["$inet_socket_port = (10024);"],
    [`${PORT} my ($a1, $b1) = (1, 2); ($log_level, $max_servers) = (1, 2);`],
    [`${PORT} @local_domains_maps = ([".x"]); @inet_acl = (qw(127.0.0.1 [::1]));`],
    ["$inet_socket_port = '010024';"],
    ["$inet_socket_port = 0x2728;"],
    [`${PORT} $hdrfrom_notify_sender = '"F" <p@\${myhostname}>'; $virus_admin = 'a$b@c.d';`],
    [`${PORT} sub f { my ($log_level) = @_; $log_level }`],
    [`${PORT} { my $log_level = 3; $max_servers = $log_level; }`],
    [`${PORT} package Amavis::Custom; sub new { my ($class) = @_ } my $log_level = 1;`],
    ["@listen_sockets = ('0.0.0.0:10024', '[::1]:10024', '127.0.0.1:10026');"],
    ["@listen_sockets = ('127.0.0.1:10024', '127.0.0.2:10024');"],
    [`${BANK} $policy_bank{'A'} = { originating => 1, inet_acl => '127.0.0.1' };`],
    [`${BANK} %policy_bank = (%policy_bank, A => {});`],
    [`${BANK} $policy_bank{'A'} = { protocol => 'AM.PDP' }; $policy_bank{'R'} = { protocol => 'AM.PDP' };`],
    [`${PORT} $policy_bank{'MYUSERS'} = {}; $policy_bank{'VIRUS'} = {};`],
    [`${PORT} $policy_bank{'A'} = {}; $interface_policy{$ENV{P}} = 'A';`],
    [`$inet_socket_port = \`x\`; $policy_bank{'A'} = {}; $interface_policy{'10026'} = 'A';`],
    [`${PORT} $protocol = $ENV{PROTOCOL};`],
    ["$protocol = 'LMTP'; $unix_socketname = '/run/a';"],
    [`${PORT} $forward_method = 'smtp:[127.0.0.1]:10099'; $notify_method = $forward_method;`],
    [`${PORT} $forward_method = 'smtp:[127.0.0.1]:10025';`],
    [`${PORT} $forward_method = 'smtp:*:*'; $myhostname = 'LOCALNAME';`],
    [`${PORT} $myhostname = \`hostname\`; $max_servers = \`nproc\`;`],
    [
      `${PORT} $max_requests = ' 20 '; $child_timeout = 8*60; $max_servers = '5.0'; $sa_kill_level_deflt = '1e2';`,
    ],
    [`${PORT} @bypass_spam_checks_maps = (\\%bypass_spam_checks); @bypass_virus_checks_maps = (0);`],
    [`${PORT} $QUARANTINEDIR = '/q'; $virus_quarantine_method = 'local:virus-%m';`],
    [`${PORT} $virus_quarantine_method = 'smtp:[127.0.0.1]:10025';`],
    [`${PORT} $log_level = 1; $max_servers = $log_level; $log_level = 2;`],
    [`${PORT} $log_level = 1; $log_level += 2;`],
    [`${PORT} $log_level = 1; $log_level = 2 if $ENV{X};`],
    [`${PORT} @mynetworks = ('10/8'); push @mynetworks, '11/8';`],
    [`${PORT} @mynetworks = ('10/8'); @mynetworks = (@mynetworks, '11/8');`],
    [`${PORT} $sa_kill_level_deflt = 6; @spam_kill_level_maps = (\\$sa_kill_level_deflt);`],
  ])("%s", (text) => {
    expect(kinds(text)).toEqual([]);
  });
});
