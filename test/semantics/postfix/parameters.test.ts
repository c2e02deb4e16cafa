/** The value of a parameter in one service: default < main.cf < `-o`, also through `$names` that only an option sets. */
import { expect, test } from "vitest";
import { analyse } from "../../../server/src/analysis.js";
import { archiveSource, readArchive } from "../../helpers/archive.js";

const { files } = readArchive(`-- main.cf --
content_filter = $where
smtpd_client_restrictions = $mua
-- master.cf --
smtp inet n - n - - smtpd
submission inet n - n - - smtpd
  -o where=scan:[127.0.0.1]:10030
  -o mua=permit_sasl_authenticated,reject
smtps inet n - n - - smtpd
  -o content_filter=
  -o content_filter=other
`);
const { system } = analyse(archiveSource(files));
const value = (service: string, name: string) =>
  system.services.find((candidate) => candidate.name === service)?.environment.value(name);

test.each([
  ["smtp", "content_filter", "", "main"],
  ["submission", "content_filter", "scan:[127.0.0.1]:10030", "main"],
  ["submission", "smtpd_client_restrictions", "permit_sasl_authenticated,reject", "main"],
  ["smtps", "content_filter", "other", "option"],
  ["smtps", "inet_protocols", "all", "default"],
])("%s: %s", (service, name, text, source) => {
  expect([value(service, name)?.text, value(service, name)?.definition?.source]).toEqual([text, source]);
});

test("the chain names what took part", () => {
  const chain = value("submission", "content_filter")?.chain.map((definition) => [
    definition.name,
    definition.source,
  ]);
  expect(chain).toEqual([["where", "option"]]);
});
