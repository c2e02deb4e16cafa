/** Runs the real postconf(1) over many configurations, in one network namespace with nothing but loopback. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Both files, one character for each byte. */
export interface Configuration {
  readonly name: string;
  readonly main: string;
  readonly master: string;
}

export const CALLS = ["-n", "-xn", "-M", "-Mx", "-F", "-P", "-Px", "-d", "-x"] as const;
export type Call = (typeof CALLS)[number];

export interface Answer {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

export type Answers = ReadonlyMap<Call, Answer>;

/** What the folder is called instead of its temporary name: the default of config_directory. */
const FOLDER = "/etc/postfix";

const SCRIPT = `set -e
ip link set lo up
cd "$1"
while read -r folder calls; do
  for call in $calls; do
    status=0
    { postconf -c "$1/$folder" "$call" >"$folder/out$call" </dev/null || status=$?; } 2>"$folder/err$call"
    echo "$status" >"$folder/status$call"
    # What ends the first call ends all of them.
    if [ "$call" = -n ] && [ "$status" != 0 ]; then break; fi
  done
done <"$1/list"
`;

/** What postconf prints for each configuration; every one with the calls that `calls` names for it. */
export function askPostconf(
  configurations: readonly Configuration[],
  calls: (index: number) => readonly Call[],
): Answers[] {
  const root = mkdtempSync(join(tmpdir(), "mailflow-postconf-"));
  try {
    const old = new Date(Date.now() - 3_600_000);
    configurations.forEach(({ main, master }, index) => {
      mkdirSync(join(root, String(index)));
      writeFileSync(join(root, String(index), "main.cf"), main, "latin1");
      writeFileSync(join(root, String(index), "master.cf"), master, "latin1");
    });
    const list = configurations.map((_, index) => `${index} ${calls(index).join(" ")}\n`).join("");
    writeFileSync(join(root, "list"), list);
    // postconf reads a file again that is younger than a second.
    const touched = spawnSync("find", [
      root,
      "-name",
      "*.cf",
      "-exec",
      "touch",
      "-d",
      old.toISOString(),
      "{}",
      "+",
    ]);
    if (touched.status !== 0) throw new Error(`touch: ${touched.stderr}`);
    const run = spawnSync("unshare", ["-n", "sh", "-c", SCRIPT, "sh", root], { encoding: "utf8" });
    if (run.status !== 0) throw new Error(`postconf could not be run: ${run.stderr || run.error?.message}`);
    return configurations.map((_, index) => {
      const read = (what: string, call: Call) =>
        readFileSync(join(root, String(index), what + call), "latin1").replaceAll(`${root}/${index}`, FOLDER);
      return new Map(
        calls(index)
          .filter((call) => existsSync(join(root, String(index), `status${call}`)))
          .map((call) => [
            call,
            { stdout: read("out", call), stderr: read("err", call), status: Number(read("status", call)) },
          ]),
      );
    });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
