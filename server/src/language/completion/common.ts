/**
 * What people come for, by our own judgement: lists that decide the order of what is offered and nothing else.
 */

const words = (text: string): readonly string[] => text.split(" ");

/** Places of names in a list, by which they are ordered. */
export const placesOf = (names: readonly string[]): ReadonlyMap<string, number> =>
  new Map(names.map((name, index) => [name, index]));

/** Parameters that most installations set, beside those that have a long text; what decides most comes first. */
export const COMMON_PARAMETERS: ReadonlyMap<string, number> = placesOf(
  words(
    "myhostname mydomain myorigin mydestination mynetworks relayhost inet_interfaces inet_protocols content_filter " +
      "smtpd_relay_restrictions smtpd_recipient_restrictions smtpd_client_restrictions smtpd_sender_restrictions " +
      "smtpd_helo_restrictions smtpd_tls_security_level smtpd_tls_cert_file smtpd_tls_key_file " +
      "smtpd_tls_chain_files smtp_tls_security_level smtpd_sasl_auth_enable smtpd_sasl_type smtpd_sasl_path " +
      "smtp_sasl_auth_enable smtp_sasl_password_maps smtp_sasl_security_options virtual_mailbox_domains " +
      "virtual_mailbox_maps virtual_alias_maps virtual_alias_domains virtual_transport transport_maps " +
      "relay_domains relay_recipient_maps alias_maps alias_database local_recipient_maps smtpd_milters " +
      "non_smtpd_milters milter_default_action milter_protocol message_size_limit mailbox_size_limit " +
      "header_checks body_checks smtpd_banner compatibility_level recipient_delimiter home_mailbox " +
      "mailbox_transport mailbox_command receive_override_options smtpd_tls_auth_only smtpd_tls_loglevel " +
      "smtp_tls_loglevel smtp_tls_CAfile smtpd_data_restrictions smtpd_helo_required smtpd_sender_login_maps " +
      "smtpd_restriction_classes postscreen_access_list postscreen_dnsbl_sites maillog_file biff " +
      "append_dot_mydomain disable_vrfy_command maximal_queue_lifetime bounce_queue_lifetime " +
      "default_process_limit smtpd_forbid_bare_newline smtputf8_enable smtpd_delay_reject " +
      "smtpd_tls_session_cache_database smtp_tls_session_cache_database virtual_uid_maps virtual_gid_maps " +
      "virtual_mailbox_base",
  ),
);

/** Settings of one transport or pipe, by suffix. */
export const COMMON_SUFFIXES: ReadonlyMap<string, number> = placesOf(
  words(
    "_destination_concurrency_limit _destination_recipient_limit _time_limit _destination_rate_delay " +
      "_initial_destination_concurrency",
  ),
);

/** What a service of some kind is given by `-o`, most useful first. */
export const OPTIONS_BY_USE = {
  entry: words(
    "syslog_name content_filter smtpd_proxy_filter smtpd_tls_security_level smtpd_sasl_auth_enable " +
      "smtpd_client_restrictions smtpd_helo_restrictions smtpd_sender_restrictions smtpd_relay_restrictions " +
      "smtpd_recipient_restrictions smtpd_milters receive_override_options cleanup_service_name " +
      "smtpd_upstream_proxy_protocol smtpd_client_connection_count_limit message_size_limit",
  ),
  submission: words(
    "syslog_name smtpd_tls_security_level smtpd_tls_wrappermode smtpd_sasl_auth_enable smtpd_tls_auth_only " +
      "smtpd_client_restrictions smtpd_helo_restrictions smtpd_sender_restrictions smtpd_relay_restrictions " +
      "smtpd_recipient_restrictions content_filter milter_macro_daemon_name smtpd_reject_unlisted_recipient " +
      "local_header_rewrite_clients smtpd_milters cleanup_service_name smtpd_sasl_type smtpd_sasl_path " +
      "smtpd_sender_login_maps receive_override_options",
  ),
  reinjection: words(
    "content_filter receive_override_options mynetworks smtpd_client_restrictions smtpd_helo_restrictions " +
      "smtpd_sender_restrictions smtpd_relay_restrictions smtpd_recipient_restrictions " +
      "smtpd_data_restrictions smtpd_end_of_data_restrictions smtpd_restriction_classes smtpd_delay_reject " +
      "smtpd_authorized_xforward_hosts smtpd_proxy_filter smtpd_milters smtpd_tls_security_level " +
      "smtpd_error_sleep_time smtpd_soft_error_limit smtpd_hard_error_limit " +
      "smtpd_client_connection_count_limit smtpd_client_connection_rate_limit " +
      "local_header_rewrite_clients syslog_name",
  ),
  feed: words(
    "smtp_data_done_timeout smtp_send_xforward_command smtp_dns_support_level smtp_tls_security_level max_use " +
      "disable_dns_lookups smtp_generic_maps syslog_name",
  ),
  lmtpFeed: words(
    "lmtp_data_done_timeout lmtp_send_xforward_command lmtp_dns_support_level lmtp_tls_security_level max_use " +
      "syslog_name",
  ),
  smtp: words(
    "syslog_name smtp_bind_address smtp_bind_address6 smtp_helo_name smtp_tls_security_level " +
      "smtp_tls_wrappermode smtp_sasl_auth_enable smtp_sasl_password_maps smtp_fallback_relay inet_protocols " +
      "smtp_address_preference smtp_header_checks smtp_generic_maps smtp_connect_timeout max_use",
  ),
  lmtp: words(
    "syslog_name lmtp_destination_recipient_limit lmtp_tls_security_level lmtp_generic_maps max_use",
  ),
  cleanup: words(
    "syslog_name header_checks nested_header_checks mime_header_checks body_checks virtual_alias_maps " +
      "canonical_maps sender_canonical_maps always_bcc milter_macro_daemon_name non_smtpd_milters " +
      "always_add_missing_headers",
  ),
  postscreen: words(
    "syslog_name postscreen_dnsbl_sites postscreen_access_list postscreen_upstream_proxy_protocol " +
      "postscreen_greet_action smtpd_service_name soft_bounce",
  ),
  pickup: words("content_filter receive_override_options cleanup_service_name syslog_name"),
  other: words("syslog_name max_use"),
} as const;

/** Restrictions of each list in the order in which they are usually written. */
export const RESTRICTIONS_BY_USE: Readonly<Record<string, readonly string[]>> = {
  client: words(
    "permit_mynetworks permit_sasl_authenticated check_client_access reject_unknown_client_hostname " +
      "reject_unknown_reverse_client_hostname reject_rbl_client reject_unauth_pipelining check_policy_service " +
      "sleep permit reject",
  ),
  helo: words(
    "permit_mynetworks permit_sasl_authenticated check_helo_access reject_invalid_helo_hostname " +
      "reject_non_fqdn_helo_hostname reject_unknown_helo_hostname permit reject",
  ),
  sender: words(
    "permit_mynetworks reject_authenticated_sender_login_mismatch permit_sasl_authenticated check_sender_access " +
      "reject_non_fqdn_sender reject_unknown_sender_domain reject_sender_login_mismatch " +
      "reject_unlisted_sender reject_rhsbl_sender permit reject",
  ),
  relay: words(
    "permit_mynetworks permit_sasl_authenticated reject_unauth_destination defer_unauth_destination " +
      "permit_tls_clientcerts check_relay_domains check_recipient_access permit_auth_destination reject permit",
  ),
  recipient: words(
    "permit_mynetworks permit_sasl_authenticated reject_unauth_destination reject_non_fqdn_recipient " +
      "reject_unknown_recipient_domain reject_unlisted_recipient check_recipient_access check_policy_service " +
      "check_sender_access check_client_access check_helo_access reject_rbl_client reject_unverified_recipient " +
      "reject_rhsbl_sender permit reject",
  ),
  data: words(
    "reject_unauth_pipelining reject_multi_recipient_bounce check_policy_service permit_mynetworks permit",
  ),
  end_of_data: words("check_policy_service permit_mynetworks permit"),
  etrn: words("permit_mynetworks check_etrn_access reject permit"),
};

/** Variables of amavisd that most configurations set. */
export const COMMON_VARIABLES: ReadonlyMap<string, number> = placesOf(
  words(
    "$max_servers $mydomain $myhostname $daemon_user $daemon_group $MYHOME $TEMPBASE $QUARANTINEDIR $log_level " +
      "$do_syslog $syslog_facility $enable_db $enable_dkim_verification $enable_dkim_signing " +
      "@local_domains_maps @local_domains_acl @mynetworks $inet_socket_port $inet_socket_bind @inet_acl " +
      "$unix_socketname %interface_policy %policy_bank $forward_method $notify_method @listen_sockets " +
      "$sa_tag_level_deflt $sa_tag2_level_deflt $sa_kill_level_deflt $sa_dsn_cutoff_level " +
      "$sa_mail_body_size_limit $sa_local_tests_only $virus_admin $spam_admin $mailfrom_notify_admin " +
      "$final_virus_destiny $final_banned_destiny $final_spam_destiny $final_bad_header_destiny " +
      "@bypass_virus_checks_maps @bypass_spam_checks_maps @av_scanners @av_scanners_backup " +
      "$banned_filename_re $virus_quarantine_to $spam_quarantine_to $virus_quarantine_method " +
      "$spam_quarantine_method $sa_spam_subject_tag $defang_virus $defang_banned $originating",
  ),
);

/** Keys of a policy bank, most useful first. */
export const COMMON_BANK_KEYS = words(
  "originating forward_method notify_method protocol inet_acl final_virus_destiny final_spam_destiny " +
    "final_banned_destiny final_bad_header_destiny bypass_spam_checks_maps bypass_virus_checks_maps " +
    "bypass_banned_checks_maps bypass_header_checks_maps allow_disclaimers enable_dkim_signing " +
    "spam_kill_level_maps spam_tag2_level_maps virus_admin_maps spam_admin_maps banned_filename_maps " +
    "smtpd_discard_ehlo_keywords terminate_dsn_on_notify_success auth_required_release log_level",
);

/** Values that a parameter often has, with what they mean where no text says it. */
export const SUGGESTED_VALUES: Readonly<
  Record<string, readonly (readonly [value: string, note?: string])[]>
> = {
  alias_database: [["hash:/etc/aliases"]],
  alias_maps: [["hash:/etc/aliases"]],
  home_mailbox: [
    ["Maildir/", "one file a message"],
    ["Mailbox", "one file for all"],
  ],
  inet_interfaces: [["all"], ["loopback-only"], ["$myhostname"], ["localhost"]],
  local_header_rewrite_clients: [
    ["static:all"],
    ["permit_inet_interfaces"],
    ["permit_mynetworks"],
    ["permit_sasl_authenticated"],
  ],
  mailbox_command: [["/usr/lib/dovecot/deliver", "Dovecot's delivery program"], ["/usr/bin/procmail"]],
  mailbox_transport: [["lmtp:unix:private/dovecot-lmtp", "Dovecot"]],
  maillog_file: [["/var/log/postfix.log"], ["/dev/stdout", "in a container"]],
  milter_macro_daemon_name: [["ORIGINATING"]],
  mydestination: [["$myhostname"], ["localhost.$mydomain"], ["localhost"], ["$mydomain"]],
  mynetworks: [
    ["127.0.0.0/8", "this host"],
    ["[::1]/128", "this host"],
    ["[::ffff:127.0.0.0]/104", "this host"],
  ],
  myorigin: [["$mydomain"], ["$myhostname"], ["/etc/mailname", "Debian's file with the name"]],
  recipient_delimiter: [["+"], ["-"], ["+-"]],
  relay_domains: [["$mydestination"]],
  smtp_helo_name: [["$myhostname"]],
  smtp_tls_CAfile: [["/etc/ssl/certs/ca-certificates.crt"]],
  smtp_tls_CApath: [["/etc/ssl/certs"]],
  smtp_tls_session_cache_database: [["btree:${data_directory}/smtp_scache"]],
  smtpd_authorized_xforward_hosts: [
    ["127.0.0.0/8", "this host"],
    ["[::1]/128", "this host"],
  ],
  smtpd_banner: [["$myhostname ESMTP"], ["$myhostname ESMTP $mail_name"]],
  smtpd_sasl_local_domain: [["$myhostname"], ["$mydomain"]],
  smtpd_sasl_path: [
    ["private/auth", "Dovecot's socket below the queue directory"],
    ["smtpd", "Cyrus reads smtpd.conf"],
  ],
  smtpd_tls_cert_file: [
    ["/etc/letsencrypt/live/$myhostname/fullchain.pem", "certbot"],
    ["/etc/ssl/certs/ssl-cert-snakeoil.pem", "Debian's, signed by nobody"],
  ],
  smtpd_tls_chain_files: [
    ["/etc/letsencrypt/live/$myhostname/privkey.pem", "the key comes first"],
    ["/etc/letsencrypt/live/$myhostname/fullchain.pem", "behind its key"],
  ],
  smtpd_tls_key_file: [
    ["/etc/letsencrypt/live/$myhostname/privkey.pem", "certbot"],
    ["/etc/ssl/private/ssl-cert-snakeoil.key", "Debian's, signed by nobody"],
    ["$smtpd_tls_cert_file", "in one file with the certificate"],
  ],
  smtpd_tls_session_cache_database: [["btree:${data_directory}/smtpd_scache"]],
  virtual_transport: [["lmtp:unix:private/dovecot-lmtp", "Dovecot"]],
};

/** Parameters that other values often refer to. */
export const COMMON_MACROS = words(
  "myhostname mydomain mydestination mynetworks config_directory data_directory queue_directory daemon_directory " +
    "mail_name smtpd_milters virtual_alias_maps virtual_mailbox_maps relay_domains default_database_type " +
    "smtpd_tls_session_cache_database",
);

/** Lists of blocked addresses and domains that a domain is asked of. */
export const DNS_LISTS = {
  addresses: words("zen.spamhaus.org bl.spamcop.net b.barracudacentral.org"),
  domains: words("dbl.spamhaus.org"),
  allowed: words("list.dnswl.org"),
} as const;
