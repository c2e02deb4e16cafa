/** The command `mailflow`. Exit status 0: fine; 1: findings; 2: wrong usage or unreadable input. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

// A pager or `head` that has read enough is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(process.exitCode ?? 0);
  throw error;
});

// The language server is its own bundle and needs no argument parser: an editor waits for it.
if (process.argv[2] === "lsp") startLanguageServer();
else void run();

function startLanguageServer(): void {
  const modes = ["--stdio", "--node-ipc"];
  if (!process.argv.some((argument) => modes.includes(argument) || argument.startsWith("--socket="))) {
    process.argv.push("--stdio");
  }
  void import("../lsp/node.js");
}

async function run(): Promise<void> {
  const { commandLine } = await import("./commandLine.js");
  const folder = join(__dirname, "..");
  const manifest: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const version =
    typeof manifest === "object" && manifest && "version" in manifest ? String(manifest.version) : "";
  process.exitCode = commandLine(process.argv.slice(2), {
    version,
    rulePages: join(folder, "docs", "rules"),
  });
}
