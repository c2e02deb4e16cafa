/** A mail system for tests of completion, and what an editor would show at a cursor marked `|` in it. */
import { type Analysis, analyse } from "../../server/src/analysis.js";
import { complete, type Item } from "../../server/src/language/completion/completion.js";
import { archiveSource, readArchive } from "../helpers/archive.js";

export const MAIN = `compatibility_level = 3.6
myhostname = mx.example.org
mydomain = example.org
mydestination = $myhostname, localhost
relay_domains = example.net
mynetworks = 127.0.0.0/8 192.0.2.0/24
# the filter
content_filter = smtp-amavis:[127.0.0.1]:10024
transport_maps = hash:/etc/postfix/transport
smtpd_milters = inet:127.0.0.1:8891
smtpd_relay_restrictions =
    permit_mynetworks,
    # users
    permit_sasl_authenticated,
    reject_unauth_destination
smtpd_restriction_classes = greylist
greylist = check_policy_service inet:127.0.0.1:10023
`;

export const MASTER = `smtp      inet  n       -       y       -       -       smtpd
pickup    unix  n       -       y       60      1       pickup
cleanup   unix  n       -       y       -       0       cleanup
qmgr      unix  n       -       n       300     1       qmgr
rewrite   unix  -       -       y       -       -       trivial-rewrite
bounce    unix  -       -       y       -       0       bounce
defer     unix  -       -       y       -       0       bounce
trace     unix  -       -       y       -       0       bounce
proxymap  unix  -       -       n       -       -       proxymap
smtp      unix  -       -       y       -       -       smtp
relay     unix  -       -       y       -       -       smtp
showq     unix  n       -       y       -       -       showq
error     unix  -       -       y       -       -       error
retry     unix  -       -       y       -       -       error
local     unix  -       n       n       -       -       local
lmtp      unix  -       -       y       -       -       lmtp
smtp-amavis unix -      -       n       -       4       smtp
  -o smtp_data_done_timeout=1200
  -o max_use=20
127.0.0.1:10025 inet n  -       n       -       -       smtpd
  -o content_filter=
  -o mynetworks=127.0.0.0/8
  -o receive_override_options=no_header_body_checks,no_unknown_recipient_checks
`;

export const AMAVIS = `use strict;
$max_servers = 4;
$mydomain = 'example.org';
$inet_socket_port = [10024, 10026];
$inet_socket_bind = '127.0.0.1';
$interface_policy{'10026'} = 'ORIGINATING';
$policy_bank{'ORIGINATING'} = {
  originating => 1,
  forward_method => 'smtp:[127.0.0.1]:10025',
};
$forward_method = 'smtp:[127.0.0.1]:10025';
$notify_method = $forward_method;
$final_spam_destiny = D_PASS;
1;
`;

export interface Shown {
  /** Labels in the order in which an editor shows them, after it has compared them with what was typed. */
  readonly labels: readonly string[];
  readonly items: readonly Item[];
  readonly analysis: Analysis;
  readonly text: string;
  readonly file: string;
  readonly offset: number;
  readonly range: { readonly start: number; readonly end: number } | undefined;
  readonly incomplete: boolean;
}

/** @param files texts in place of the usual ones; the one with a `|` is completed there. An empty text leaves a file out. */
export function completeIn(files: Readonly<Record<string, string>>, trigger?: string): Shown {
  const all = new Map([
    ["main.cf", MAIN],
    ["master.cf", MASTER],
    ["amavisd.conf", AMAVIS],
    ["transport", "example.net smtp:\n"],
  ]);
  let at: { file: string; offset: number } | undefined;
  for (const [name, text] of Object.entries(files)) {
    const offset = text.indexOf("|");
    if (offset >= 0) at = { file: name, offset };
    const plain = offset < 0 ? text : text.slice(0, offset) + text.slice(offset + 1);
    if (plain === "" && offset < 0) all.delete(name);
    else all.set(name, plain);
  }
  if (!at) throw new Error("no cursor");
  const analysis = analyse(archiveSource(all));
  const found = complete(analysis, `/mail/${at.file}`, at.offset, {
    trigger,
    files: () => [
      "/etc/postfix/transport",
      "/etc/postfix/virtual",
      "/etc/postfix/mysql-virtual.cf",
      "/etc/postfix/virtual.db",
      "/etc/postfix/main.cf",
    ],
  });
  const text = all.get(at.file) ?? "";
  const typed = found ? text.slice(found.range.start, at.offset).toLowerCase() : "";
  const items = (found?.items ?? []).filter((item) =>
    matches(typed, (item.filter ?? item.label).toLowerCase()),
  );
  return {
    labels: items.map(({ label }) => label),
    items,
    analysis,
    text,
    ...at,
    range: found?.range,
    incomplete: found?.incomplete ?? false,
  };
}

/** Editors keep what has the typed letters in their order. */
function matches(typed: string, text: string): boolean {
  let at = 0;
  for (const letter of typed) {
    at = text.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

/** The usual text of a file with lines at its end. */
export const withLines = (text: string, lines: string) => `${text}${lines}`;

export { readArchive };
