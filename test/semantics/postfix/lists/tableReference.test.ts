/** References to lookup tables; faults as smtpd, trivial-rewrite and proxymap 3.7.11 report them. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { listItems } from "../../../../server/src/semantics/postfix/lists/items.js";
import {
  readTableReference,
  tablesWithin,
} from "../../../../server/src/semantics/postfix/lists/tableReference.js";

const all = (value: string) =>
  listItems(value).flatMap((item) => [...tablesWithin(readTableReference(item))]);
const shown = (value: string) =>
  all(value).map(({ type, name, fault }) => `${type}:${name}${fault ? ` ${fault.kind}` : ""}`);

test.each([
  ["hash:/etc/postfix/virtual", ["hash:/etc/postfix/virtual"]],
  ["proxy:mysql:/x.cf", ["proxy:mysql:/x.cf", "mysql:/x.cf"]],
  ["unionmap:{hash:/a, static:b}", ["unionmap:{hash:/a, static:b}", "hash:/a", "static:b"]],
  ["{ hash:/a, search_order = cert }", ["hash:/a"]],
  ["inline:{a=b, {c = d e}}", ["inline:{a=b, {c = d e}}"]],
  ["static:{REJECT go away}", ["static:{REJECT go away}"]],
  ["/etc/postfix/virtual", [": no-type"]],
  [":/etc/postfix/virtual", [":/etc/postfix/virtual no-type"]],
  ["hash: /etc/postfix/virtual", ["hash: no-name", ": no-type"]],
  ["foo:/x", ["foo:/x unknown-type"]],
  ["proxy:foo:/x", ["proxy:foo:/x", "foo:/x unknown-type"]],
  ["unionmap:hash:/x", ["unionmap:hash:/x syntax"]],
  ["pipemap:{}", ["pipemap:{} syntax"]],
  ["pipemap:{hash:/x, y}", ["pipemap:{hash:/x, y} syntax"]],
  ["inline:{a}", ["inline:{a} syntax"]],
  ["inline:{a=b c}", ["inline:{a=b c} syntax"]],
  ["randmap:a", ["randmap:a syntax"]],
])("%s", (value, expected) => {
  expect(shown(value).map((one) => one.trim())).toEqual(expected);
});

test("places lead back to the text, and any text is read", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("proxy:", "hash:", "unionmap:", "{", "}", ",", " ", "/x", "=") }),
      (value) => {
        for (const { start, typeEnd, nameStart, end, type, name } of all(value)) {
          if (type === "") continue;
          expect(value.slice(start, typeEnd)).toBe(type);
          expect(value.slice(nameStart, end)).toBe(name);
        }
      },
    ),
  );
});
