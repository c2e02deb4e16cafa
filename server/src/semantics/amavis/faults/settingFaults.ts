/** What is wrong with the settings as they are in the end, when all files are read (AMAVISD section 7). */
import type { AmavisListener, AmavisProblem, Unknown } from "../configuration.js";
import type { Machine } from "../machine.js";
import type { UsedFile } from "../names.js";
import { bankFaults } from "./bankFaults.js";
import { bannedFaults } from "./bannedFaults.js";
import { listenerFaults } from "./listenerFaults.js";
import { lookupFaults } from "./lookupFaults.js";
import { lossFaults } from "./lossFaults.js";
import { methodFaults } from "./methodFaults.js";
import { networkFaults } from "./networkFaults.js";
import { overridden } from "./overridden.js";
import { signingFaults } from "./signingFaults.js";
import { unreadFaults } from "./unreadFaults.js";
import { valueFaults } from "./valueFaults.js";

/** The evaluated configuration, for those who judge it. */
export interface Evaluated {
  readonly machine: Machine;
  readonly used: readonly UsedFile[];
  readonly listeners: readonly AmavisListener[];
  /** Why there may be more listeners than those. */
  readonly open: Unknown | undefined;
}

export function settingFaults(evaluated: Evaluated): AmavisProblem[] {
  // One setting may hold for several sockets: what is wrong with it is said once.
  const said = new Set<string>();
  return [
    ...listenerFaults(evaluated),
    ...bankFaults(evaluated),
    ...methodFaults(evaluated),
    ...valueFaults(evaluated),
    ...networkFaults(evaluated.machine),
    ...unreadFaults(evaluated),
    ...lookupFaults(evaluated),
    ...bannedFaults(evaluated),
    ...lossFaults(evaluated),
    ...signingFaults(evaluated),
    ...overridden(evaluated),
  ].filter(({ kind, file, range }) => {
    const key = `${kind} ${file} ${range.start}`;
    return !said.has(key) && said.add(key);
  });
}

/** The place for what is nowhere: the first statement's line of the last file. */
export function firstLine(used: readonly UsedFile[]): Pick<AmavisProblem, "file" | "range"> | undefined {
  const source = used.at(-1)?.source;
  if (source === undefined) return undefined;
  const { statements, text } = source.tree;
  const start = statements.find((statement) => statement.kind !== "empty")?.start ?? 0;
  const length = text.slice(start).search(/[\r\n]/);
  return { file: source.path, range: { start, end: length < 0 ? text.length : start + length } };
}
