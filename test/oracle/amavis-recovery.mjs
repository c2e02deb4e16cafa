// What is left of a configuration while somebody types in it: every beginning of every file that ends at a
// line or inside one of its last lines, and so many deletions of one character. Nothing may throw, and of the
// other assignments 98 in 100 keep their value.
import { readFileSync } from "node:fs";

/** @returns one line of counts, and what failed */
export function checkRecovery(paths, { parseAmavis, evaluateAmavis }, deletions, random) {
  const read = (text) => evaluateAmavis([{ path: "/a", template: false, tree: parseAmavis(text) }]);
  const texts = [...new Set(paths.map((path) => readFileSync(path, "latin1")))];
  let prefixes = 0;
  for (const text of texts) {
    const ends = [...text.matchAll(/\n/g)].map(({ index }) => index + 1);
    for (let end = Math.max(0, text.length - 200); end < text.length; end++) ends.push(end);
    for (const end of ends) {
      parseAmavis(text.slice(0, end));
      prefixes++;
    }
  }
  const known = texts.map((text) => [text, valuesOf(read(text))]).filter(([, values]) => values.size > 5);
  let kept = 0;
  let all = 0;
  for (let done = 0; done < deletions; done++) {
    const [text, values] = known[Math.floor(random() * known.length)];
    const at = Math.floor(random() * text.length);
    const left = valuesOf(read(text.slice(0, at) + text.slice(at + 1)));
    const lost = [...values].filter(([name, value]) => left.get(name) !== value).length;
    // The assignment in which the character was is not one of the others.
    all += values.size - 1;
    kept += values.size - 1 - Math.max(0, lost - 1);
  }
  const share = (100 * kept) / Math.max(1, all);
  return {
    line: `recovery: ${prefixes} beginnings, ${deletions} deletions, ${share.toFixed(2)} % of the other assignments kept`,
    failures: share < 98 ? [`only ${share.toFixed(2)} % of the assignments survive a deletion`] : [],
  };
}

/** What the file itself assigns, printed. */
function valuesOf(result) {
  const { variables } = result.variables(false);
  return new Map(
    Object.entries(variables).flatMap(([name, value]) =>
      result.assignments(name).length > 0 ? [[name, JSON.stringify(value)]] : [],
    ),
  );
}
