/** Namespaces of their own for one mail system: what is started in them dies with them. */
import { spawn } from "node:child_process";
import { join } from "node:path";

/** A scenario that takes longer is ended; the slowest measured takes 20 s on an idle machine. */
const HARD_LIMIT = Number(process.env.MAILFLOW_LIVE_LIMIT ?? 240_000);

/**
 * Runs the system laid out in `root`; what was observed lies in root/observed.json afterwards.
 * bash is process 1 of the namespace: daemons that fork away become its children, and when it ends, the kernel
 * ends whatever is left.
 */
export function runInNamespace(root) {
  const script = 'ip link set lo up && "$0" "$1" "$2" & wait $!';
  return new Promise((resolve) => {
    const child = spawn(
      "unshare",
      [
        "-n",
        "-m",
        "-p",
        "-f",
        "--kill-child",
        "--mount-proc",
        "--propagation",
        "private",
        "bash",
        "-c",
      ].concat([script, process.execPath, join(import.meta.dirname, "inside.mjs"), root]),
      { stdio: ["ignore", "inherit", "inherit"] },
    );
    const timer = setTimeout(() => child.kill("SIGKILL"), HARD_LIMIT);
    child.on("exit", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
