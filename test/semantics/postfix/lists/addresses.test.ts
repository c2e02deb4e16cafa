/** Items of address lists, each as smtpd 3.7.11 was seen to take it. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { networkContains } from "../../../../server/src/semantics/postfix/address.js";
import { openness, readAddressPattern } from "../../../../server/src/semantics/postfix/lists/addresses.js";
import { listItems } from "../../../../server/src/semantics/postfix/lists/items.js";

function read(text: string) {
  const [item] = listItems(text);
  if (!item) throw new Error("no item");
  return readAddressPattern(item);
}

describe("good items", () => {
  test.each([
    ["127.0.0.0/8", "127.0.0.0", 8],
    ["192.0.2.1", "192.0.2.1", 32],
    ["!192.0.2.1", "192.0.2.1", 32],
    ["[192.0.2.0]/24", "192.0.2.0", 24],
    ["[::1]", "::1", 128],
    ["[2001:db8::]/32", "2001:db8::", 32],
    ["[2001:db8::/32]", "2001:db8::", 32],
    ["[::ffff:127.0.0.0]/104", "::ffff:7f00:0", 104],
    ["0.0.0.0/0", "0.0.0.0", 0],
  ])("%s", (text, address, prefix) => {
    const { network, fault } = read(text);
    expect(fault).toBeUndefined();
    expect(network).toMatchObject({ address, prefix });
  });

  test.each([
    ["localhost", "host"],
    [".example.com", "host"],
    ["1.2.3.4.dynamic.example.com", "host"],
    ["hash:/etc/postfix/networks", "table"],
    ["!cidr:/etc/postfix/networks", "table"],
    ["/etc/postfix/networks", "file"],
  ])("%s", (text, kind) => {
    expect(read(text)).toMatchObject({ kind, fault: undefined });
  });
});

describe("bad items", () => {
  test.each([
    ["10.0.0.5/8", "host-bits", "10.0.0.0/8"],
    ["[2001:db8::1]/64", "host-bits", "[2001:db8::]/64"],
    ["[192.0.2.1]/24", "host-bits", "[192.0.2.0]/24"],
    ["10/8", "malformed", "10.0.0.0/8"],
    ["300.0.0.0/8", "malformed", undefined],
    ["10.0.0.0/33", "malformed", undefined],
    ["10.0.0.0/255.0.0.0", "malformed", "10.0.0.0/8"],
    ["10.0.0.0/255.0.255.0", "malformed", undefined],
    ["[2001:db8::/64", "malformed", undefined],
    ["[2001:db8]", "malformed", undefined],
    ["[2001:db8::]/129", "malformed", undefined],
    ["::1", "unbracketed", "[::1]"],
    ["!2001:db8::/32", "unbracketed", "[2001:db8::]/32"],
    ["10.0.0", "never-matches", undefined],
    ["10.0.0.*", "never-matches", undefined],
    ["10.0.0.1-10.0.0.9", "never-matches", undefined],
    ['"203.0.113.0/24"', "never-matches", "203.0.113.0/24"],
    ["203.0.113.0/24;", "never-matches", "203.0.113.0/24"],
  ])("%s", (text, kind, replacement) => {
    const { fault, network } = read(text);
    expect(fault?.kind).toBe(kind);
    expect(network).toBeUndefined();
    expect(fault && "replacement" in fault ? fault.replacement : undefined).toBe(replacement);
  });
});

test.each([
  ["0.0.0.0/0", "world"],
  ["128.0.0.0/1", "world"],
  ["[::]/0", "world"],
  ["[2000::]/3", "world"],
  ["203.0.0.0/8", "wide"],
  ["10.0.0.0/8", "site"],
  ["0.0.0.0/8", "site"],
  ["172.16.0.0/12", "site"],
  ["203.0.113.0/24", "site"],
  ["[fe80::]/10", "site"],
  ["[2001:db8::]/32", "site"],
])("%s is the network of: %s", (text, expected) => {
  expect(openness(read(text).network)).toBe(expected);
});

test("what is offered instead of an address with host bits is a network that holds it", () => {
  fc.assert(
    fc.property(fc.ipV4(), fc.integer({ min: 0, max: 32 }), (address, prefix) => {
      const { fault, network } = read(`${address}/${prefix}`);
      const written = fault?.kind === "host-bits" ? fault.replacement : `${address}/${prefix}`;
      expect(read(written).network).toMatchObject({ prefix });
      expect(networkContains(written, address)).toBe(true);
      expect(network === undefined).toBe(fault !== undefined);
    }),
  );
  fc.assert(
    fc.property(fc.ipV6(), fc.integer({ min: 0, max: 128 }), (address, prefix) => {
      const { fault } = read(`[${address}]/${prefix}`);
      const written = fault?.kind === "host-bits" ? fault.replacement : `[${address}]/${prefix}`;
      expect(read(written).network).toMatchObject({ prefix });
    }),
  );
});

test("any text is read without a throw, and places stay inside it", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."0123456789.:/[]!{}, abf%-*") }), (text) => {
      for (const item of listItems(text)) {
        expect(text.slice(item.start, item.end)).toBe(item.text);
        const pattern = readAddressPattern(item);
        expect(text.slice(pattern.start, item.end)).toBe(pattern.text);
      }
    }),
  );
});
