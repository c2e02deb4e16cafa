import { defineConfig } from "vitest/config";

/** The real postconf reads the same files: `npm run test:postconf`. Needs Postfix 3.7.11 and root. */
export default defineConfig({
  test: { include: ["test/postconf/**/*.suite.ts"], testTimeout: 1_800_000 },
});
