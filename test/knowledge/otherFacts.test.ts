import { describe, expect, it } from "vitest";
import { mapTypeFacts, mapTypeNames } from "../../server/src/knowledge/mapTypes.js";
import { portFacts, tcpPort, tcpServiceNames } from "../../server/src/knowledge/ports.js";
import {
  accessAction,
  accessActionNames,
  restrictionFacts,
  restrictionLists,
  restrictionNames,
} from "../../server/src/knowledge/restrictions.js";
import {
  defaultEntries,
  programFacts,
  programNames,
  serviceNameParameters,
} from "../../server/src/knowledge/services.js";
import { compareVersions, includesFeature, isReleasedBy } from "../../server/src/knowledge/version.js";

describe("programs", () => {
  it("tells types, forced limits, rights and arguments", () => {
    expect(programFacts("smtpd")).toMatchObject({
      types: ["inet", "unix", "pass"],
      processLimit: undefined,
      arguments: [],
      deliversMail: false,
      chroot: "yes",
    });
    expect(programFacts("qmgr")).toMatchObject({ processLimit: 1, wakeup: "300", public: true });
    expect(programFacts("cleanup")?.processLimit).toBe(0);
    expect(programFacts("pipe")).toMatchObject({
      needsRoot: true,
      chroot: "no",
      requiredArguments: ["user=", "argv="],
      deliversMail: true,
    });
    expect(programFacts("smtp")).toMatchObject({ arguments: ["flags="], flags: "DORX" });
    expect(programFacts("nbdb_reindexd")?.arguments).toBeUndefined();
    expect(programFacts("proxymap")?.chroot).toBe("pointless");
    expect(programFacts("smtpdd")).toBeUndefined();
  });

  it("knows the shipped entries; each runs a known program of a type that it accepts", () => {
    for (const entry of [...defaultEntries("debian"), ...defaultEntries("upstream")]) {
      expect(programFacts(entry.command)?.types, entry.command).toContain(entry.type);
    }
    expect(defaultEntries("debian")[0]).toEqual({
      service: "smtp",
      type: "inet",
      private: "n",
      unprivileged: "-",
      chroot: "y",
      wakeup: "-",
      processLimit: "-",
      command: "smtpd",
    });
    expect(programNames().length).toBe(28);
    for (const row of serviceNameParameters()) expect(programFacts(row.program), row.parameter).toBeDefined();
  });
});

describe("restrictions", () => {
  it("ignores letter case and resolves old spellings", () => {
    expect(restrictionFacts("REJECT_UNAUTH_DESTINATION")).toMatchObject({ relayGuard: true, kind: "reject" });
    expect(restrictionFacts("reject_unknown_client")?.aliasOf).toBe("reject_unknown_client_hostname");
    expect(restrictionFacts("check_relay_domains")).toMatchObject({ kind: "removed", removedIn: "3.9" });
    expect(restrictionFacts("permit")?.terminates).toBe(true);
    expect(restrictionFacts("check_client_mx_access")?.okForbidden).toBe(true);
    expect(restrictionFacts("permit_everything")).toBeUndefined();
    expect(restrictionNames()).not.toContain("reject_unknown_client");
    expect(restrictionNames()).toContain("check_policy_service");
  });

  it("has the eight lists and the table actions", () => {
    expect(restrictionLists().map((list) => list.phase)).toEqual([
      "connect",
      "HELO/EHLO",
      "MAIL FROM",
      "RCPT TO",
      "RCPT TO",
      "DATA",
      "end of DATA",
      "ETRN",
    ]);
    expect(
      restrictionLists().find((list) => list.name === "smtpd_data_restrictions")?.bareMap,
    ).toBeUndefined();
    expect(accessAction("filter")).toEqual({
      name: "FILTER",
      argument: "transport:destination",
      byCleanup: true,
    });
    expect(accessAction("550")).toBeUndefined();
    expect(accessActionNames().length).toBe(17);
  });
});

describe("map types", () => {
  it("tells what is opened and what brings the type", () => {
    expect(mapTypeFacts("hash")).toMatchObject({ indexedFile: ".db", inDebian: true, pattern: false });
    expect(mapTypeFacts("pcre")).toMatchObject({
      indexedFile: undefined,
      inDebian: false,
      debianPackage: "postfix-pcre",
      pattern: true,
      inlineSince: "3.7",
    });
    expect(mapTypeFacts("proxy")?.wraps).toBe(true);
    expect(mapTypeFacts("hsah")).toBeUndefined();
    expect(mapTypeNames().length).toBe(32);
  });
});

describe("ports", () => {
  it("resolves the TCP names and aliases of a Debian 12 host", () => {
    expect(tcpPort("smtp")).toBe(25);
    expect(tcpPort("mail")).toBe(25);
    expect(tcpPort("submissions")).toBe(465);
    expect(tcpPort("smtps")).toBe(465);
    expect(tcpPort("submission")).toBe(587);
    expect(tcpPort("SMTP")).toBeUndefined();
    expect(tcpPort("amavis")).toBeUndefined();
    // A UDP name only.
    expect(tcpPort("tftp")).toBeUndefined();
    expect(tcpServiceNames().length).toBeGreaterThan(250);
  });

  it("tells range and assignment", () => {
    expect(portFacts(25)).toEqual({
      port: 25,
      range: "well-known",
      name: "smtp",
      aliases: ["mail"],
      iana: "smtp",
    });
    expect(portFacts(143)).toMatchObject({ name: "imap2", aliases: ["imap"], iana: "imap" });
    expect(portFacts(20025)).toMatchObject({ range: "registered", name: undefined, iana: null });
    expect(portFacts(10025).iana).toBeNull();
    expect(portFacts(783)).toMatchObject({ name: "spamd", iana: null });
    expect(portFacts(50001)).toMatchObject({ range: "dynamic", iana: undefined });
    expect(portFacts(0).range).toBe("random");
    expect(portFacts(70025).range).toBe("none");
    expect(portFacts(2.5).range).toBe("none");
  });
});

describe("versions", () => {
  it("compares numbers, not letters", () => {
    expect(compareVersions("3.10", "3.7.11")).toBeGreaterThan(0);
    expect(compareVersions("3.7.2", "3.7.11")).toBeLessThan(0);
    expect(compareVersions("3.7", "3.7.11")).toBeGreaterThan(0);
    expect(isReleasedBy("3.6.0", "3.6")).toBe(true);
    expect(includesFeature("3.6.13", "3.9", ["3.5.23", "3.6.13"])).toBe(true);
    expect(includesFeature("3.6.12", "3.9", ["3.5.23", "3.6.13"])).toBe(false);
  });
});
