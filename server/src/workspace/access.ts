/** Which files of the running amavisd it refuses for their owner or mode. */
import { posix } from "node:path";
import type { AccessFault, SourceFile } from "../system/source.js";
import { homeOf } from "./amavisSets.js";
import { type FileSystem, isFault } from "./fileSystem.js";
import { isLive } from "./includes.js";

/** How a user namespace shows the owners that it does not know, root of the host among them. */
const NOBODY = 65534;
const WRITABLE_BY_ALL = 0o002;

/**
 * Looks at the files of a configuration that lies where amavisd reads it; copies elsewhere have other owners. amavisd
 * makes this check (`read_config_file` in Amavis/Conf.pm) as its own user, also when root starts it.
 */
export function accessFaults(
  files: FileSystem,
  amavis: readonly SourceFile[],
  included: Iterable<SourceFile>,
): ReadonlyMap<string, AccessFault> {
  const faults = new Map<string, AccessFault>();
  // Of Debian's two folders the one in /etc comes last.
  if (!isLive(homeOf(posix.dirname(amavis.at(-1)?.path ?? "")))) return faults;
  for (const { path } of [...amavis, ...included]) {
    const found = files.stat(path);
    if (isFault(found) || !found.access || found.access.owner === NOBODY) continue;
    if (found.access.owner !== 0) faults.set(path, "not-root");
    else if ((found.access.mode & WRITABLE_BY_ALL) !== 0) faults.set(path, "writable-by-all");
  }
  return faults;
}
