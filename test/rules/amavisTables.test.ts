/** amavisd's tables beside Postfix: which domains count as local, and which mail is taken for our own. */
import { describe, expect, test } from "vitest";
import { analyse } from "../../server/src/analysis.js";
import { archiveSource, readArchive } from "../helpers/archive.js";
import { positioned, positionedMark } from "../helpers/findings.js";

const codes = new Set(["local-domain-missing", "dkim-nothing-originates", "originating-path"]);
const SIGNING =
  "$enable_dkim_signing = 1;\ndkim_key('example.com', 'mail', '/var/lib/dkim/example.com.pem');";
const MASTER = `-- master.cf --
smtp inet n - n - - smtpd
smtp-amavis unix - - n - 2 smtp
127.0.0.1:10025 inet n - n - - smtpd
  -o content_filter=`;
const system = (main: string, amavis: string, master = MASTER, name = "amavisd.conf") => `-- main.cf --
compatibility_level = 3.6
myhostname = mail.example.com
content_filter = smtp-amavis:[127.0.0.1]:10024
${main}
${master}
-- ${name} --
$inet_socket_port = 10024;
${amavis}`;

describe.each([
  [
    "several domains, said once, by class; those of aliases and the host's own names are left out",
    system(
      `mydomain = example.com
mydestination = $myhostname, localhost.$mydomain, localhost, $mydomain, shop.example.com
virtual_alias_domains = alias.example.net
virtual_mailbox_domains = EXAMPLE.org
relay_domains = example.net`,
      `@local_domains_acl = ('shop.example.com');
#                    ^^^^^^^^^^^^^^^^^^^^ warning local-domain-missing`,
    ),
  ],
  [
    "an address of the domain says that somebody thought of it",
    system("virtual_mailbox_domains = example.org", "@local_domains_acl = ('user@example.org');"),
  ],
  [
    "defaults, tables and unknown values are no domains",
    system(
      "virtual_mailbox_domains = hash:/etc/postfix/domains, $domains, @DOMAIN@",
      "@local_domains_acl = ('.a.example');",
    ),
  ],
  [
    "what amavisd takes for local is not known",
    system(
      "virtual_mailbox_domains = example.org",
      "@local_domains_maps = (read_hash('/etc/amavis/local'));",
    ),
  ],
  [
    "parts of a configuration: another file may name it",
    system(
      "virtual_mailbox_domains = example.org",
      "@local_domains_acl = ('.a.example');",
      MASTER,
      "50-user",
    ),
  ],
  [
    "nothing feeds amavisd",
    system("virtual_mailbox_domains = example.org", "@local_domains_acl = ('.a.example');").replace(
      /content_filter = .*/,
      "content_filter =",
    ),
  ],
  [
    "signing for nobody",
    system("", SIGNING.replace(" = 1;", " = 1;\n#                      ^ warning dkim-nothing-originates")),
  ],
  [
    "where users submit mail, their way is shown and nothing else",
    system("", SIGNING, `${MASTER}\nsubmission inet n - n - - smtpd`).replace(
      "10024\n",
      "10024\n#                            ^^^^^^^^^^^^^^^^^ warning originating-path\n",
    ),
  ],
])("%s", (_, text) => {
  test("is found where it is, and nothing else", () => {
    const archive = readArchive(text);
    const { findings } = analyse(archiveSource(archive.files));
    const found = findings.filter(({ code }) => codes.has(code));
    expect(found.map((finding) => positioned(finding, archive.files)).sort()).toEqual(
      archive.marks.map(positionedMark).sort(),
    );
  });
});
