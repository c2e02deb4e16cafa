import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import {
  amavisAlias,
  amavisBankKey,
  amavisConstant,
  amavisFunction,
  amavisVariable,
  amavisVariables,
  isDeclaredByAmavis,
  isExtraBankKey,
} from "../../../server/src/knowledge/amavisVariables.js";
import { sharedFolder } from "../../helpers/shared.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const data = join(root, "server/src/knowledge/data/amavisVariables.ts");

describe("facts about amavisd's variables", () => {
  it("have a kind, a default and a place in policy banks", () => {
    expect(amavisVariable("$forward_method")).toMatchObject({
      sigil: "$",
      policyBank: true,
      legacy: false,
      default: "smtp:[127.0.0.1]:10025",
      valueKind: "delivery-method|list",
    });
    expect(amavisVariable("$inet_socket_port")).toMatchObject({ policyBank: false, default: null });
    expect(amavisVariable("$no_such")).toBeUndefined();
    expect(amavisVariables().size).toBeGreaterThan(400);
  });

  it("know other names for the same variable", () => {
    expect(amavisAlias("$DO_SYSLOG")).toBe("$do_syslog");
    expect(amavisVariable("$DO_SYSLOG")?.name).toBe("$do_syslog");
    expect([isDeclaredByAmavis("$DO_SYSLOG"), isDeclaredByAmavis("$x")]).toEqual([true, false]);
  });

  it("know bank keys, constants and functions", () => {
    expect(amavisBankKey("inet_acl")?.name).toBe("@inet_acl");
    expect(amavisBankKey("inet_socket_port")).toBeUndefined();
    expect([isExtraBankKey("ACTION"), isExtraBankKey("x")]).toEqual([true, false]);
    expect([amavisConstant("D_REJECT"), amavisConstant("X")]).toEqual([-3, undefined]);
    expect([amavisFunction("new_RE"), amavisFunction("read_hash"), amavisFunction("x")]).toEqual([
      "pure",
      "readFiles",
      undefined,
    ]);
  });

  it.skipIf(sharedFolder === undefined)(
    "are what the generator makes of the source (skipped without the shared folder)",
    () => {
      const before = readFileSync(data, "utf8");
      const script = join(root, "scripts/generate-amavis-facts.mjs");
      execFileSync(process.execPath, [script, join(sharedFolder ?? "", "facts/amavis-variables.json")]);
      expect(readFileSync(data, "utf8")).toBe(before);
    },
  );
});
