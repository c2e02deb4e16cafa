import type { MailSystem } from "./system.js";

/** Services without which no message gets through Postfix; a file that lacks most of them is a piece of a master.cf. */
const BACKBONE = [
  "pickup",
  "cleanup",
  "qmgr",
  "rewrite",
  "bounce",
  "defer",
  "trace",
  "error",
  "showq",
  "flush",
];
const ENOUGH = 5;

/**
 * Whether master.cf is known in full and looks like a whole one, so that what is not in it is missing. People also
 * keep only the entries that they added, which another program appends.
 */
export function looksWhole(system: MailSystem): boolean {
  if (system.masterOpen !== undefined) return false;
  const names = new Set(system.services.map(({ name }) => name));
  return BACKBONE.filter((name) => names.has(name)).length >= ENOUGH;
}
