import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { amavisVariables } from "../../server/src/knowledge/amavisVariables.js";
import { parameterFacts } from "../../server/src/knowledge/parameters.js";
import { portFacts } from "../../server/src/knowledge/ports.js";
import {
  accessAction,
  accessActionNames,
  restrictionFacts,
} from "../../server/src/knowledge/restrictions.js";
import { programFacts, programNames } from "../../server/src/knowledge/services.js";
import { namesWithText, type TextKind, textFor } from "../../server/src/knowledge/texts.js";

const kinds: readonly TextKind[] = [
  "parameter",
  "program",
  "column",
  "restriction",
  "action",
  "amavis",
  "overrideOption",
  "port",
];
const all = kinds.flatMap((kind) =>
  namesWithText(kind).map((name) => ({ kind, name, text: textFor(kind, name) ?? "" })),
);
const overrideWords = parameterFacts("receive_override_options")?.enum?.values ?? [];

describe("every text", () => {
  it("has 40 to 420 characters and ends as a sentence", () => {
    for (const { kind, name, text } of all) {
      expect(text.length, `${kind} ${name}: ${text}`).toBeGreaterThanOrEqual(40);
      expect(text.length, `${kind} ${name}: ${text}`).toBeLessThanOrEqual(420);
      expect(text, `${kind} ${name}`).toMatch(/\.$/);
    }
  });

  it("says something of its own", () => {
    const seen = new Map<string, string>();
    for (const { kind, name, text } of all) {
      expect(seen.get(text), `${kind} ${name}`).toBeUndefined();
      seen.set(text, name);
    }
  });

  it("closes its backticks", () => {
    for (const { name, text } of all) expect((text.match(/`/g) ?? []).length % 2, name).toBe(0);
  });

  it("refers only to names that exist", () => {
    const known = (name: string) =>
      parameterFacts(name) !== undefined ||
      restrictionFacts(name) !== undefined ||
      overrideWords.includes(name) ||
      ["dkim_key", "read_hash", "speed_adjust", "cleanup_service_name", "_time_limit"].includes(name);
    for (const { kind, name, text } of all)
      for (const [, code = ""] of text.matchAll(/`\$?([a-z0-9]*(?:_[a-z0-9]+)+)(?: ?=[^`]*)?`/g))
        if (!isAmavis(kind, text, code)) expect(known(code), `${kind} ${name}: ${code}`).toBe(true);
  });
});

/** amavisd's scalars look like Postfix parameters behind a dollar sign. */
function isAmavis(kind: TextKind, text: string, code: string): boolean {
  return text.includes(`\`$${code}`) && (kind === "amavis" || namesWithText("amavis").includes(`$${code}`));
}

describe("the names", () => {
  it("are names of the facts", () => {
    for (const name of namesWithText("parameter")) {
      const facts = parameterFacts(name);
      expect(facts, name).toBeDefined();
      expect(facts?.removed, name).toBeUndefined();
      if (facts?.perService) expect(facts.perService.service, name).toBe("transport");
    }
    for (const name of namesWithText("program")) expect(programFacts(name), name).toBeDefined();
    for (const name of namesWithText("restriction")) expect(restrictionFacts(name)?.name, name).toBe(name);
    for (const name of namesWithText("action")) expect(accessAction(name)?.name, name).toBe(name);
    for (const name of namesWithText("port")) expect(portFacts(Number(name)).range, name).not.toBe("none");
  });

  it("cover all daemons, columns, actions and override options", () => {
    expect([...namesWithText("program")].sort()).toEqual([...programNames()].sort());
    expect([...namesWithText("action")].sort()).toEqual([...accessActionNames()].sort());
    expect([...namesWithText("overrideOption")].sort()).toEqual([...overrideWords].sort());
    expect(namesWithText("column")).toEqual([
      "service",
      "type",
      "private",
      "unprivileged",
      "chroot",
      "wakeup",
      "process_limit",
      "command",
    ]);
  });

  it("of amavisd's variables are known to its facts", () => {
    const variables = [...amavisVariables().keys()];
    for (const name of namesWithText("amavis")) expect(variables, name).toContain(name);
  });
});

describe("textFor", () => {
  it("finds a text by name, whatever the case of restrictions and actions", () => {
    expect(textFor("parameter", "content_filter")).toContain("transport:nexthop");
    expect(textFor("restriction", "Permit_MyNetworks")).toBe(textFor("restriction", "permit_mynetworks"));
    expect(textFor("action", "filter")).toContain("`content_filter`");
    expect(textFor("port", "20025")).toContain("second filter");
    expect(textFor("amavis", "$forward_method")).toContain("smtp:[127.0.0.1]:10025");
  });

  it("uses the text of the pattern for a parameter of one service", () => {
    expect(textFor("parameter", "smtp-amavis_destination_concurrency_limit")).toBe(
      textFor("parameter", "transport_destination_concurrency_limit"),
    );
  });

  it("has nothing for unknown names", () => {
    expect(textFor("parameter", "no_such_parameter")).toBeUndefined();
    expect(textFor("parameter", "constructor")).toBeUndefined();
    expect(textFor("port", "4711")).toBeUndefined();
  });
});

it("the compiled module is up to date", () => {
  const script = fileURLToPath(new URL("../../scripts/compile-texts.mjs", import.meta.url));
  const run = spawnSync(process.execPath, [script, "--check"], { encoding: "utf8" });
  expect(run.stderr).toBe("");
  expect(run.status).toBe(0);
});
