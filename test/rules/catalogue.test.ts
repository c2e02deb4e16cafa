/**
 * The catalogue of configuration faults (main.cf and master.cf) against our rules: every row has a rule, or a
 * reason why it has none. Where observed systems already have a name for a fault, that name is used.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { RULES } from "../../server/src/rules/registry.js";
import { sharedFolder } from "../helpers/shared.js";

/** Rows whose rule has another code than the row. */
const RENAMED: Readonly<Record<string, string>> = {
  "main-indented-first": "stray-continuation",
  "main-unknown-parameter": "unknown-parameter",
  "main-inline-comment": "inline-comment",
  "main-undefined-name": "undefined-parameter",
  "main-no-relay-guard": "no-reject-restriction",
  "main-mynetworks-open": "open-relay",
  "main-protocols-family": "address-family-disabled",
  "master-field-count": "field-count",
  "master-indented-first": "stray-continuation",
  "master-bad-type": "bad-field",
  "master-bad-bool": "bad-field",
  "master-bad-wakeup": "bad-field",
  "master-wakeup-dash-q": "bad-field",
  "master-bad-maxproc": "bad-field",
  "master-inet-private": "inet-private",
  "master-endpoint-syntax": "bad-listen-address",
  "master-port-unknown": "unknown-service-name",
  "master-port-range": "port-out-of-range",
  "master-host-unresolvable": "bad-listen-address",
  "master-duplicate-service": "duplicate-service",
  "master-overlap-shared": "port-collision-shared",
  "master-overlap-shadow": "port-shadowed",
  "master-name-in-both-classes": "duplicate-service",
  "master-trailing-comment": "inline-comment",
  "master-o-spaces": "option-syntax",
  "master-o-no-equals": "option-syntax",
  "master-o-value-split": "option-syntax",
  "master-o-missing-value": "option-syntax",
  "master-brace-open": "option-syntax",
  "master-brace-tail": "option-syntax",
  "master-brace-in-columns": "bad-field",
  "master-unknown-program": "unknown-command",
  "master-extra-argument": "option-syntax",
  "master-o-unknown": "unknown-parameter",
  "master-o-quotes": "option-syntax",
};

/** Rows that no rule about one state of the files can have. */
const WITHOUT_RULE: Readonly<Record<string, string>> = {
  "main-reload-not-enough": "needs two states of the files: a matter of comparing them",
};

interface Row {
  readonly code: string;
  readonly scope: string;
}

describe.skipIf(sharedFolder === undefined)("every row has a rule", () => {
  const rows: Row[] = sharedFolder
    ? JSON.parse(readFileSync(join(sharedFolder, "facts/diagnostics.json"), "utf8"))
    : [];
  const codes = new Set(RULES.map((rule) => rule.code));
  const wanted = rows.filter(
    ({ scope, code }) => (scope === "main.cf" || scope === "master.cf") && !(code in WITHOUT_RULE),
  );
  test.each(wanted.map(({ code }) => [code, RENAMED[code] ?? code]))("%s: rule %s", (_row, code) => {
    expect(codes).toContain(code);
  });

  test("the tables name rows that exist", () => {
    const known = new Set(rows.map(({ code }) => code));
    expect(
      [...Object.keys(RENAMED), ...Object.keys(WITHOUT_RULE)].filter((code) => !known.has(code)),
    ).toEqual([]);
  });
});
