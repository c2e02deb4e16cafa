import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseAmavis, printTree } from "../../../server/src/syntax/amavis/parser.js";
import type { AmavisTree } from "../../../server/src/syntax/amavis/tree.js";
import { sharedAmavisFiles, sharedFolder } from "../../helpers/shared.js";
import { assignedNames, checkNesting } from "./support.js";

const fixture = readFileSync(new URL("../../fixtures/amavis/amavisd.conf", import.meta.url), "utf8");

/** RUNS=20000 looks longer than a test run may take. */
const runs = Number(process.env.RUNS ?? 0);

function check(text: string, template = false): AmavisTree {
  const tree = parseAmavis(text, { template });
  expect(printTree(tree)).toBe(text);
  checkNesting(tree);
  return tree;
}

describe("the tree is the text", () => {
  it("for a realistic file, which has no mistakes", () => {
    expect(check(fixture).problems).toEqual([]);
  });

  it("for any string", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), fc.boolean(), (text, template) => {
        check(text, template);
      }),
      { numRuns: runs || 500 },
    );
  });

  it("for any sequence of pieces of Perl", () => {
    const piece = fc.constantFrom(
      ..."$x @x %x & * \\ ( ) [ ] { } ; , => = == =~ . .. x qw( q{ qq' qr/ m! s{ tr/ y' ' \" ` / // < <<A <<~'B' A B \n # -e -> -- ++ if( foreach my sub do{ map{ __END__ =pod =cut {{ }} {% if %} <%= %> @X@ 010 1.2.3 $# ${ @{ ? : ! $h{a} \\' ".split(
        " ",
      ),
      "\n",
      " ",
      "\n=pod\n",
      "\n$name = ",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), fc.boolean(), (pieces, template) => {
        check(pieces.join(""), template);
      }),
      { numRuns: runs || 1500 },
    );
  });

  it("for every beginning of a realistic file", () => {
    for (let end = 0; end <= fixture.length; end += 3) {
      const text = fixture.slice(0, end);
      expect(printTree(parseAmavis(text))).toBe(text);
    }
  });

  it("whatever single character is deleted, and nine assignments in ten survive", () => {
    const names = assignedNames(parseAmavis(fixture));
    const worst = { kept: 1, at: -1 };
    for (let at = 0; at < fixture.indexOf("__END__"); at++) {
      // Without the = of =cut all that follows is documentation, for Perl too.
      if (!/[^\w\s#]/.test(fixture.charAt(at)) || fixture.startsWith("=cut", at)) continue;
      const text = fixture.slice(0, at) + fixture.slice(at + 1);
      const tree = parseAmavis(text);
      expect(printTree(tree)).toBe(text);
      const left = assignedNames(tree);
      const kept = names.filter((name) => left.includes(name)).length / names.length;
      if (kept < worst.kept) Object.assign(worst, { kept, at });
    }
    expect(worst.kept, fixture.slice(worst.at - 40, worst.at + 40)).toBeGreaterThanOrEqual(0.9);
  });
});

describe.skipIf(sharedFolder === undefined)(
  "files that people really use (skipped without the shared folder)",
  () => {
    const files = sharedAmavisFiles();

    it("are many", () => {
      expect(files.length).toBeGreaterThan(100);
    });

    it.each(["utf8", "latin1"] as const)("give trees that are their texts (%s)", (encoding) => {
      for (const path of files) {
        const text = readFileSync(path, encoding);
        for (const template of [false, true]) {
          const tree = parseAmavis(text, { template });
          if (printTree(tree) !== text) expect.fail(path);
          checkNesting(tree);
        }
      }
    });
  },
);

describe("time and depth", () => {
  const bottomless = [
    "(",
    "[{(",
    "\\",
    "- ",
    "$a=",
    "1?",
    "{",
    "if(1){",
    "sub{",
    "map{",
    "@{",
    "${",
    "$x[",
    "<%",
    "{{",
    "'\n",
    "q(",
    "<<A\n",
    "a\n",
  ];

  it.each(bottomless)("%j a hundred thousand times ends soon", (piece) => {
    const started = performance.now();
    check(piece.repeat(100_000 / piece.length));
    check(`"${piece.repeat(30_000 / piece.length)}"`);
    // An ordinary run takes some hundredths of a second; what grows with the square takes minutes.
    expect(performance.now() - started).toBeLessThan(15_000);
  });

  it("grows with the text and not faster", () => {
    const measure = (times: number): number => {
      const text = fixture.slice(0, fixture.indexOf("__END__")).repeat(times);
      const started = performance.now();
      parseAmavis(text);
      return performance.now() - started;
    };
    const least = (times: number): number => Math.min(...Array.from({ length: 4 }, () => measure(times)));
    measure(20);
    // Ten times the text: ten times the time, a hundred times if it grew with the square.
    expect(least(200) / least(20)).toBeLessThan(50);
  });
});
