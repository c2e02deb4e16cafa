/** The folder with observed scenarios and published configurations, which lies beside the repository. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

/** Path of the shared folder; undefined where it is not there (a checkout alone). */
export const sharedFolder: string | undefined = [
  resolve(process.env.MAILFLOW_SHARED ?? join(root, "../shared")),
].find((path) => existsSync(join(path, "oracle")));

/** The files of one scenario as they lie when its verdict is about them, by name. */
export function scenarioFiles(folder: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const directory of [folder, join(folder, "reload")]) {
    if (!existsSync(directory)) continue;
    for (const name of readdirSync(directory)) {
      const path = join(directory, name);
      if (name === "scenario.json" || !statSync(path).isFile()) continue;
      files.set(name, readFileSync(path, "utf8").replaceAll("@ROOT@", "/srv").replaceAll("@DIR@", "/mail"));
    }
  }
  return files;
}

/** Names and files of all scenarios; empty where the shared folder is not there. */
export function allScenarios(): (readonly [string, Map<string, string>])[] {
  if (!sharedFolder) return [];
  const folder = join(sharedFolder, "oracle/scenarios");
  return readdirSync(folder).map((id) => [id, scenarioFiles(join(folder, id))] as const);
}

/** Names and files of the examples of this repository. */
export function allExamples(): (readonly [string, Map<string, string>])[] {
  const folder = join(root, "examples");
  return readdirSync(folder)
    .filter((name) => statSync(join(folder, name)).isDirectory())
    .map((name) => [name, scenarioFiles(join(folder, name))] as const);
}

/** All amavisd files of the published configurations and of the oracle. */
export function sharedAmavisFiles(): string[] {
  if (!sharedFolder) return [];
  const top = sharedFolder;
  return ["corpus", "oracle"].flatMap((part) =>
    readdirSync(join(top, part), { recursive: true })
      .map((name) => join(top, part, String(name)))
      .filter((path) => /\/amavis(?:d-cases)?\/|\/amavisd\.conf$/.test(path) && statSync(path).isFile()),
  );
}
