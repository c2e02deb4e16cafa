/**
 * What a daemon asks of its entry when it starts (skeletons of single, multi, event, trigger and dgram servers).
 * master(8) starts all the same and the socket is open; the daemon dies at the first request, is started again
 * after a minute, dies again (measured with 3.7.11).
 */
import { type ProgramFacts, programFacts } from "../../knowledge/services.js";
import { columnFaults } from "./columns.js";
import type { Service } from "./services.js";

/** Facts about the program of an entry whose columns are in order and count; undefined otherwise. */
export function startedProgram(service: Service): ProgramFacts | undefined {
  if (service.overriddenBy || service.uncertain || columnFaults(service.entry).length > 0) return undefined;
  return programFacts(service.program);
}

/** The process limit that master(8) works with; undefined when it is not known. 0 = no limit. */
export function processLimit(service: Service): number | undefined {
  const text = service.entry.columns.maxproc?.text ?? "";
  if (/^\d+$/.test(text)) return Number(text);
  if (text !== "-") return undefined;
  // master(8) reads it from main.cf; an -o of the service does not count.
  const value = service.environment.value("default_process_limit");
  if (value.unknown !== undefined || value.definition?.source === "option") return undefined;
  return /^\d+$/.test(value.text) ? Number(value.text) : undefined;
}

/** Whether the daemon keeps the rights of root: only "n" in the unprivileged column gives them. */
export function runsAsRoot(service: Service): boolean | undefined {
  const text = service.entry.columns.unprivileged?.text ?? "";
  if (!/^[yn-]$/.test(text)) return undefined;
  return text === "n";
}

export interface Chroot {
  readonly jailed: boolean;
  /** True when "-" leaves it to compatibility_level. */
  readonly byDefault: boolean;
}

/** Whether the daemon runs in the chroot jail: "-" means y as long as compatibility_level is below 1 (o5, o6). */
export function chroot(service: Service): Chroot | undefined {
  const text = service.entry.columns.chroot?.text ?? "";
  if (text === "y" || text === "n") return { jailed: text === "y", byDefault: false };
  if (text !== "-") return undefined;
  const level = service.environment.value("compatibility_level");
  if (level.unknown !== undefined) return undefined;
  const major = /^\d+/.exec(level.text)?.[0];
  return major === undefined ? undefined : { jailed: Number(major) < 1, byDefault: true };
}
