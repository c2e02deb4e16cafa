import { defineConfig } from "vitest/config";

/** Published configurations, which lie beside the repository: `npm run test:corpus`. */
export default defineConfig({
  test: { include: ["test/corpus/**/*.suite.ts"], testTimeout: 120_000 },
});
