// Bundles the three programs: the extension, the language server, the command line.
import { chmodSync } from "node:fs";
import { build } from "esbuild";

const production = !process.argv.includes("--dev");
const common = {
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  minify: production,
  keepNames: false,
  sourcemap: production ? false : "inline",
  legalComments: "none",
  logLevel: "warning",
  outdir: "dist",
};

await Promise.all([
  build({ ...common, entryPoints: { extension: "client/src/extension.node.ts" }, external: ["vscode"] }),
  build({ ...common, entryPoints: { server: "server/src/lsp/node.ts" } }),
  build({
    ...common,
    entryPoints: { mailflow: "server/src/cli/main.ts" },
    // The language server is a bundle of its own, so that `mailflow check` does not load it.
    external: ["./server.js"],
    banner: { js: "#!/usr/bin/env node" },
  }),
]);
chmodSync("dist/mailflow.js", 0o755);
