import { expect, it, vi } from "vitest";

it("importing the knowledge parses nothing; the first question parses one table once", async () => {
  const parse = vi.spyOn(JSON, "parse");
  const { parameterFacts } = await import("../../server/src/knowledge/parameters.js");
  await import("../../server/src/knowledge/services.js");
  await import("../../server/src/knowledge/restrictions.js");
  await import("../../server/src/knowledge/mapTypes.js");
  await import("../../server/src/knowledge/ports.js");
  await import("../../server/src/knowledge/texts.js");
  const longest = () => Math.max(0, ...parse.mock.calls.map(([text]) => text.length));
  const tables = () => parse.mock.calls.filter(([text]) => text.length > 1000).length;
  // The test runner itself may parse small messages meanwhile.
  expect(longest()).toBeLessThan(1000);
  expect(parameterFacts("content_filter")).toBeDefined();
  expect(tables()).toBe(1);
  expect(parameterFacts("mynetworks")).toBeDefined();
  expect(tables()).toBe(1);
});
