import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { analyse } from "../../../server/src/analysis.js";
import { commandFaults, readCommand } from "../../../server/src/semantics/postfix/commands.js";
import { disabledBy } from "../../../server/src/semantics/postfix/disabled.js";
import { isValidListenHost } from "../../../server/src/semantics/postfix/endpoints.js";
import { archiveSource } from "../../helpers/archive.js";

const services = (master: string) =>
  analyse(
    archiveSource(
      new Map([
        ["main.cf", ""],
        ["master.cf", master],
      ]),
    ),
  ).system.services;

test("attributes, then a command with its words, at their places", () => {
  const text = "x unix - n n - - pipe flags=Rq { user=mail:mail } argv=/bin/sh -c { cat $sender }\n";
  const [service] = services(text);
  const command = service && readCommand(service);
  expect(command?.attributes.map(({ name, value }) => [name, value])).toEqual([
    ["flags", "Rq"],
    ["user", "mail:mail"],
  ]);
  expect(command?.argv?.map((word) => word.text)).toEqual(["/bin/sh", "-c", "cat $sender"]);
  for (const { text: word, range } of command?.argv ?? [])
    expect(text.slice(range.start, range.end)).toBe(word);
  for (const { value, valueRange } of command?.attributes ?? [])
    expect(text.slice(valueRange.start, valueRange.end)).toBe(value);
});

test("any arguments give faults inside the entry, in order", () => {
  const word = fc.oneof(
    fc.constantFrom(
      "flags=",
      "user=",
      "argv=",
      "$",
      "${",
      "}",
      "{",
      '"',
      "'",
      "-o",
      " ",
      "\n  ",
      "a=b",
      "sender",
      "$$",
      "size=9z",
    ),
    fc.string({ maxLength: 5 }),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 14 }), fc.constantFrom("pipe", "spawn"), (words, program) => {
      const text = `x unix - n n - - ${program} ${words.join("")}\n`;
      const [service] = services(text);
      if (!service) return;
      let last = -1;
      for (const { range } of commandFaults(service)) {
        expect(range.start).toBeGreaterThanOrEqual(last);
        expect(range.start).toBeGreaterThanOrEqual(service.entry.range.start);
        expect(range.end).toBeLessThanOrEqual(service.entry.range.end);
        expect(range.end).toBeGreaterThan(range.start);
        last = range.start;
      }
    }),
  );
});

describe("master_service_disable", () => {
  test.each([
    ["smtp/inet", "smtp/inet"],
    ["SMTP/inet", "SMTP/inet"],
    ["inet", "inet"],
    ["smtp", undefined],
    ["smtp/unix, submission/inet", undefined],
    ["!smtp/inet, inet", undefined],
    ["/etc/postfix/disabled, inet", undefined],
    ["hash:/etc/postfix/disabled, inet", undefined],
    ["submission/inet\tsmtp/inet", "smtp/inet"],
  ])("%s", (patterns, expected) => {
    const [service] = services("smtp inet n - n - - smtpd\n");
    expect(service && disabledBy(service, patterns)?.text).toBe(expected);
  });
});

describe("hosts that master takes", () => {
  test.each(["localhost", "a_b.example", "127.0.0.1", "::1", "ipv6:::1", "x", "0x7f000001", "a-b"])(
    "%s",
    (host) => expect(isValidListenHost(host)).toBe(true),
  );
  test.each(["*", "127.1", "0", "256.1.1.1", "a..b", "-a", "a-", ".a", "a.", "a/b", "::1%lo", "1.2.3", ":"])(
    "not %s",
    (host) => expect(isValidListenHost(host)).toBe(false),
  );
});
