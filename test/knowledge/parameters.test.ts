import { describe, expect, it } from "vitest";
import {
  defaultValue,
  isKnownParameter,
  parameterFacts,
  parameterNames,
} from "../../server/src/knowledge/parameters.js";
import { servicePatterns, transportPattern } from "../../server/src/knowledge/servicePatterns.js";

describe("parameterFacts", () => {
  it("tells class, bounds, unit, readers and emptiness", () => {
    expect(parameterFacts("content_filter")).toMatchObject({
      class: "transport-destination",
      table: "STR",
      default: "",
      mayBeEmpty: true,
      readBy: ["pickup", "qmqpd", "smtpd"],
      removed: undefined,
      perService: undefined,
    });
    expect(parameterFacts("default_process_limit")).toMatchObject({ class: "int", min: 1, default: "100" });
    expect(parameterFacts("smtp_data_done_timeout")).toMatchObject({ class: "time", unit: "s" });
    expect(parameterFacts("inet_interfaces")?.readBy).toEqual(["*"]);
    expect(parameterFacts("inet_interfaces")?.usedIn).toContain("master");
  });

  it("lists the words of an enumeration", () => {
    const facts = parameterFacts("smtpd_tls_security_level");
    expect(facts?.enum?.values).toEqual(expect.arrayContaining(["none", "may", "encrypt"]));
    expect(facts?.enum?.multiple).toBe(false);
    expect(parameterFacts("receive_override_options")?.enum).toMatchObject({
      multiple: true,
      values: expect.arrayContaining(["no_address_mappings", "no_milters"]),
    });
  });

  it("knows deprecated, removed and read-only names and what replaces them", () => {
    expect(parameterFacts("smtpd_use_tls")).toMatchObject({
      deprecatedSince: "3.9",
      replacement: "smtpd_tls_security_level",
      removed: undefined,
    });
    expect(parameterFacts("virtual_maps")).toMatchObject({
      replacement: "virtual_alias_maps",
      removed: { goneIn: "2.0", readThrough: ["virtual_alias_maps"] },
    });
    expect(parameterFacts("process_name")?.readOnly).toBe(true);
  });

  it("splits a name made of service and suffix, longest suffix first", () => {
    expect(parameterFacts("smtp-amavis_destination_recipient_limit")).toMatchObject({
      default: "$default_destination_recipient_limit",
      class: "int",
      perService: { service: "smtp-amavis", suffix: "_destination_recipient_limit" },
      readBy: ["qmgr", "oqmgr"],
    });
    expect(transportPattern("relay_extra_recipient_limit")?.service).toBe("relay");
    expect(transportPattern("_time_limit")).toBeUndefined();
  });

  it("does not know misspelt names or other letter case", () => {
    expect(parameterFacts("contentfilter")).toBeUndefined();
    expect(parameterFacts("Content_Filter")).toBeUndefined();
    expect(parameterFacts("constructor")).toBeUndefined();
  });
});

describe("isKnownParameter", () => {
  it("asks for the service of a service parameter when services are known", () => {
    const name = "smtp-amavis_destination_concurrency_limit";
    expect(isKnownParameter(name)).toBe(true);
    expect(isKnownParameter(name, { transports: ["smtp", "smtp-amavis"] })).toBe(true);
    expect(isKnownParameter(name, { transports: ["smtp", "smtp_amavis"] })).toBe(false);
    expect(isKnownParameter("local_destination_concurrency_limit", { transports: [] })).toBe(true);
  });

  it("counts by version, backports included", () => {
    expect(isKnownParameter("smtpd_relay_restrictions", { version: "2.9" })).toBe(false);
    expect(isKnownParameter("smtpd_relay_restrictions", { version: "2.10" })).toBe(true);
    expect(isKnownParameter("smtpd_forbid_bare_newline", { version: "3.7.8" })).toBe(false);
    expect(isKnownParameter("smtpd_forbid_bare_newline", { version: "3.7.9" })).toBe(true);
    expect(isKnownParameter("smtpd_forbid_bare_newline", { version: "3.7" })).toBe(true);
    expect(isKnownParameter("transport_destination_rate_delay", { version: "2.4" })).toBe(false);
  });

  it("takes an old name as known as long as something reads it", () => {
    expect(isKnownParameter("fallback_relay", { version: "3.7" })).toBe(true);
    expect(isKnownParameter("enable_errors_to")).toBe(false);
    expect(isKnownParameter("enable_errors_to", { version: "2.1" })).toBe(true);
  });
});

describe("defaultValue", () => {
  it("follows the history of a default", () => {
    expect(defaultValue("smtpd_relay_restrictions", "2.10")).toBe(
      "permit_mynetworks, reject_unauth_destination",
    );
    expect(defaultValue("smtpd_relay_restrictions", "3.2.0")).toBe(
      "permit_mynetworks, permit_sasl_authenticated, defer_unauth_destination",
    );
    expect(defaultValue("smtpd_relay_restrictions", "3.7.11")).toContain("<level {1}");
    expect(defaultValue("default_process_limit", "1.1.0")).toBe("50");
  });

  it("has Debian's values for 3.7 and the published ones for others", () => {
    expect(defaultValue("daemon_directory", "3.7")).toBe("/usr/lib/postfix/sbin");
    expect(defaultValue("daemon_directory", "3.11")).toBe("/usr/libexec/postfix");
    expect(defaultValue("alias_maps")).toBe("hash:/etc/aliases, nis:mail.aliases");
    expect(defaultValue("in_flow_delay", "3.7.11")).toBe("1s");
    expect(defaultValue("smtp_tls_security_level", "3.7")).toBe("");
  });

  it("gives nothing where the host decides or nobody knows the name", () => {
    expect(defaultValue("myhostname")).toBeUndefined();
    expect(defaultValue("mynetworks")).toBeUndefined();
    expect(defaultValue("no_such_parameter")).toBeUndefined();
    expect(defaultValue("fallback_relay")).toBeUndefined();
  });
});

describe("the table as a whole", () => {
  const facts = parameterNames("9.9").map((name) => parameterFacts(name));

  it("is complete and in order", () => {
    expect(facts.length).toBe(909);
    expect(parameterNames("3.7.11").length).toBeGreaterThan(820);
    expect(parameterNames("3.7.11").length).toBeLessThan(840);
    expect(servicePatterns().length).toBe(17);
  });

  it("names only parameters that exist as replacement or default of a service pattern", () => {
    for (const fact of facts)
      if (fact?.replacement !== undefined) expect(parameterFacts(fact.replacement)).toBeDefined();
    for (const pattern of servicePatterns())
      expect(parameterFacts(pattern.defaultParameter)?.perService, pattern.suffix).toBeUndefined();
  });

  it("has numbers as defaults of numbers, within their bounds", () => {
    for (const fact of facts) {
      if (fact?.table !== "INT" || fact.default === undefined || !/^\d+$/.test(fact.default)) continue;
      expect(Number(fact.default), fact.name).toBeGreaterThanOrEqual(fact.min ?? Number.NEGATIVE_INFINITY);
      expect(Number(fact.default), fact.name).toBeLessThanOrEqual(fact.max ?? Number.POSITIVE_INFINITY);
    }
  });
});
