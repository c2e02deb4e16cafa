import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // These need Debian packages, root, another Node or a display; they have scripts of their own.
    exclude: ["**/node_modules/**", "test/editor/**", "test/hosts/**"],
    testTimeout: 20_000,
  },
});
