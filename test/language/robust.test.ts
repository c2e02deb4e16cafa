/** Hover and signature help answer or are silent at every place of any text; they never fail. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Analysis, analyse } from "../../server/src/analysis.js";
import { hover } from "../../server/src/language/hover/hover.js";
import { signatureHelp } from "../../server/src/language/signature/signature.js";
import { archiveSource, readArchive } from "../helpers/archive.js";
import { OFFICE, OLD, TEMPLATE, TYPING } from "./systems.js";

const BROKEN = `-- main.cf --
 = x
=
a b = $(
smtpd_recipient_restrictions = {{{ }, check_policy_service { , check_client_access inline:{
virtual_alias_maps = unionmap:{ static:{, proxy:proxy:proxy:hash:/x, :, hash:
smtpd_milters = {,}{ inet: } unix: inet:[::1]:x
content_filter = ::[]:99999999
relayhost = [
mynetworks = 1.2.3.4/99 [::/0 !
x = \${{$x} == {1}?{$x}:{}}
y = $y
compatibility_level = abc
-- master.cf --
-o x=y
[::1]:99999 inet n - n - - smtpd -o -o=-o
: inet n - n - - smtpd
smtp inet
 pass unix
x unix - n n - - pipe flags=?! user= argv={
x unix - n n - - spawn -o { { user=
-- amavisd.conf --
$policy_bank{'A'} = { { => 1, forward_method => 'smtp:[
@x = (1, [2, {3
$inet_socket_port = "$x
`;
const example = (name: string) =>
  ["main.cf", "master.cf", "amavisd.conf"]
    .map(
      (file) =>
        `-- ${file} --\n${readFileSync(join(import.meta.dirname, "../../examples", name, file), "utf8")}`,
    )
    .join("");
const SYSTEMS: Readonly<Record<string, string>> = {
  OFFICE,
  TYPING,
  OLD,
  TEMPLATE,
  BROKEN,
  good: example("good"),
  "broken lines": example("broken-lines"),
};

function systemOf(files: ReadonlyMap<string, string>, template = false): Analysis {
  const plain = archiveSource(files);
  const filled = <T extends object>(file: T | undefined) => file && { ...file, template };
  return analyse({
    ...plain,
    main: filled(plain.main),
    master: filled(plain.master),
    amavis: plain.amavis.map((file) => ({ ...file, template })),
  });
}

function ask(analysis: Analysis, file: string, offset: number, length: number): void {
  const found = hover(analysis, `/mail/${file}`, offset);
  if (found) {
    expect(found.contents.trim()).not.toBe("");
    expect(found.range.start).toBeGreaterThanOrEqual(0);
    expect(found.range.end).toBeGreaterThanOrEqual(found.range.start);
    expect(found.range.end).toBeLessThanOrEqual(length);
  }
  const signature = signatureHelp(analysis, `/mail/${file}`, offset);
  if (signature) {
    expect(signature.active).toBeLessThan(signature.parameters.length);
    for (const { label } of signature.parameters) expect(signature.label).toContain(label);
  }
}

describe.each(Object.entries(SYSTEMS))("%s", (_name, system) => {
  test.each([false, true])("at every offset, template: %s", (template) => {
    const { files } = readArchive(system);
    const analysis = systemOf(files, template);
    for (const [file, text] of files)
      for (let offset = 0; offset <= text.length; offset++) ask(analysis, file, offset, text.length);
  });

  test("at the end of a prefix, as when it is typed", () => {
    const { files } = readArchive(system);
    fc.assert(
      fc.property(fc.constantFrom(...files.keys()), fc.nat(), fc.nat({ max: 12 }), (file, at, back) => {
        const text = files.get(file) ?? "";
        const prefix = text.slice(0, at % (text.length + 1));
        const analysis = systemOf(new Map([...files, [file, prefix]]));
        ask(analysis, file, Math.max(0, prefix.length - back), prefix.length);
      }),
      { numRuns: 60 },
    );
  });
});

test("files that are not of the system have no answer", () => {
  const analysis = systemOf(readArchive(OFFICE).files);
  expect(hover(analysis, "/mail/other", 3)).toBeUndefined();
  expect(signatureHelp(analysis, "/mail/amavisd.conf", 3)).toBeUndefined();
  expect(hover(analysis, "/mail/main.cf", -1)).toBeUndefined();
  expect(hover(analysis, "/mail/main.cf", 1e9)).toBeUndefined();
});
