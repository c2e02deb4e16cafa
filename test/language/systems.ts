/** Mail systems for the tests of editor features: one as it should be, one that somebody is typing in. */

export const OFFICE = `-- main.cf --
# The mail host of an office.
compatibility_level = 3.6
mydomain = example.org
myhostname = mx.$mydomain
myorigin = $mydomain
mydestination = $myhostname, localhost
relay_domains =
virtual_alias_domains = example.net
virtual_alias_maps = hash:/etc/postfix/virtual, regexp:/etc/postfix/absent
transport_maps = hash:/etc/postfix/transport
mynetworks = 127.0.0.0/8 [::1]/128 192.168.7.0/24 !10.0.0.1
maps = /etc/postfix
smtpd_milters = inet:127.0.0.1:8891,
  # signs
  { inet:127.0.0.1:11332, connect_timeout = 5s, default_action = accept }
non_smtpd_milters = \${smtpd_milters?{$smtpd_milters}:{none}}
milter_default_action = tempfail
content_filter = smtp-amavis:[127.0.0.1]:10024
header_checks = pcre:$maps/header_checks
smtpd_restriction_classes = trusted_only
trusted_only = permit_mynetworks, reject
smtpd_client_restrictions = check_client_access cidr:/etc/postfix/clients
smtpd_relay_restrictions = permit_mynetworks,
  permit_sasl_authenticated,
  reject_unauth_destination
smtpd_recipient_restrictions =
  warn_if_reject reject_unknown_client_hostname,
  reject_rbl_client zen.example.org=127.0.0.2,
  check_policy_service inet:127.0.0.1:10023,
  check_recipient_access hash:/etc/postfix/lists,
  trusted_only
  permit,
  reject_unlisted_recipient
smtpd_sender_restrictions = hash:/etc/postfix/senders, check_sender_mx_access cidr:/etc/postfix/clients
smtpd_helo_restrictions = check_policy_service { unix:private/policy, timeout = 9s } \${stress?reject_unknown_helo_hostname}
smtpd_data_restrictions = check_client_access
smtpd_tls_security_level = may
smtp_tls_security_level = dane
smtpd_use_tls = yes
smtpd_sasl_path = private/auth
relayhost = [mail.example.com]:submission
smtp_fallback_relay = backup.example.com
default_transport = smtp
relay_destination_concurrency_limit = 5
policy_time_limit = 3600
queue_run_delay = 300s
inet_protocols = all
delay_warning_time = \${stress?{0h}:{4h}}
local_transport = lmtp:unix:private/dovecot-lmtp
bounce_service_name = bounce
smtp_tls_policy_maps = inline:{ { example.com = secure } }
smtpd_tls_mandatory_protocols = >=TLSv1.2
message_size_limit = 20000000
message_size_limit = 30000000
my_own = x
-- master.cf --
# service type private unpriv chroot wakeup maxproc command
smtp      inet  n  -  y  -  -  smtpd
submission inet n  -  y  -  -  smtpd
  -o syslog_name=postfix/submission
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o { smtpd_recipient_restrictions = permit_sasl_authenticated, reject }
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=
  -o receive_override_options=no_unknown_recipient_checks,no_milters
  -o mynetworks=127.0.0.0/8
  -o smtp_tls_security_level=none
  -o smtpd_helo_restrictions=$trusted_only
smtp-amavis unix - - - - 3 smtp
  -o smtp_send_xforward_command=yes
pickup    unix  n  -  y  60 1  pickup
cleanup   unix  n  -  y  -  0  cleanup
qmgr      unix  n  -  n  300 1 qmgr
tlsmgr    unix  -  -  y  1000? 1 tlsmgr
rewrite   unix  -  -  y  -  -  trivial-rewrite
bounce    unix  -  -  y  -  0  bounce
smtp      unix  -  -  y  -  -  smtp
relay     unix  -  -  y  -  -  smtp
lmtp      unix  -  -  y  -  -  lmtp
local     unix  -  n  n  -  -  local
policy    unix  -  n  n  -  0  spawn
  user=nobody argv=/usr/bin/policyd -f
maildrop  unix  -  n  n  -  -  pipe
  flags=DRhu user=vmail argv=/usr/bin/maildrop -d \${recipient} \${nexthop}
-- amavisd.conf --
use strict;
# $mydomain of a comment
$mydomain = 'example.org';
$max_servers = 3;
$inet_socket_port = [10024, 10026];
$interface_policy{'10026'} = 'ORIGINATING';
$policy_bank{'ORIGINATING'} = {
  originating => 1,
  final_spam_destiny => D_REJECT,
  forward_method => 'smtp:[127.0.0.1]:10025',
};
$policy_bank{'UNUSED'} = { log_level => 5 };
$forward_method = 'smtp:[127.0.0.1]:20025';
$forward_method = 'smtp:[127.0.0.1]:10025';
$notify_method = 'smtp:*:*';
$final_spam_destiny = D_PASS;
$sa_tag2_level_deflt = 6.2;
@bypass_spam_checks_maps = (1);
$banned_filename_re = new_RE( qr'\\.exe$'i );
read_hash(\\%whitelist_sender, '/etc/amavis/white');
$DO_SYSLOG = 1;
$unknown_thing = 1 if 0;
@mynetworks = qw( 127.0.0.0/8 [::1] );
$unix_socketname = '/var/lib/amavis/sock';
$interface_policy{'SOCK'} = 'AM.PDP-SOCK';
1;
-- virtual --
info@example.net  info@example.org
sales@example.net sales@example.org
-- transport --
lists.example.org  maildrop:lists
example.com        smtp:[mail.example.com]:2525
example.edu        nowhere:
-- clients --
192.0.2.1       REJECT no mail from you
198.51.100.0/24 FILTER smtp-amavis:[127.0.0.1]:10024
203.0.113.1     450 later
-- header_checks --
/^Subject: x/  HOLD
/^List-Id:/    FILTER smtp-amavis:[127.0.0.1]:10026
-- senders --
bad.example     554 go away
`;

export const TYPING = `-- main.cf --
conte
smtpd_banner
smtpd_recipient_restrictions = permit_mynet
content_filter = smtp-amavis:[127.0.0.1]:{{ port }}
myhostname = {{ inventory_hostname }}
mydestination = $myhostname, \${mydom
smtpd_relay_restrictions = reject_unauth_destination,
  check_policy_service { inet:127.0.0.1:10023, time
smtpd_milters = { inet:127.0.0.1:8891, conn
smtpd_client_restrictions = check_client_access 
-- master.cf --
{{ port }} inet n - n - - smtpd
smtp inet n
submission inet n - y - - smtpd
  -o smtpd_tls_sec
  -o 
  -o content_filter
-o mynetworks=127.0.0.0/8
maildrop unix - n n - - pipe
  fl
-- amavisd.conf --
$forward_method = 'smtp:[127.0.0.1]:100
$inet_socket_port = [10024,
$interface_policy{'10024'} = 'X
`;

/** Names of old, and some that the release does not have yet. */
export const OLD = `-- main.cf --
smtpd_forbid_bare_newline = yes
authorized_verp_clients = 127.0.0.1
smtpd_relay_restrictions = permit_mynetworks, permit_naked_ip_address, reject_unauth_destination
virtual_alias_maps = debug:hash:/etc/postfix/virtual
mail_version = 9
smtpd_client_restrictions = reject_rbl dnsbl.example.org
-- master.cf --
smtp inet n - - - - smtpd
smtp inet n - n - - smtpd
`;

export const TEMPLATE = `-- main.cf --
myhostname = mx.example.org
content_filter = smtp-amavis:[127.0.0.1]:{{ port }}
%{enabled}relayhost = [mail.example.com]
relay_domains = proxy:%{db}:/etc/postfix/domains.cf
-- master.cf --
%{enabled}  -o x=y
{{ port }} inet n - n - - smtpd
  -o content_filter={{ filter }}
{% if lists %}
lists unix - n n - - pipe
  user={{ user }} argv=/usr/bin/lists
{% endif %}
`;

/** Forms that somebody is filling in. */
export const FORMS = `-- main.cf --
smtpd_client_restrictions = check_client_access 
smtpd_helo_restrictions = permit, check_helo_access hash:/etc/p
smtpd_sender_restrictions = reject_rhsbl_sender dbl.example.org=127
smtpd_recipient_restrictions = permit_mynetworks,
  check_policy_service { inet:127.0.0.1:10023, time
smtpd_data_restrictions = check_policy_service 
smtpd_etrn_restrictions = sleep 
smtpd_end_of_data_restrictions = reject 
smtpd_milters = { inet:127.0.0.1:8891, default_action = 
non_smtpd_milters = { ine
content_filter = smtp-am
relayhost = [mail.example.org]:58
default_transport = smtp:[a
local_transport = lmtp:[::1]:2
virtual_alias_maps = unionmap:{ hash:/a, 
transport_maps = inline:{ a = b
my_name = check_client_access 
mydestination = \${x?{ hash
# check_client_access 
-- master.cf --
smtp 
submission inet n - y 
465 inet n - y - - smtpd
  -o smtpd_tls
  -o smtpd_tls_security_level=
  -o 
  -o { smtpd_client_restrictions = permit, check_client_access 
maildrop unix - n n - - pipe
  flags=DR
lists unix - n n - - pipe
  user=list 
policy unix - n n - 0 spawn 
  user=nobody argv=/usr/bin/policyd -
feed unix - - n - - lmtp
  fl
plain unix - - n - - smtp 
# smtp inet 
`;
