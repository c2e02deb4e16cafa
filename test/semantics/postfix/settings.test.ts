/** Where values count, where their parts were written, and which release they are read for. */
import { describe, expect, test } from "vitest";
import { analyse } from "../../../server/src/analysis.js";
import { describeProfile } from "../../../server/src/semantics/postfix/profile.js";
import { locateInSetting, type Setting } from "../../../server/src/semantics/postfix/settings.js";
import { archiveSource, readArchive } from "../../helpers/archive.js";

function systemOf(text: string, postfixVersion?: string) {
  const { files } = readArchive(text);
  const source = archiveSource(new Map([["main.cf", ""], ["master.cf", ""], ...files]));
  return { files, system: analyse(source, undefined, { postfixVersion }).system };
}

describe("settings", () => {
  const { files, system } = systemOf(`-- main.cf --
mynetworks = 10.0.0.0/8
mynetworks = $ours, 192.0.2.1/24
ours = 127.0.0.0/8
relayhost = \${ours?{[mx.example.net]}:{none}}
-- master.cf --
smtp inet n - n - - smtpd
  -o ours=10.1.0.0/16
  -o smtpd_banner=a
  -o smtpd_banner=b
smtp inet n - n - - smtpd
  -o ours=10.2.0.0/16
`);
  const show = (setting: Setting) =>
    `${setting.service ? "smtp" : "main"} ${setting.name}=${setting.value.text}`;

  test("the last assignment counts, in main.cf, in a service and among services", () => {
    expect(system.settings.map(show)).toEqual([
      "main mynetworks=127.0.0.0/8, 192.0.2.1/24",
      "main ours=127.0.0.0/8",
      "main relayhost=[mx.example.net]",
      "smtp ours=10.2.0.0/16",
      "smtp mynetworks=10.2.0.0/16, 192.0.2.1/24",
      "smtp relayhost=[mx.example.net]",
    ]);
  });

  test.each([
    ["main mynetworks", "192.0.2.1/24", "192.0.2.1/24"],
    ["main mynetworks", "127.0.0.0/8", "127.0.0.0/8"],
    ["smtp mynetworks", "10.2.0.0/16", "10.2.0.0/16"],
    ["main mynetworks", "8, 192", "$ours, 192.0.2.1/24"],
    ["main relayhost", "mx.example", "mx.example"],
  ])("%s: %s stands at %s", (which, part, expected) => {
    const setting = system.settings.find((candidate) => show(candidate).startsWith(`${which}=`));
    if (!setting) throw new Error(`no ${which}`);
    const start = setting.value.text.indexOf(part);
    const { file, range } = locateInSetting(setting, start, start + part.length);
    const text = files.get(file.slice(file.lastIndexOf("/") + 1)) ?? "";
    expect(text.slice(range.start, range.end)).toBe(expected);
  });
});

test.each([
  ["", undefined, "Postfix 3.11, the newest known"],
  ["compatibility_level = 3.6", undefined, "Postfix 3.10, as compatibility_level 3.6 suggests"],
  ["compatibility_level = 2", undefined, "Postfix 3.5, as compatibility_level 2 suggests"],
  ["compatibility_level = 3.11", undefined, "Postfix 3.11, the newest known"],
  ["compatibility_level = 0", undefined, "Postfix 3.11, the newest known"],
  ["compatibility_level = x", undefined, "Postfix 3.11, the newest known"],
  ["compatibility_level = 3.6", "3.7", "Postfix 3.7"],
])("%s and --postfix-version %s: %s", (line, given, expected) => {
  const { system } = systemOf(`-- main.cf --\n${line}`, given);
  expect(describeProfile(system.profile)).toBe(expected);
});
