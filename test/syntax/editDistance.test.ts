/** Distances told early are those of the plain table of all prefixes. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { nearest } from "../../server/src/rules/nearest.js";
import { editDistance } from "../../server/src/syntax/editDistance.js";

/** Optimal string alignment as its definition has it, without a limit. */
function plainDistance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) =>
    Array.from({ length: b.length + 1 }, (_, j) => (i === 0 ? j : j === 0 ? i : 0)),
  );
  const at = (i: number, j: number) => rows[i]?.[j] ?? Number.POSITIVE_INFINITY;
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(i - 2, j - 2) + 1 : replaced;
      const row = rows[i];
      if (row) row[j] = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, replaced, swapped);
    }
  return at(a.length, b.length);
}

const word = fc.string({ unit: fc.constantFrom("a", "b", "c", "_"), maxLength: 9 });

test("a limit cuts the distance and changes nothing below it", () => {
  fc.assert(
    fc.property(word, word, fc.integer({ min: 1, max: 6 }), (a, b, limit) => {
      expect(editDistance(a, b, limit)).toBe(Math.min(plainDistance(a, b), limit));
      expect(editDistance(a, b)).toBe(plainDistance(a, b));
    }),
  );
});

test("the nearest word is the first of those with the least distance", () => {
  fc.assert(
    fc.property(word, fc.array(word, { maxLength: 8 }), (from, candidates) => {
      const limit = Math.min(2, Math.floor(from.length / 3));
      const distances = candidates.map((candidate) => plainDistance(from, candidate));
      const least = Math.min(...distances, limit + 1);
      expect(nearest(from, candidates)).toBe(
        least > limit ? undefined : candidates[distances.indexOf(least)],
      );
    }),
  );
});
