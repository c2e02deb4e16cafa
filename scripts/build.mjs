// Bundles the three programs: the extension, the language server, the command line.
import { chmodSync } from "node:fs";
import { build } from "esbuild";
import { lazyKnowledge, writeKnowledge } from "./lazy-knowledge.mjs";
import { withoutPages } from "./without-pages.mjs";

/** Parts that are loaded when they are needed: a bundle of their own beside the one that asks for them. */
const separate = {
  name: "separate-bundles",
  setup({ onResolve }) {
    onResolve({ filter: /\/lsp\/node\.js$/ }, () => ({ path: "./server.js", external: true }));
    onResolve({ filter: /^\.\/session\.js$/ }, () => ({ path: "./session.js", external: true }));
    onResolve({ filter: /^\.\/commandLine\.js$/ }, () => ({ path: "./commands.js", external: true }));
  },
};

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
  plugins: [separate, lazyKnowledge, withoutPages],
  // Written as require(), which starts sooner than the loader of modules.
  supported: { "dynamic-import": false },
};

await Promise.all([
  build({ ...common, entryPoints: { extension: "client/src/extension.node.ts" }, external: ["vscode"] }),
  // The connection alone, so that an editor's first question is answered soon; then everything else.
  build({
    ...common,
    entryPoints: { server: "server/src/lsp/node.ts", session: "server/src/lsp/session.ts" },
  }),
  // `mailflow check` does not load the language server, and `mailflow lsp` loads no argument parser.
  build({
    ...common,
    entryPoints: { mailflow: "server/src/cli/main.ts" },
    banner: { js: "#!/usr/bin/env node" },
  }),
  build({ ...common, entryPoints: { commands: "server/src/cli/commandLine.ts" } }),
  writeKnowledge("dist"),
]);
chmodSync("dist/mailflow.js", 0o755);
