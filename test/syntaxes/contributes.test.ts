import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { contributes } from "./tokens.js";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** VS Code matches a pattern without a slash against the file name, others against the path. */
function languageOf(path: string): string | undefined {
  const name = path.replace(/^.*\//, "");
  const matches = (pattern: string) => glob(pattern).test(pattern.includes("/") ? path : name);
  return contributes.languages.find(
    (language) => language.filenames.includes(name) || language.filenamePatterns.some(matches),
  )?.id;
}

function glob(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^$()|[\]\\]/g, "\\$&")
    .replaceAll("**/", "(?:.*/)?")
    .replace(/(?<![)?.])\*/g, "[^/]*")
    .replaceAll("{", "(?:")
    .replaceAll("}", ")")
    .replaceAll(",", "|");
  return new RegExp(`^${source}$`);
}

it.each([
  ["/etc/postfix/main.cf", "postfix-main"],
  ["/etc/postfix/main.cf.proto", "postfix-main"],
  ["/roles/postfix/templates/main.cf.j2", "postfix-main"],
  ["/config/postfix-main.cf", "postfix-main"],
  ["/etc/postfix/master.cf", "postfix-master"],
  ["/t/master.cf.erb", "postfix-master"],
  ["/t/master.cf.in", "postfix-master"],
  ["/etc/postfix-out/master.cf.dist", "postfix-master"],
  ["/etc/amavisd.conf", "amavisd"],
  ["/t/amavisd.conf.erb", "amavisd"],
  ["/etc/amavis/conf.d/20-debian_defaults", "amavisd"],
  ["/roles/amavis/conf.d/50-user.j2", "amavisd"],
  ["/t/50-user", "amavisd"],
  ["/etc/postfix/domain.cf", undefined],
  ["/etc/postfix/ldap.cf", undefined],
  ["/etc/postfix/main.conf", undefined],
  ["/etc/dovecot/conf.d/10-master.conf", undefined],
  ["/etc/amavis/other/conf", undefined],
])("%s is %s", (path, language) => {
  expect(languageOf(path)).toBe(language);
});

it("names files that exist, one grammar for each language", () => {
  expect(contributes.grammars.map((grammar) => grammar.language)).toEqual(
    contributes.languages.map((language) => language.id),
  );
  for (const { path } of contributes.grammars) expect(existsSync(root + path), path).toBe(true);
  for (const { configuration } of contributes.languages) expect(existsSync(root + configuration)).toBe(true);
});

it.each([
  ["postfix", "x = permit, smtpd_recipient_restrictions", "smtpd_recipient_restrictions"],
  ["postfix", "smtp-amavis_destination_rate_delay = 1s", "smtp-amavis_destination_rate_delay"],
  ["postfix", "a = $mydomain.", "$mydomain"],
  ["amavisd", "$inet_socket_port = 10024;", "$inet_socket_port"],
  ["amavisd", "@local_domains_maps = (1);", "@local_domains_maps"],
])("the word pattern of %s keeps words whole in %s", (name, line, word) => {
  const file = `${root}syntaxes/${name}.language-configuration.json`;
  const { wordPattern } = JSON.parse(readFileSync(file, "utf8")) as { wordPattern: string };
  expect(line.match(new RegExp(wordPattern, "g"))).toContain(word);
});
