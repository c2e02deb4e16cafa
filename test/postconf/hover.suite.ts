/**
 * What hover says of a parameter as a fact, against the real postconf(1) (Postfix 3.7.11) for every parameter that it
 * knows: the default, whether the release has it, the name to use instead, the place in the manual.
 */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { analyse } from "../../server/src/analysis.js";
import { parameterFacts, parameterNames } from "../../server/src/knowledge/parameters.js";
import { restrictionFacts, restrictionNames } from "../../server/src/knowledge/restrictions.js";
import { includesFeature, NEWEST_POSTFIX_VERSION } from "../../server/src/knowledge/version.js";
import { hover } from "../../server/src/language/hover/hover.js";
import { restrictionManual } from "../../server/src/language/manual.js";
import { shown } from "../../server/src/language/markdown.js";
import { archiveSource } from "../helpers/archive.js";
import { askPostconf } from "./realPostconf.js";

const RELEASE = "3.7.11";
const MANUAL = "/usr/share/doc/postfix/html/postconf.5.html";
/** Worked out from the machine, or set when Postfix is built. */
const OF_THE_MACHINE = ["mydomain", "myhostname", "mynetworks", "process_id", "mail_release_date"];
const OF_THE_PROCESS = ["process_id", "process_name", "service_name"];

const [answers] = askPostconf([{ name: "nothing set", main: "", master: "" }], () => ["-n", "-d"]);
const defaults = new Map(
  (answers?.get("-d")?.stdout ?? "").split("\n").flatMap((line): [string, string][] => {
    const [, name, value] = /^(\S+) =(.*)$/.exec(line) ?? [];
    return name === undefined ? [] : [[name, (value ?? "").trim()]];
  }),
);

/** Parameters that a release after this one dropped: what is known of them is that alone. */
const goneLater = (name: string) => parameterFacts(name)?.removed !== undefined;

/** The hover on each name, in a main.cf that sets all of them. */
function hovers(names: readonly string[]): Map<string, string> {
  const lines = names.map((name) => `${name} =\n`);
  const files = new Map([
    ["main.cf", lines.join("")],
    ["master.cf", ""],
  ]);
  const analysis = analyse({ ...archiveSource(files), postfixVersion: RELEASE });
  let offset = 0;
  return new Map(
    names.map((name, index) => {
      const contents = hover(analysis, "/mail/main.cf", offset + 1)?.contents ?? "";
      offset += lines[index]?.length ?? 0;
      return [name, contents];
    }),
  );
}

const known = hovers([...defaults.keys()]);

test("postconf answered", () => expect(defaults.size).toBeGreaterThan(800));

describe("every parameter of the release", () => {
  test("has the default that postconf prints", () => {
    const differences: string[] = [];
    for (const [name, value] of defaults) {
      if (OF_THE_PROCESS.includes(name) || goneLater(name)) continue;
      const said = /^- Default(?: in Postfix 3\.7\.11)?: (.*)$/m.exec(known.get(name) ?? "")?.[1];
      const expected = OF_THE_MACHINE.includes(name) ? "worked out by the program" : shown(value);
      const plain = said?.replace(/, here (?:`+.*`+|empty)$/, "");
      if (plain !== expected) differences.push(`${name}: ${expected}, and hover says ${said}`);
    }
    expect(differences).toEqual([]);
  });

  test("is not called new, removed or unknown", () => {
    const wrong = [...known].filter(([, text]) =>
      /does not have it yet|no such parameter|no parameter yet|not in Postfix since (?!\S+; 3\.7\.11 still has it)/.test(
        text,
      ),
    );
    expect(wrong.map(([name]) => name)).toEqual([]);
  });

  test("since no later release", () => {
    const wrong = [...known].flatMap(([name, text]) => {
      const [, since = "1.1", also = ""] = /^- Since Postfix ([\d.]+)(?: \(and (.*)\))?$/m.exec(text) ?? [];
      const backports = also.split(/, | and /).filter(Boolean);
      return includesFeature(RELEASE, since, backports) ? [] : [`${name} since ${since}`];
    });
    expect(wrong).toEqual([]);
  });
});

test("what later releases brought is called new", () => {
  const later = parameterNames(NEWEST_POSTFIX_VERSION).filter((name) => !defaults.has(name));
  expect(later.length).toBeGreaterThan(20);
  const texts = hovers(later);
  const wrong = later.filter(
    (name) => !/\*\*Postfix 3\.7\.11 does not have it yet\*\*/.test(texts.get(name) ?? ""),
  );
  expect(wrong).toEqual([]);
});

test("the name to use instead is one that a release has", () => {
  const all = hovers([...parameterNames(NEWEST_POSTFIX_VERSION), "authorized_verp_clients", "virtual_maps"]);
  const named = [...all].flatMap(([name, text]) => {
    const instead = /Use `(.*?)` instead/.exec(text)?.[1];
    return instead === undefined ? [] : [{ name, instead }];
  });
  expect(named.length).toBeGreaterThan(10);
  for (const { name, instead } of named) {
    const facts = parameterFacts(instead);
    expect.soft(facts && !facts.removed, `${instead}, instead of ${name}`).toBe(true);
    const here = facts !== undefined && includesFeature(RELEASE, facts.since, facts.backports);
    expect.soft(defaults.has(instead), `${instead} in ${RELEASE}`).toBe(here);
  }
});

describe.runIf(existsSync(MANUAL))("links lead to a place of the manual", () => {
  const anchors = new Set(
    [...readFileSync(MANUAL, "latin1").matchAll(/name="([^"]+)"/g)].map(([, name]) => name),
  );
  test("parameters", () => {
    const wrong = [...known].flatMap(([name, text]) => {
      if (goneLater(name)) return [];
      const anchor = /postconf\.5\.html#([^)]+)\)/.exec(text)?.[1];
      return anchor !== undefined && anchors.has(anchor) ? [] : [`${name}: ${anchor}`];
    });
    expect(wrong).toEqual([]);
  });
  test("restrictions", () => {
    const linked = restrictionNames().flatMap((name) => {
      const facts = restrictionFacts(name);
      const anchor = /#([^)]+)\)/.exec(restrictionManual(name) ?? "")?.[1];
      return facts && anchor && includesFeature(RELEASE, facts.since, []) ? [anchor] : [];
    });
    expect(linked.length).toBeGreaterThan(60);
    expect(linked.filter((anchor) => !anchors.has(anchor))).toEqual([]);
  });
});
