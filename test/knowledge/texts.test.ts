import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parameterFacts } from "../../server/src/knowledge/parameters.js";
import {
  keywordText,
  longTextFor,
  namesWithText,
  type TextKind,
  textFor,
  textReference,
} from "../../server/src/knowledge/texts.js";

function runScript(name: string, ...words: string[]) {
  const script = fileURLToPath(new URL(`../../scripts/${name}`, import.meta.url));
  return spawnSync(process.execPath, [script, ...words], { encoding: "utf8" });
}

it("all names of the facts have a text, and the texts have no faults", () => {
  const run = runScript("check-texts.mjs");
  expect(run.stderr).toBe("");
  expect(run.stdout).toContain("no faults");
  expect(run.status).toBe(0);
});

it("the compiled module is up to date", () => {
  const run = runScript("compile-texts.mjs", "--check");
  expect(run.stderr).toBe("");
  expect(run.status).toBe(0);
});

describe("textFor", () => {
  it("finds a text by name, whatever the case of restrictions and actions", () => {
    expect(textFor("parameter", "content_filter")).toContain("transport:nexthop");
    expect(textFor("restriction", "Permit_MyNetworks")).toBe(textFor("restriction", "permit_mynetworks"));
    expect(textFor("action", "filter")).toContain("`content_filter`");
    expect(textFor("headerAction", "strip")).toContain("Removes the line");
    expect(textFor("mapType", "cidr")).toContain("No postmap");
    expect(textFor("port", "20025")).toContain("second filter");
    expect(textFor("amavis", "$forward_method")).toContain("smtp:[127.0.0.1]:10025");
    expect(textFor("amavisWord", "D_DISCARD")).toContain("throws it away");
  });

  it("uses the text of the pattern for a parameter of one service", () => {
    expect(textFor("parameter", "smtp-amavis_destination_concurrency_limit")).toBe(
      textFor("parameter", "transport_destination_concurrency_limit"),
    );
  });

  it("puts the text that a reference leads to behind a sentence on the relation", () => {
    expect(textReference("parameter", "lmtp_rcpt_timeout")).toBe("smtp_rcpt_timeout");
    expect(textFor("parameter", "lmtp_rcpt_timeout")).toBe(
      `As \`smtp_rcpt_timeout\`, for transports that run the lmtp program. ${textFor("parameter", "smtp_rcpt_timeout")}`,
    );
    expect(textFor("parameter", "lmtp_connect_timeout")).toMatch(/default is 0, the system's own limit\.$/);
    expect(textReference("parameter", "smtp_rcpt_timeout")).toBeUndefined();
  });

  it("knows what became of names of old releases", () => {
    expect(parameterFacts("virtual_maps")?.removed).toBeDefined();
    expect(textFor("parameter", "virtual_maps")).toContain("`virtual_alias_maps`");
  });

  it("has a bank key's own text, or its variable's with the form of the value", () => {
    expect(textFor("bankKey", "originating")).toContain("MYNETS");
    expect(textFor("bankKey", "originating")).not.toBe(textFor("amavis", "$originating"));
    expect(textFor("bankKey", "sa_spam_level_char")).toBe(textFor("amavis", "$sa_spam_level_char"));
    expect(textFor("bankKey", "score_sender_maps")).toMatch(/list in square brackets\.$/);
    expect(textFor("bankKey", "sql_clause")).toMatch(/hash in braces/);
    expect(textFor("bankKey", "no_such_key")).toBeUndefined();
  });

  it("has nothing for unknown names", () => {
    expect(textFor("parameter", "no_such_parameter")).toBeUndefined();
    expect(textFor("parameter", "constructor")).toBeUndefined();
    expect(textFor("port", "4711")).toBeUndefined();
    fc.assert(fc.property(fc.string(), (name) => textFor("mapType", `${name}!`) === undefined));
  });
});

describe("keywordText", () => {
  it("says what a word means for its parameter", () => {
    expect(keywordText("smtpd_tls_security_level", "may")).toContain("port 25");
    expect(keywordText("smtp_tls_security_level", "may")).toContain("when the server offers it");
    expect(keywordText("smtpd_tls_security_level", "wrong")).toBeUndefined();
    expect(keywordText("no_such_parameter", "may")).toBeUndefined();
  });

  it("has the words of the parameter that another one follows", () => {
    expect(keywordText("lmtp_tls_security_level", "dane")).toBe(
      keywordText("smtp_tls_security_level", "dane"),
    );
    expect(keywordText("tlsproxy_tls_security_level", "encrypt")).toBe(
      keywordText("smtpd_tls_security_level", "encrypt"),
    );
  });

  it("shares one text between words without repeating a relation", () => {
    expect(keywordText("postscreen_dnsbl_action", "drop")).toBe(
      keywordText("postscreen_greet_action", "drop"),
    );
    expect(keywordText("postscreen_dnsbl_action", "drop")).not.toContain("As `");
  });

  it("does not care about the case of EHLO words", () => {
    expect(keywordText("smtpd_discard_ehlo_keywords", "chunking")).toBe(
      keywordText("smtpd_discard_ehlo_keywords", "CHUNKING"),
    );
  });
});

describe("longTextFor", () => {
  it("adds the explanation with its example to the short text", () => {
    const long = longTextFor("parameter", "content_filter") ?? "";
    expect(long.startsWith(`${textFor("parameter", "content_filter")}\n\n`)).toBe(true);
    expect(long).toMatch(/\n```\n[^`]*content_filter = [^`]*\n```/);
  });

  it("is the short text where there is no more to say", () => {
    expect(longTextFor("parameter", "biff")).toBe(textFor("parameter", "biff"));
    expect(longTextFor("parameter", "no_such_parameter")).toBeUndefined();
  });

  it("has the addition of the text that a reference leads to", () => {
    expect(longTextFor("parameter", "lmtp_tls_security_level")).toContain("```");
  });

  it("exists for the 150 names that matter most", () => {
    const kinds: TextKind[] = ["parameter", "restriction", "amavis", "program", "action", "bankKey"];
    const long = kinds.flatMap((kind) =>
      namesWithText(kind).filter(
        (name) => textReference(kind, name) === undefined && longTextFor(kind, name) !== textFor(kind, name),
      ),
    );
    expect(long.length).toBeGreaterThanOrEqual(150);
  });
});
