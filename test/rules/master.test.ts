/** Small master.cf files, one for each kind of value, with every error and warning that they deserve. */
import { describe, expect, test } from "vitest";
import { analyse } from "../../server/src/analysis.js";
import { archiveSource, readArchive } from "../helpers/archive.js";
import { positioned, positionedMark } from "../helpers/findings.js";

const cases: readonly (readonly [title: string, text: string])[] = [
  [
    "columns",
    `smtp inet n - n - - smtpd
flush unix n - n ? 0 flush
#                ^ error bad-field
flush2 unix n - n 1000? 0 flush
tlsmgr UNIX - - n 1000? 1 tlsmgr
#      ^^^^ error bad-field
26 inet {n} - n - - smtpd
#       ^^^ error bad-field`,
  ],
  [
    "an entry whose columns are wrong is not judged by its program as well",
    `local unix - - n x - local
#                ^ error bad-field`,
  ],
  [
    "option letters",
    `25 inet n - n - - smtpd -v -vv -D -m 5 -n name -i 10
26 inet n - n - - smtpd -m 5 -Q -o a
#                             ^ error master-option-unknown
#                               ^^^^ error option-syntax
27 inet n - n - - custom -Q
#                 ^^^^^^ warning unknown-command`,
  ],
  [
    "braces and dashes",
    `25 inet n - n - - smtpd -o { myhostname = a.example }x
#                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^ error option-syntax
26 inet n - n - - smtpd —o myhostname=a.example
#                       ^^^^^^^^^^^^^^^^^^^^^^^ error option-syntax
27 inet n - n - - smtpd -o { myhostname = a.example }`,
  ],
  [
    "an -o behind an attribute, and one that the command means",
    `a unix - - n - - smtp flags=R -o myhostname=a.example
#                             ^^^^^^^^^^^^^^^^^^^^^^^ error master-o-after-argument
b unix - n n - - pipe user=mail -o myhostname=a.example argv=/bin/cat
#                               ^^^^^^^^^^^^^^^^^^^^^^^ error master-o-after-argument
c unix - n n - - pipe user=mail argv=/bin/ssh -o BatchMode=yes
d unix - n n - - spawn user=mail argv=/bin/cat -omyhostname=a.example
#                                              ^^^^^^^^^^^^^^^^^^^^^^ warning master-o-after-argument
e unix - - n - - smtp { flags=R }
f unix - - n - - smtp name=value
#                     ^^^^^^^^^^ error option-syntax`,
  ],
  [
    "commands",
    `25 inet n - n - - Smtpd
#                 ^^^^^ error unknown-command
26 inet n - n - - submission
#                 ^^^^^^^^^^ error unknown-command
27 inet n - n - - own/daemon
28 inet n - n - - /usr/local/sbin/policyd
#                 ^^^^^^^^^^^^^^^^^^^^^^^ error unknown-command
29 inet n - n - - greylistd
#                 ^^^^^^^^^ warning unknown-command
qmgr unix n - n 300 1 nqmgr
30 inet n - n - - {{ daemon }}`,
  ],
  [
    "process limits",
    `a unix n - n - 0 cleanup
b unix n - n - 00 cleanup
c unix - - n - - bounce
#              ^ error master-maxproc-forced
d unix n - n 300 2 qmgr
#                ^ error master-maxproc-forced
e inet n - n - 0 smtpd
f unix - - n - 1 tlsproxy
#              ^ error master-maxproc-forced
g unix - - n - - proxymap`,
  ],
  [
    "rights, types and jails",
    `a unix - y n - - virtual
#        ^ error master-privilege
b unix - n y - - spawn user=mail argv=/bin/cat
#          ^ warning master-chroot-unfit
c fifo n - n 60 1 pickup
d inet n - n 60 1 pickup
# ^^^^ error master-type-mismatch
e unix-dgram - - n - - lmtp
# ^^^^^^^^^^ error master-type-mismatch
f unix - - y - - smtp`,
  ],
  [
    "paths that two services want",
    `aa unix - - n - - smtp
#^ error master-socket-overwrite
aa pass - - n - - smtpd
b unix n - n - - showq
b fifo - - n 60 1 pickup
2626 inet n - n - - smtpd`,
  ],
  [
    "pipe: users",
    `a unix - n n - - pipe user=postfix argv=/bin/cat
#                          ^^^^^^^ error master-pipe-args
b unix - n n - - pipe user=mail:postdrop argv=/bin/cat
#                          ^^^^^^^^^^^^^ error master-pipe-args
c unix - n n - - pipe user=mail:root argv=/bin/cat
#                          ^^^^^^^^^ error master-pipe-args
d unix - n n - - pipe user=65534 argv=/bin/cat
#                          ^^^^^ error master-pipe-args
e unix - n n - - pipe user= argv=/bin/cat
#                     ^^^^^ error master-pipe-args
f unix - n n - - pipe user=mail: argv=/bin/cat
g unix - n n - - pipe user="mail" argv=/bin/cat
#                          ^^^^^^ error master-pipe-args
h unix - n n - - pipe user=whoever:whichever argv=/bin/cat`,
  ],
  [
    "pipe: names that it fills in",
    `a unix - n n - - pipe user=mail argv=/bin/cat $sender \${sender} $(sender) x$sender@$domain $$HOME
b unix - n n - - pipe user=mail argv=/bin/cat \${sender?x} costs$ $1
#                                             ^^^^^^^^^^^ error master-pipe-args
#                                                              ^ error master-pipe-args
#                                                                ^^ error master-pipe-args
c unix - n n - - pipe user=mail argv=/bin/cat $USER $(domain)
d unix - n n - - spawn user=mail argv=/bin/cat $nothing`,
  ],
  [
    "pipe: quotes",
    `a unix - n n - - pipe user=mail argv=/bin/sh -c 'cat >/dev/null'
#                                               ^^^^ warning master-pipe-args
b unix - n n - - pipe user=mail argv=/bin/sh -c {cat >"x"} it's
c unix - n n - - pipe user=mail argv='/bin/cat'
#                                    ^^^^^^^^^^ error master-pipe-args`,
  ],
  [
    "spawn",
    `a unix - n n - - spawn user=root argv=/bin/cat
#                           ^^^^ error master-spawn-args
b unix - n n - - spawn argv=/bin/cat
#                ^^^^^ error master-spawn-args
c unix - n n - - spawn user=mail
#                ^^^^^ error master-spawn-args
d unix - n n - - spawn USER=mail argv=cat`,
  ],
  [
    "listen addresses",
    `foo..bar:25 inet n - n - - smtpd
#^^^^^^^^^^ error bad-listen-address
[::1%lo]:25 inet n - n - - smtpd
#^^^^^^^^^^ error bad-listen-address
2001:db8::25 inet n - n - - smtpd
#^^^^^^^^^^^ error bad-listen-address
0:26 inet n - n - - smtpd
#^^^ error bad-listen-address
foo-:27 inet n - n - - smtpd
#^^^^^^ error bad-listen-address`,
  ],
  [
    "listen addresses that are in order",
    `127.0.0.1:+2525 inet n - n - - smtpd
[IPv6:::1]:3027 inet n - n - - smtpd
127.255.0.7:3033 inet n - n - - smtpd
10.1.2.3:3034 inet n - n - - smtpd
224.0.0.1:3035 inet n - n - - smtpd`,
  ],
];

const OWN =
  /^(?:master-.*|option-syntax|bad-field|field-count|unknown-command|bad-listen-address|address-.*|unbracketed-ipv6)$/;

function findings(text: string, change: Parameters<typeof Object.assign>[1] = {}) {
  const { files, marks } = readArchive(text.startsWith("--") ? text : `-- master.cf --\n${text}`);
  const all = new Map([["main.cf", ""], ["master.cf", ""], ...files]);
  const source = { ...archiveSource(all), ...change };
  const found = analyse(source).findings.filter(({ code }) => OWN.test(code));
  return {
    found: found.map((finding) => positioned(finding, all)).sort(),
    marks: marks.map((mark) => positionedMark({ ...mark, code: mark.code ?? "" })).sort(),
  };
}

describe("master.cf", () => {
  test.each(cases)("%s", (_title, text) => {
    const { found, marks } = findings(text);
    expect(found).toEqual(marks);
  });
});

test("addresses of mailflow.json are all that the host has", () => {
  const text = `10.1.2.3:25 inet n - n - - smtpd
10.1.2.4:25 inet n - n - - smtpd
#^^^^^^^ error bad-listen-address
127.0.0.1:26 inet n - n - - smtpd`;
  const { found, marks } = findings(text, { addresses: ["10.1.2.3"] });
  expect(found).toEqual(marks);
});

test("a host name is in order where mailflow.json has it", () => {
  const { found } = findings("mail:25 inet n - n - - smtpd", { hosts: new Map([["mail", ["10.1.2.3"]]]) });
  expect(found).toEqual([]);
});

test.each([
  ["inet_protocols = ${protocols}", "127.0.0.1:25 inet n - n - - smtpd"],
  ["inet_protocols = all", "[::1]:25 inet n - n - - smtpd"],
  ["default_process_limit = {{ limit }}", "bounce unix - - n - - bounce"],
  ["compatibility_level = {{ level }}", "local unix - n - - - local"],
  ["mail_owner = mta", "a unix - n n - - pipe user=postfix argv=/bin/cat"],
])("unknown or fitting values cause nothing: %s", (main, master) => {
  const { found } = findings(`-- main.cf --\n${main}\n-- master.cf --\n${master}`);
  expect(found).toEqual([]);
});

test("without main.cf nothing is said that depends on it", () => {
  const { files } = readArchive(
    "-- master.cf --\nlocal unix - n - - - local\nbounce unix - - n - - bounce\na unix - n n - - pipe user=postfix argv=/bin/cat",
  );
  const found = analyse(archiveSource(files)).findings.filter(({ code }) => OWN.test(code));
  expect(found.map(({ message }) => message)).toEqual([]);
});

test("in a template, words that are filled in may bring what is missing", () => {
  const text =
    "a unix - n n - - pipe {{ attributes }}\nb unix - n n - - pipe flags={{ flags }} user={{ user }} argv={{ command }} ${recipient}\n";
  const source = archiveSource(
    new Map([
      ["main.cf", ""],
      ["master.cf", text],
    ]),
  );
  const template = { ...source, master: source.master && { ...source.master, template: true } };
  expect(analyse(template).findings.filter(({ code }) => OWN.test(code))).toEqual([]);
});
