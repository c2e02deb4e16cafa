/**
 * Every configuration is read by the real postconf(1) (Postfix 3.7.11) and by us, value for value: published
 * sets, the observed scenarios, the examples, and at least 2,000 from a generator. Every difference is a
 * failure. PROPERTY_RUNS=20000 for a long run, PROPERTY_SEED=n to repeat one.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { configuration } from "../helpers/postfixConfigurations.js";
import { sharedFolder } from "../helpers/shared.js";
import { compare, type Tally } from "./comparison.js";
import { type Answers, askPostconf, CALLS, type Call, type Configuration } from "./realPostconf.js";

if (!sharedFolder) throw new Error("set MAILFLOW_SHARED to the folder that has corpus/ and oracle/");

const QUICK: readonly Call[] = CALLS.filter((call) => call !== "-d" && call !== "-x");
const totals = new Map<string, Tally>();
const seed = Number(process.env.PROPERTY_SEED ?? Math.floor(Math.random() * 2 ** 31));
const runs = Number(process.env.PROPERTY_RUNS ?? 2000);

/** Every view comes often enough, and no run takes an hour. */
function byTurns(index: number): Call[] {
  const others = QUICK.filter((call) => call !== "-n");
  return ["-n", ...others.filter((_, at) => (at + index) % 3 === 0)];
}

function judge(configuration: Configuration, answers: Answers): readonly string[] {
  const { tallies, differences } = compare(configuration, answers);
  for (const [kind, tally] of tallies) {
    const total = totals.get(kind) ?? { agreed: 0, total: 0, excepted: 0 };
    totals.set(kind, {
      agreed: total.agreed + tally.agreed,
      total: total.total + tally.total,
      excepted: total.excepted + tally.excepted,
    });
  }
  return differences.map((difference) => `${configuration.name}: ${difference}`);
}

/** The defaults are many and depend on little: they are compared for some configurations only. */
function judgeAll(configurations: readonly Configuration[], every: number): string[] {
  const answers = askPostconf(configurations, (index) => (index % every === 0 ? CALLS : QUICK));
  return configurations.flatMap((one, index) => judge(one, answers[index] ?? new Map()));
}

/** Folders below one that have both files. */
function folders(top: string): Configuration[] {
  return readdirSync(top, { recursive: true })
    .map(String)
    .filter((path) => /(?:^|\/)main\.cf$/.test(path) && statSync(join(top, path)).isFile())
    .map((path) => path.replace(/\/?main\.cf$/, ""))
    .filter((path) => existsSync(join(top, path, "master.cf")))
    .map((path) => ({
      name: path,
      main: readFileSync(join(top, path, "main.cf"), "latin1"),
      master: readFileSync(join(top, path, "master.cf"), "latin1"),
    }));
}

afterAll(() => {
  const rows = [...totals].sort().map(([kind, { agreed, total, excepted }]) => {
    const machine = excepted > 0 ? ` (${excepted} known to the machine only)` : "";
    return `${kind.padEnd(34)} ${agreed}/${total}${machine}`;
  });
  console.log(`agreed/total with postconf\n${rows.join("\n")}`);
});

describe("read by both", () => {
  test("published sets", () => expect(judgeAll(folders(join(sharedFolder ?? "", "corpus")), 20)).toEqual([]));
  test("scenarios", () =>
    expect(judgeAll(folders(join(sharedFolder ?? "", "oracle/scenarios")), 20)).toEqual([]));
  test("examples", () =>
    expect(judgeAll(folders(join(import.meta.dirname, "../../examples")), 2)).toEqual([]));

  test("the compatibility levels", () => {
    const levels = ["", "0", "1", "2", "3.5", "3.6", "3.6.1", "3.11", "9999"];
    const configurations = levels.map((level) => ({
      name: `level ${level}`,
      main:
        level === "" ? "" : `compatibility_level = ${level}\nmyhostname = a.example\nmydomain = example\n`,
      master: "filter unix - - n - - pipe\nsmtp inet n - n - - smtpd\n",
    }));
    expect(judgeAll(configurations, 1)).toEqual([]);
  });

  test(`${runs} from the generator, seed ${seed}`, () => {
    const made = fc
      .sample(configuration, { numRuns: runs, seed })
      .map((one) => ({ name: "generated", ...one }));
    const key = ({ main, master }: { main: string; master: string }) => `${main}\0\0${master}`;
    const answers = askPostconf(made, byTurns);
    const verdicts = new Map(made.map((one, index) => [key(one), judge(one, answers[index] ?? new Map())]));
    // What was sampled has its verdict; only what shrinking makes is run anew.
    const failed = fc.check(
      fc.property(configuration, (one) => {
        const known = verdicts.get(key(one));
        const differences =
          known ??
          judge({ name: "shrunk", ...one }, askPostconf([{ name: "", ...one }], () => QUICK)[0] ?? new Map());
        expect(differences).toEqual([]);
      }),
      { numRuns: runs, seed, interruptAfterTimeLimit: 60_000, markInterruptAsFailure: true },
    );
    const smallest = failed.counterexample?.[0];
    const wrong = [...verdicts.values()].filter((differences) => differences.length > 0);
    expect(
      wrong.length,
      smallest &&
        `seed ${seed}, ${wrong.length} differ, the smallest:\nmain.cf ${JSON.stringify(smallest.main)}\nmaster.cf ${JSON.stringify(smallest.master)}\n${judge({ name: "", ...smallest }, askPostconf([{ name: "", ...smallest }], () => QUICK)[0] ?? new Map()).join("\n")}\nothers:\n${wrong.slice(0, 12).flat().join("\n")}`,
    ).toBe(0);
  });
});
