/**
 * Settings of database tables that may stand in main.cf under names made of the table's name and a suffix:
 * `ldap:people` reads `people_search_base` (ldap_table(5) and its siblings, the form without a file).
 * Measured with postconf 3.7.11: every suffix that it takes for one of these types.
 */
const COMMON_SQL =
  "additional_conditions domain expansion_limit query result_format select_field table where_field";
const SUFFIXES: Readonly<Record<string, string>> = {
  ldap:
    "bind bind_dn bind_pw cache cache_expiry cache_size chase_referrals debuglevel dereference domain " +
    "expansion_limit leaf_result_attribute query_filter recursion_limit result_attribute result_filter " +
    "result_format sasl_authz_id sasl_mechs sasl_minssf sasl_realm scope search_base server_host server_port " +
    "size_limit special_result_attribute start_tls terminal_result_attribute timeout tls_ca_cert_dir " +
    "tls_ca_cert_file tls_cert tls_cipher_suite tls_key tls_random_file tls_require_cert version",
  mysql: `${COMMON_SQL} dbname hosts option_file option_group password require_result_set tls_verify_cert user`,
  pgsql: `${COMMON_SQL} dbname hosts password select_function user`,
  sqlite: `${COMMON_SQL} dbpath`,
  memcache:
    "backup data_size_limit domain flags key_format line_size_limit max_try memcache retry_pause timeout ttl",
};

/** The suffixes of a table type, without underscore; undefined for types that take no such settings. */
export function databaseSuffixes(type: string): readonly string[] | undefined {
  return Object.hasOwn(SUFFIXES, type) ? SUFFIXES[type]?.split(" ") : undefined;
}

/** Whether a text may name a table of such a type at all; a cheap test before any parsing. */
export function mayNameDatabase(text: string): boolean {
  return /ldap|mysql|pgsql|sqlite|memcache/.test(text);
}
