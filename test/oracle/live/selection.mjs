/** The shared scenarios that run by default: every family, cheap ones first choice. */
export const SELECTION = `
a-single-10025 b-single-20025 c1-series-dumb c2-series-banks c3-series-bank-missing-20025
c4-series-bank-without-forward d1-missing-20025 d3-reinjection-other-address d4-reinjection-localhost-name
d6-forward-localhost-v6only e1-no-content-filter-override e3-filter-only-on-25 e4-header-checks-FILTER
e5-access-FILTER e7-proxy-filter e10-access-FILTER-sender f02-ip-and-localhost f08-wild-and-v6
f16-interface-elsewhere f21-port-70025 f35-reload-foreign-ip f18-unknown-service-name g2-postfix-first
g4-amavis-any-vs-postfix-ip g5-amavis-any i1-mappings-on-both i4-mappings-nowhere j2-mynetworks-without-loopback
j5-all-interfaces-guarded j9-open-relay-mynetworks k7-reinjection-maxproc-5 l2-duplicate-inet-first-bad
m1-duplicate-unix n09-list-with-space n16-quotes n22-reload-bad-master n23-reload-reinjection-removed
o2-chroot-name o4-chroot-port-name o6-chroot-dash-compat0 p01-bare-ip-port p05-no-port p14-localhost-brackets-dns
p18-feeds-reinjection q1-star-star q8-no-port r1-inet-acl r2-amavis-syntax-error s1-split-same-address
s2-wildcard-and-specific
`
  .split(/\s+/)
  .filter(Boolean);
