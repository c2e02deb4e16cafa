/**
 * A real VS Code for the tests: VS Code's own server (from the npm package code-server) and a headless
 * Chromium with its workbench. Everything stays on the loopback address and in a throw-away folder.
 */
import { spawn, spawnSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { install } from "../../scripts/install-hosts.mjs";

/** The editors that the tests run in, oldest first; `node` names the set with the Node that it needs. */
export const editors = {
  "vscode-100": { version: "1.100", node: undefined },
  "vscode-139": { version: "1.139", node: "node-24" },
};

/** User settings that keep everything away which is not the extension under test. */
const quietSettings = {
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.colorTheme": "Default Dark Modern",
  "workbench.enableExperiments": false,
  "security.workspace.trust.enabled": false,
  "telemetry.telemetryLevel": "off",
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "update.mode": "none",
  "update.showReleaseNotes": false,
  "chat.disableAIFeatures": true,
  "chat.commandCenter.enabled": false,
  "git.enabled": false,
  "files.autoSave": "off",
};

/** No graphics card, no service of its own, no address but loopback. */
const chromiumFlags = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
];

const listenLimit = 30_000;

/** Process groups that are running, and their folders: gone also when this process is told to end or fails half-way. */
const groups = new Set();
const homes = new Set();
process.once("exit", () => {
  for (const leader of groups) signalGroup(leader, "SIGKILL");
  for (const home of homes) remove(home);
});
for (const [signal, status] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
]) {
  process.once(signal, () => process.exit(status));
}

/**
 * Starts VS Code and a page for its workbench. The page is empty until the caller goes to `url(...)`.
 *
 * @param {object} options
 * @param {keyof typeof editors} options.editor which VS Code
 * @param {string[]} [options.vsix] packaged extensions to install first
 * @param {Record<string, string>} [options.env] added to the environment of the extension host
 * @param {Record<string, unknown>} [options.settings] added to the user's settings
 * @param {{width: number, height: number}} [options.viewport] size of the window in pixels
 * @returns the page, and `stop`, which must be called in any case and ends every process started here
 */
export async function startEditor({
  editor,
  vsix = [],
  env = {},
  settings = {},
  viewport = { width: 1280, height: 800 },
}) {
  const chromium = chromiumPath();
  const { chromium: browserType } = toolsRequire()("playwright-core");
  const home = mkdtempSync(join(tmpdir(), "mailflow-editor-"));
  homes.add(home);
  const stops = [() => remove(home)];
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end();
  };
  try {
    const program = serverProgram(editor, home, env, settings);
    for (const file of vsix) installExtension(program, file);
    const server = await startServer(program, home);
    stops.push(server.stop);
    const browser = await browserType.launch({
      executablePath: chromium,
      args: chromiumFlags,
      env: { ...process.env, ...homeVariables(home) },
    });
    stops.push(() => browser.close());
    const page = await (await browser.newContext({ viewport })).newPage();
    const authority = `127.0.0.1:${server.port}`;
    const remote = (path) => `vscode-remote://${authority}${path}`;
    const url = (folder, payload = []) => {
      const all = JSON.stringify([...payload, ["skipWelcome", "true"], ["skipReleaseNotes", "true"]]);
      return `http://${authority}/?folder=${encodeURIComponent(folder)}&payload=${encodeURIComponent(all)}`;
    };
    return { page, url, remote, stop, log: server.log };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** `require` of the tools that test/editor/package.json names; they are installed outside the repository. */
export function toolsRequire() {
  return createRequire(join(install("editor-tools"), "package.json"));
}

function remove(home) {
  rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  homes.delete(home);
}

function chromiumPath() {
  const path = process.env.CHROMIUM || "/usr/bin/chromium";
  if (!existsSync(path))
    throw new Error(`Chromium is not at ${path}; install Debian's chromium or set CHROMIUM`);
  return path;
}

function homeVariables(home) {
  return {
    HOME: home,
    XDG_CONFIG_HOME: join(home, "config"),
    XDG_DATA_HOME: join(home, "data"),
    XDG_CACHE_HOME: join(home, "cache"),
  };
}

function serverProgram(editor, home, env, settings) {
  const { node } = editors[editor] ?? {};
  const folder = join(install(editor), "node_modules/code-server/lib/vscode");
  const userData = join(home, "user");
  mkdirSync(join(userData, "User"), { recursive: true });
  writeFileSync(join(userData, "User", "settings.json"), JSON.stringify({ ...quietSettings, ...settings }));
  return {
    node: node ? join(install(node), `node_modules/node-linux-${process.arch}/bin/node`) : process.execPath,
    arguments: [
      join(folder, "out/server-main.js"),
      "--accept-server-license-terms",
      ...["--server-data-dir", join(home, "server"), "--user-data-dir", userData],
      ...["--extensions-dir", join(home, "extensions")],
    ],
    env: editorEnvironment({ ...env, ...homeVariables(home) }),
  };
}

/** Our own environment without what another VS Code, in whose terminal the tests may run, has put there. */
function editorEnvironment(added) {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(VSCODE_|ELECTRON_)/.test(name) && !["PORT", "PASSWORD"].includes(name),
  );
  return { ...Object.fromEntries(inherited), ...added };
}

function installExtension(program, file) {
  const { status, error, stdout, stderr } = spawnSync(
    program.node,
    [...program.arguments, "--install-extension", file],
    {
      env: program.env,
      encoding: "utf8",
      timeout: 60_000,
    },
  );
  if (status !== 0) throw new Error(`${file} could not be installed: ${error?.message ?? stdout + stderr}`);
}

async function startServer(program, home) {
  const port = await freePort();
  const logFile = join(home, "server.log");
  const output = openSync(logFile, "w");
  const server = spawn(
    program.node,
    [
      ...program.arguments,
      ...["--host", "127.0.0.1", "--port", String(port)],
      ...["--without-connection-token", "--telemetry-level", "off"],
      // Without it, newer versions ignore the tests that the page's address names.
      "--enable-smoke-test-driver",
    ],
    // A process group of its own: the extension host and the file watcher must not outlive the server.
    { env: program.env, stdio: ["ignore", output, output], detached: true },
  );
  closeSync(output);
  if (server.pid !== undefined) groups.add(server.pid);
  const ended = new Promise((resolve) => server.once("exit", resolve).once("error", resolve));
  const log = () => readFileSync(logFile, "utf8");
  const stop = () => endGroup(server, ended);
  const deadline = Date.now() + listenLimit;
  while (!(await answers(port))) {
    const gone = server.exitCode !== null || server.signalCode !== null || server.pid === undefined;
    if (gone || Date.now() > deadline) {
      await stop();
      throw new Error(`VS Code's server ${gone ? "ended" : "does not listen"}:\n${log().slice(-2000)}`);
    }
    await sleep(50);
  }
  return { port, stop, log };
}

/** Ends a detached process and all that it started: politely, and after five seconds not. */
async function endGroup(leader, ended) {
  if (leader.pid === undefined) return;
  signalGroup(leader.pid, "SIGTERM");
  await Promise.race([ended, sleep(5000)]);
  signalGroup(leader.pid, "SIGKILL");
  groups.delete(leader.pid);
}

function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

function answers(port) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve(true) || socket.destroy());
    socket.once("error", () => resolve(false));
  });
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(address.port));
    });
  });
}

export function sleep(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
