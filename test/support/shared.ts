/** The folder of facts, corpus and oracle that is not part of the repository. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

export const sharedFolder = resolve(root, process.env.MAILFLOW_SHARED ?? "../shared");
export const hasShared = existsSync(join(sharedFolder, "oracle"));

/** All amavisd files of the corpus and of the oracle. */
export function sharedAmavisFiles(): string[] {
  if (!hasShared) return [];
  return ["corpus", "oracle"].flatMap((part) =>
    readdirSync(join(sharedFolder, part), { recursive: true })
      .map((name) => join(sharedFolder, part, String(name)))
      .filter((path) => /\/amavis(?:d-cases)?\/|\/amavisd\.conf$/.test(path) && statSync(path).isFile()),
  );
}
