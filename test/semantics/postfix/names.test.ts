/** Names as `postconf -n` of Postfix 3.7.11 judges them; each case was run. */
import { describe, expect, test } from "vitest";
import { buildSystem } from "../../../server/src/system/system.js";
import { archiveSource } from "../../helpers/archive.js";

const SMTPD = "smtp inet n - n - - smtpd";

function names(main: string, master = `${SMTPD}\n`) {
  const source = archiveSource(
    new Map([
      ["main.cf", main],
      ["master.cf", master],
    ]),
  );
  const { names } = buildSystem(source, { postfixVersion: "3.7.11" });
  return {
    unused: names.unused.map(({ name, service }) => (service ? `${service.name}: ${name}` : name)),
    undefined: names.undefined.map(({ name, service }) => (service ? `${service.name}: ${name}` : name)),
    readOnly: names.readOnly.map(({ name }) => name),
  };
}

describe("unused", () => {
  test.each([
    ["a name of Postfix", "myhostname = a\n", []],
    ["a name of nobody's", "foo = a\n", ["foo"]],
    ["names are case-sensitive", "Mynetworks = a\n", ["Mynetworks"]],
    ["a name that another value uses", "foo = a\nmyhostname = $foo\n", []],
    ["a use by a name that is itself unused", "foo = a\nbar = $foo\n", ["bar"]],
    ["a use in the branch that is not taken", "foo = a\nmyhostname = ${x?{$foo}:{b}}\n", []],
    ["a use behind a fault in the value", "foo = a\nbar = ${-}$foo\n", ["foo", "bar"]],
    ["a RAW value does not use names", "foo = a\nforward_path = $foo\n", ["foo"]],
    ["restriction classes", "smtpd_restriction_classes = c1, c2\nc1 = permit\nc2 = reject\nc3 = x\n", ["c3"]],
    [
      "old names that are still read",
      "virtual_maps = a\nfallback_relay = b\nextract_recipient_limit = 1\n",
      ["extract_recipient_limit"],
    ],
    ["names that RAW defaults mention", "home = a\nrbl_code = b\n", ["home", "rbl_code"]],
    ["removed in 3.11, there in 3.7", "tls_legacy_public_key_fingerprints = no\n", []],
    [
      "a table without a file",
      "virtual_alias_maps = proxy:mysql:m, ldap:l\nm_hosts = a\nl_hosts = b\nl_bind = c\n",
      ["l_hosts"],
    ],
    [
      "inline braces",
      "virtual_alias_maps = {ldap:a}, pipemap:{ldap:b, {ldap:c}}\na_bind = 1\nb_bind = 2\nc_bind = 3\n",
      [],
    ],
    ["a table that only a user's name mentions", "foo = ldap:a\na_bind = 1\nmyhostname = x $foo\n", []],
    ["a table with a file", "virtual_alias_maps = ldap:/a/b\n", []],
  ])("%s", (_what, main, expected) => expect(names(main).unused).toEqual(expected));

  test("service and suffix: by the program of the entry", () => {
    const main = ["a", "b", "smtp", "none"]
      .flatMap((service) =>
        ["time_limit", "destination_rate_delay"].map((suffix) => `${service}_${suffix} = 1\n`),
      )
      .join("");
    const master = `${SMTPD}\na unix - n n - - pipe\nb unix - n n - - spawn\nsmtp unix - - n - - smtp\n`;
    expect(names(main, master).unused).toEqual([
      "b_destination_rate_delay",
      "smtp_time_limit",
      "none_time_limit",
      "none_destination_rate_delay",
    ]);
  });

  test("the scopes of services", () => {
    const master = [
      `${SMTPD} -o own=1 -o used=$own -o main_used=2 -o lonely=3 -o table_bind=1`,
      "25 inet n - n - - smtpd -o own=4 -o smtpd_restriction_classes=cl -o cl=permit -o other_bind=1",
      "26 inet n - n - - smtpd -o virtual_alias_maps=ldap:other -o other_bind=1 -o other_hosts=1",
    ].join("\n");
    const main = "virtual_alias_maps = ldap:table\nmyhostname = $main_used\nonly_here = 1\n";
    expect(names(main, `${master} -o x=$only_here\n`).unused).toEqual([
      "smtp: used",
      "smtp: lonely",
      "25: own",
      "25: other_bind",
      "26: other_hosts",
      "26: x",
    ]);
  });

  test("entries of one name and type share their names", () => {
    const master = `${SMTPD} -o a=1\n${SMTPD} -o smtpd_banner=$a\n`;
    expect(names("", master).unused).toEqual([]);
  });
});

describe("undefined", () => {
  test.each([
    ["nothing defines it", "myhostname = $foo.b\n", ["foo"]],
    ["a default defines it", "smtpd_banner = $myhostname $mail_version\n", []],
    ["old names have the empty default", "myhostname = a$virtual_maps\n", []],
    ["all branches count", "myhostname = ${a?{$b}:{$c}}${{$d} == {x}?{y}:{$e}}\n", ["a", "b", "c", "d", "e"]],
    ["a name of nothing", "myhostname = ${ }\n", [""]],
    ["a class without a list", "smtpd_restriction_classes = a\n", ["a"]],
    [
      "a service that is not there",
      "myhostname = $none_destination_rate_delay\n",
      ["none_destination_rate_delay"],
    ],
  ])("%s", (_what, main, expected) => expect(names(main).undefined).toEqual(expected));

  test("what another service sets is not there", () => {
    const master = `${SMTPD} -o smtpd_banner=$a$b\n25 inet n - n - - smtpd -o a=1 -o smtpd_banner=$process_name$a\n`;
    expect(names("b = 1\n", master).undefined).toEqual(["smtp: a"]);
    expect(names("b = $a\n", master).undefined).toEqual(["smtp: a"]);
  });

  test("the place is that of the name", () => {
    const main = "myhostname =\n  a$x\n  ${nosuch?b}\n";
    const source = archiveSource(
      new Map([
        ["main.cf", main],
        ["master.cf", `${SMTPD}\n`],
      ]),
    );
    const { names: found } = buildSystem(source, { postfixVersion: "3.7.11" });
    const texts = found.undefined.map(({ location: { range }, value, start, end }) => [
      main.slice(range.start, range.end),
      value.slice(start, end),
    ]);
    expect(texts).toEqual([
      ["x", "x"],
      ["nosuch", "nosuch"],
    ]);
  });
});

test("assignments that are ignored", () => {
  const found = names("process_name = a\nmyhostname = $process_name\n", `${SMTPD} -o service_name=x\n`);
  expect(found).toEqual({ unused: [], undefined: [], readOnly: ["process_name", "service_name"] });
});
