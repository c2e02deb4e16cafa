import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { onTestFinished } from "vitest";

export const PROGRAM = resolve(import.meta.dirname, "../../dist/mailflow.js");

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command line; colours and paths do not depend on where the tests run. */
export function mailflow(
  args: readonly string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
): Outcome {
  const env: NodeJS.ProcessEnv = { ...process.env, ...options.env };
  if (options.env?.FORCE_COLOR === undefined) delete env.FORCE_COLOR;
  if (options.env?.NO_COLOR === undefined) delete env.NO_COLOR;
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...args], {
    cwd: options.cwd ?? tmpdir(),
    env,
    encoding: "utf8",
    timeout: 15_000,
  });
  return { status, stdout, stderr };
}

/** A folder with the given files, gone after the test. Names that end with `/` become folders. */
export function folderWith(files: Record<string, string | Uint8Array>): string {
  const folder = mkdtempSync(join(tmpdir(), "mailflow-cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(name.endsWith("/") ? path : dirname(path), { recursive: true });
    if (!name.endsWith("/")) writeFileSync(path, content);
  }
  return folder;
}

/** A main.cf without anything to report. */
export const MAIN = "compatibility_level = 3.6\nmyhostname = mx.example.org\nmydestination = $myhostname\n";

const DAEMONS = `pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
local unix - n n - - local
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
proxymap unix - - n - - proxymap
flush unix n - n 1000? 0 flush
showq unix n - n - - showq
`;

/** A master.cf with the usual daemons behind the given lines. */
export function master(...lines: string[]): string {
  return `${lines.join("\n")}\n${DAEMONS}`;
}

export const GOOD_SMTP = "smtp inet n - n - - smtpd";
/** One error (inet-private) whose fix is a preferred one. */
export const PRIVATE_SMTP = "smtp inet - - n - - smtpd";
