/** What hover and signature help say from the facts has words for everything that the facts know. */
import { describe, expect, test } from "vitest";
import { mapTypeNames } from "../../server/src/knowledge/mapTypes.js";
import { parameterFacts, parameterNames } from "../../server/src/knowledge/parameters.js";
import { restrictionFacts, restrictionNames } from "../../server/src/knowledge/restrictions.js";
import { programFacts, programNames } from "../../server/src/knowledge/services.js";
import { NEWEST_POSTFIX_VERSION } from "../../server/src/knowledge/version.js";
import { attributeText, flagText, macroText } from "../../server/src/language/attributes.js";
import { accepts } from "../../server/src/language/hover/accepts.js";
import { mapTypeManual, programManual } from "../../server/src/language/manual.js";
import { code, enumerate, link, list } from "../../server/src/language/markdown.js";
import { PIPE_MACROS } from "../../server/src/semantics/postfix/commands.js";

describe("what a parameter takes", () => {
  test.each([
    ["max_idle", "a time, at least 1 s (units `s m h d w`, `s` when none is written)"],
    ["in_flow_delay", "a time, at most 10 s (units `s m h d w`, `s` when none is written)"],
    ["bounce_queue_lifetime", "a time, at most 100 d (units `s m h d w`, `d` when none is written)"],
    ["biff", "`yes` or `no`"],
    ["smtpd_client_port_logging", "`yes` or `no`"],
    ["default_process_limit", "a whole number, at least 1"],
    ["message_size_limit", "a number of bytes"],
    ["relay_domains", "domains, tables (`type:name`) or files; may be empty"],
    ["process_id", "nothing: the program sets it"],
    ["milter_default_action", "one of"],
    ["receive_override_options", "any of"],
    ["mailbox_command", "(`$` is filled in at the time of use)"],
  ])("%s", (name, expected) => {
    const facts = parameterFacts(name);
    expect(facts && accepts(facts)).toContain(expected);
  });

  test("every parameter has words for it", () => {
    for (const name of parameterNames(NEWEST_POSTFIX_VERSION)) {
      const facts = parameterFacts(name);
      expect(facts && accepts(facts), name).toMatch(/^\S.*\S$/);
      expect(facts && accepts(facts), name).not.toMatch(/undefined|NaN/);
    }
  });
});

describe("arguments of delivery agents", () => {
  test.each(programNames().filter((name) => programFacts(name)?.arguments !== undefined))("%s", (program) => {
    const facts = programFacts(program);
    for (const argument of facts?.arguments ?? [])
      expect(attributeText(program, argument.replace("=", "")), argument).toBeTruthy();
    for (const letter of facts?.flags ?? "") expect(flagText(program, letter), letter).toBeTruthy();
  });

  test("macros of pipe", () => {
    for (const name of PIPE_MACROS) expect(macroText(name), name).toBeTruthy();
  });

  test("letters that only pipe takes", () => {
    expect(flagText("smtp", "q")).toBeUndefined();
    expect(flagText("lmtp", "O")).toBeTruthy();
  });
});

test("every program and table type has a place in the manual", () => {
  for (const program of programNames()) expect(programManual(program)).toMatch(/\.8\.html\)$/);
  expect(programManual("/usr/local/bin/filter")).toBeUndefined();
  for (const type of mapTypeNames()) expect(mapTypeManual(type)).toMatch(/^\[\w+(?:\(5\))?\]\(https:/);
});

test("every argument of a restriction has a form", () => {
  const kinds = new Set(restrictionNames().flatMap((name) => restrictionFacts(name)?.argument ?? []));
  expect([...kinds].sort()).toEqual(["dns-domain[=value-pattern]", "map", "policy-endpoint", "seconds"]);
});

describe("Markdown", () => {
  test("a link leads nowhere else, whatever the file is called", () => {
    expect(link("a](x) line 1", "file:///a (b)/c#L1")).toBe("[a\\](x) line 1](file:///a%20%28b%29/c#L1)");
    expect(link("header_checks line 2", "file:///x")).toBe("[header_checks line 2](file:///x)");
  });
  test("long texts are cut, long lists counted", () => {
    expect(code("x".repeat(400))).toHaveLength(306);
    const items = Array.from({ length: 12 }, (_, index) => String(index));
    expect(list("T", items, 8)?.split("\n")).toHaveLength(10);
    expect(list("T", items, 11)?.split("\n")).toHaveLength(13);
    expect(list("T", [])).toBeUndefined();
  });
  test("words in a row", () => {
    expect(enumerate(["a", "b", "c"], "or")).toBe("a, b or c");
    expect(enumerate(["a"])).toBe("a");
  });
});
